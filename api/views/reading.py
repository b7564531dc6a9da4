"""Reading sets and icons: lists, details, files and code."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import ApiView
from api.described import FORMS, LOOK, NARROWING, PREFIX, TEXT_FORMS, in_path, number, problems, text
from api.pagination import LIMIT, NumberedPages, SetIconPages, SetPages, limit_of, page_link, start_of
from api.problems import FieldErrors, Problem
from api.serializers.icons import (
    IconDetailSerializer,
    IconPageSerializer,
    IconSetDetailSerializer,
    IconSetSerializer,
    ListedIconSerializer,
)
from icons.exporting.bitmaps import BITMAP_FORMATS
from icons.exporting.credit import credit_line
from icons.exporting.look_forms import BitmapForm, LookForm
from icons.icon_files import IconFile, file_response, find_icon, site_of, undrawable
from icons.models import Icon, IconSet
from icons.query_params import MAX_TEXT
from icons.rendering import RenderError
from icons.texts import storable
from search.forms import NarrowingForm
from search.words.look_up import search_by_words

SVG = text("svg", "1: with the source of each icon.", enum=["0", "1"])
ICON = [PREFIX, in_path("name", "The name of an icon, or another name that it has.")]


def set_or_404(prefix: str) -> IconSet:
    """The set of this prefix. Raises Http404."""
    icon_set = IconSet.objects.filter(prefix=prefix).first()
    if icon_set is None:
        raise Http404(_("There is no icon set “%s”.") % prefix)
    return icon_set


def narrowed(request: Request) -> NarrowingForm:
    """The valid form of what narrows a list down. Raises FieldErrors."""
    data = request.query_params.copy()
    data.pop(LIMIT, None)  # it is that of pages
    form = NarrowingForm(data)
    if not form.is_valid():
        raise FieldErrors(form.errors)
    return form


def wants_svg(request: Request) -> bool:
    """Whether a list is to have the sources of its icons."""
    return request.query_params.get("svg", "") not in ("", "0")


def listed(request: Request, icons: QuerySet[Icon]) -> QuerySet[Icon]:
    """The icons with their sets, and without their sources where these are not asked for."""
    icons = icons.select_related("set")
    return icons if wants_svg(request) else icons.defer("svg")


class IconSetList(ApiView, ListAPIView):
    """All icon sets, by prefix."""

    queryset = IconSet.objects.all()
    serializer_class = IconSetSerializer
    pagination_class = SetPages

    @extend_schema(operation_id="sets_list", responses={200: IconSetSerializer(many=True), **problems(400)})
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """All icon sets, by prefix."""
        return super().get(request, *args, **kwargs)


class IconSetDetail(ApiView):
    """One icon set."""

    @extend_schema(
        operation_id="sets_retrieve", parameters=[PREFIX], responses={200: IconSetDetailSerializer, **problems(404)}
    )
    def get(self, request: Request, prefix: str) -> Response:
        """One set, with how many icons it has."""
        return Response(IconSetDetailSerializer(set_or_404(prefix)).data)


class SetIconList(ApiView, ListAPIView):
    """The visible icons of a set, by name."""

    serializer_class = ListedIconSerializer
    pagination_class = SetIconPages
    queryset = Icon.objects.none()  # tells the schema which model it is

    def get_queryset(self) -> QuerySet[Icon]:
        icon_set = set_or_404(self.kwargs["prefix"])
        return listed(self.request, Icon.objects.visible().filter(set=icon_set))

    def get_serializer_context(self) -> dict[str, Any]:
        """What the serializer knows: whether it is to have the sources, as the schema says that it may."""
        return {**super().get_serializer_context(), "svg": not self.request or wants_svg(self.request)}

    @extend_schema(
        operation_id="sets_icons_list",
        parameters=[PREFIX, SVG],
        responses={200: ListedIconSerializer(many=True), **problems(400, 404)},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The visible icons of a set, by name."""
        return super().get(request, *args, **kwargs)


class IconList(ApiView):
    """All visible icons that pass the filters."""

    @extend_schema(
        operation_id="icons_list",
        parameters=[
            *NARROWING,
            SVG,
            text("q", "Words in English or Chinese, or an id: the best icon comes first."),
            text("cursor", "Where the page begins, as `next` of the page before has it."),
            number("limit", "Icons of a page.", 1, NumberedPages.max_page_size, NumberedPages.page_size),
        ],
        responses={200: IconPageSerializer, **problems(400)},
    )
    def get(self, request: Request) -> Response:
        """Icons in the order in which they came in; with words, those that fit best come first.

        The order without words is stable: icons that are added come last, and a page is as fast as any other.
        """
        form = narrowed(request)
        words = storable(request.query_params.get("q", ""), MAX_TEXT).strip()
        if words:
            return self.by_words(request, form, words)
        pages = NumberedPages()
        visible = replace(form.to_filter(), hidden=False).icons()
        icons = pages.paginate_queryset(listed(request, visible), request, self)
        return pages.get_paginated_response(self.data(request, icons or []))

    def data(self, request: Request, icons: Sequence[Icon]) -> Any:
        """The icons of a page, with their sources where these are asked for."""
        return ListedIconSerializer(icons, many=True, context={"svg": wants_svg(request)}).data

    def by_words(self, request: Request, form: NarrowingForm, words: str) -> Response:
        """A page of the icons that words find."""
        size, start = limit_of(request, NumberedPages.page_size, NumberedPages.max_page_size), start_of(request)
        answer = search_by_words(words, size, start, form.to_filter().resolve_for_words())
        end = start + len(answer.icons)
        if wants_svg(request):
            sources = dict(Icon.objects.filter(pk__in=[icon.pk for icon in answer.icons]).values_list("pk", "svg"))
            for icon in answer.icons:
                icon.svg = sources.get(icon.pk, "")
        return Response(
            {
                "next": page_link(request, end) if answer.icons and end < answer.total else None,
                "previous": page_link(request, max(0, start - size)) if start else None,
                "total": answer.total,
                "left_out": answer.left_out,
                "results": self.data(request, answer.icons),
            }
        )


class IconDetail(ApiView):
    """One icon."""

    @extend_schema(
        operation_id="icons_retrieve",
        parameters=[
            *ICON,
            text(
                "form", "A file or a piece of code in place of JSON; then the parameters of the look count.", enum=FORMS
            ),
            *LOOK,
        ],
        responses={
            (200, "application/json"): IconDetailSerializer,
            (200, "text/plain"): OpenApiResponse({"type": "string"}, f"With form={'|'.join(TEXT_FORMS)}."),
            (200, "image/svg+xml"): OpenApiResponse({"type": "string"}, "With form=svg."),
            **{
                (200, bitmap.content_type): OpenApiResponse({"type": "string", "format": "binary"}, f"With form={key}.")
                for key, bitmap in BITMAP_FORMATS.items()
            },
            **problems(400, 404),
        },
    )
    def get(self, request: Request, prefix: str, name: str) -> HttpResponseBase:
        """One icon with its SVG source, by its name or another one that it has; with `form`, the icon as that."""
        icon = find_icon(prefix, name)
        if form := request.query_params.get("form", ""):
            return self.in_form(request, icon, form)
        return Response(IconDetailSerializer(icon).data)

    def in_form(self, request: Request, icon: Icon, form: str) -> HttpResponseBase:
        """The icon as a file or as code, in the look of the address. Raises Problem."""
        if form not in FORMS:
            raise FieldErrors({"form": [_("The form is one of {forms}.").format(forms=", ".join(FORMS))]})
        look = (BitmapForm if form in BITMAP_FORMATS else LookForm)(request.query_params)
        if not look.is_valid():
            raise FieldErrors(look.errors)
        site = site_of(request._request) if form in TEXT_FORMS else ""
        credit = credit_line(icon) if look.cleaned_data["credit"] else ""
        try:
            response = file_response(request._request, IconFile(icon, form, look.look(), credit, site))
        except RenderError as error:
            raise Problem(422, undrawable(error), "undrawable") from None
        if not self.open_to_all:
            response["Cache-Control"] = "private, no-cache"
        return response
