"""Changing sets and icons, for those with the permission; the views of reading are extended by these methods."""

from typing import Any

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from api.base import ApiView
from api.described import PREFIX, problems
from api.problems import FieldErrors
from api.serializers.changes import (
    IconChangesSerializer,
    NewIconSerializer,
    NewSetSerializer,
    SetChangesSerializer,
)
from api.serializers.icons import IconDetailSerializer, IconSetDetailSerializer
from api.views.reading import ICON, IconDetail, IconList, IconSetDetail, IconSetList, set_or_404
from api.writing import IDEMPOTENCY_KEY, IF_MATCH, check_unchanged, with_etag, writes
from icons.models import Icon, IconSet

SETS = {"POST": "icons.add_iconset", "PATCH": "icons.change_iconset", "DELETE": "icons.delete_iconset"}
ICONS = {"POST": "icons.add_icon", "PATCH": "icons.change_icon", "DELETE": "icons.delete_icon"}
SQUARE = '<svg viewBox="0 0 24 24"><path d="M4 4h16v16H4z"/></svg>'  # of an example
WRITES = ("POST", "PATCH", "DELETE")


class Changing(ApiView):
    """A view that reads in one method and changes in others."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Ask for the scope of the method, before anything is done."""
        if request.method in WRITES:
            self.scope, self.changes = "write", True
        super().initial(request, *args, **kwargs)


def valid(serializer: BaseSerializer) -> dict[str, Any]:
    """The validated data. Raises ValidationError of Django REST framework."""
    serializer.is_valid(raise_exception=True)
    data: dict[str, Any] = serializer.validated_data
    return data


def taken(field: str, sentence: str) -> FieldErrors:
    """The error of a name that something else has."""
    return FieldErrors({field: [sentence]}, 409)


class Sets(Changing, IconSetList):
    """All icon sets, by prefix; a new one."""

    permissions = SETS

    @extend_schema(
        operation_id="sets_create",
        parameters=[IDEMPOTENCY_KEY],
        request=NewSetSerializer,
        responses={201: IconSetDetailSerializer, **problems(400, 409, 415, 422)},
    )
    @writes
    def post(self, request: Request) -> Response:
        """Make a set, which has no icons yet."""
        data = valid(NewSetSerializer(data=request.data))
        try:
            with transaction.atomic():
                icon_set = IconSet.objects.create(**data)
        except IntegrityError:
            raise taken("prefix", _("There is an icon set “%s” already.") % data["prefix"]) from None
        answer = IconSetDetailSerializer(icon_set).data
        return with_etag(answer, 201, request.build_absolute_uri(f"{icon_set.prefix}/"))


class Set(Changing, IconSetDetail):
    """One icon set, to read, change and delete."""

    permissions = SETS

    @extend_schema(
        operation_id="sets_update",
        parameters=[PREFIX, IF_MATCH, IDEMPOTENCY_KEY],
        request=SetChangesSerializer,
        responses={200: IconSetDetailSerializer, **problems(400, 404, 412, 415, 422, 428)},
    )
    @writes
    def patch(self, request: Request, prefix: str) -> Response:
        """Change fields of a set; `hidden` hides all of its icons, or lists them again."""
        icon_set = locked_set(prefix)
        check_unchanged(request, IconSetDetailSerializer(icon_set).data)
        data = valid(SetChangesSerializer(icon_set, data=request.data, partial=True))
        hidden = data.pop("hidden", None)
        for field, value in data.items():
            setattr(icon_set, field, value)
        icon_set.save()
        if hidden is not None:
            Icon.objects.filter(set=icon_set).set_hidden(hidden)
        return with_etag(IconSetDetailSerializer(icon_set).data)

    @extend_schema(
        operation_id="sets_delete",
        parameters=[PREFIX, IF_MATCH, IDEMPOTENCY_KEY],
        request=None,
        responses={204: None, **problems(400, 404, 412, 422)},
    )
    @writes
    def delete(self, request: Request, prefix: str) -> Response:
        """Delete a set with all of its icons."""
        icon_set = locked_set(prefix)
        check_unchanged(request, IconSetDetailSerializer(icon_set).data, required=False)
        Icon.objects.filter(set=icon_set).delete_locked()
        icon_set.delete()
        return Response(status=204)


class Icons(Changing, IconList):
    """Icons that pass the filters; a new one."""

    permissions = ICONS

    @extend_schema(
        operation_id="icons_create",
        parameters=[IDEMPOTENCY_KEY],
        request=NewIconSerializer,
        examples=[
            OpenApiExample(
                "An icon of one's own",
                {"set": "mine", "name": "square", "svg": SQUARE, "tags": ["shape"], "name_zh": "方形"},
                request_only=True,
            )
        ],
        responses={201: IconDetailSerializer, **problems(400, 409, 415, 422)},
    )
    @writes
    def post(self, request: Request) -> Response:
        """Make an icon. It is listed at once, and searches by picture find it once it is indexed, in seconds."""
        data = valid(NewIconSerializer(data=request.data))
        icon = Icon(**data)
        saved(icon)
        return with_etag(
            IconDetailSerializer(icon).data, 201, request.build_absolute_uri(f"/api/v1/icons/{icon.public_id}/")
        )


class OneIcon(Changing, IconDetail):
    """One icon, to read, change and delete."""

    permissions = ICONS

    @extend_schema(
        operation_id="icons_update",
        parameters=[*ICON, IF_MATCH, IDEMPOTENCY_KEY],
        request=IconChangesSerializer,
        responses={200: IconDetailSerializer, **problems(400, 404, 409, 412, 415, 422, 428)},
    )
    @writes
    def patch(self, request: Request, prefix: str, name: str) -> Response:
        """Change fields of an icon; another `name` renames it, and the old name goes on leading to it."""
        icon = locked_icon(prefix, name)
        check_unchanged(request, IconDetailSerializer(icon).data)
        data = valid(IconChangesSerializer(icon, data=request.data, partial=True))
        earlier = icon.name
        for field, value in data.items():
            setattr(icon, field, value)
        if icon.name != earlier:
            icon.keep_name(earlier)
        saved(icon)
        return with_etag(IconDetailSerializer(icon).data)

    @extend_schema(
        operation_id="icons_delete",
        parameters=[*ICON, IF_MATCH, IDEMPOTENCY_KEY],
        request=None,
        responses={204: None, **problems(400, 404, 412, 422)},
    )
    @writes
    def delete(self, request: Request, prefix: str, name: str) -> Response:
        """Delete an icon."""
        icon = locked_icon(prefix, name)
        check_unchanged(request, IconDetailSerializer(icon).data, required=False)
        Icon.objects.filter(pk=icon.pk).delete_locked()
        return Response(status=204)


def saved(icon: Icon) -> None:
    """Save an icon. Raises FieldErrors, 409, where its set has one of this name."""
    try:
        with transaction.atomic():
            icon.save()
    except IntegrityError:
        raise taken("name", _("There is an icon %(id)s already.") % {"id": icon.public_id}) from None


def locked_set(prefix: str) -> IconSet:
    """The set of this prefix, locked until the transaction ends. Raises Http404."""
    set_or_404(prefix)
    icon_set = IconSet.objects.select_for_update().filter(prefix=prefix).first()
    return icon_set or set_or_404(prefix)  # one that was deleted meanwhile is a 404, too


def locked_icon(prefix: str, name: str) -> Icon:
    """The icon of this name or other name, locked until the transaction ends. Raises Http404."""
    icon = Icon.objects.select_for_update(of=("self",)).find(prefix, name)
    if icon is None:
        raise Http404(_("There is no icon %(id)s.") % {"id": f"{prefix}:{name}"})
    return icon
