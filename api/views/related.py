"""What is related to icons: similar ones, the same drawing elsewhere, the sets that hold most of several."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import ApiView
from api.described import number, problems, repeated
from api.pagination import limit_of
from api.problems import FieldErrors
from api.serializers.icons import RelatedIconsSerializer, SetsHoldingSerializer
from api.views.reading import ICON
from icons.icon_files import find_icon
from icons.models import Icon
from icons.names import split_id
from search.related_icons import MOST_COMPARED, related_to, sets_holding

RELATED = 24  # related icons, unless the request says how many
MAX_RELATED = 100
MAX_SETS = 100  # sets that hold most of some icons


class RelatedIcons(ApiView):
    """Icons related to an icon."""

    @extend_schema(
        operation_id="icons_related",
        parameters=[*ICON, number("limit", "Icons to return.", 1, MAX_RELATED, RELATED)],
        responses={200: RelatedIconsSerializer, **problems(400, 404)},
    )
    def get(self, request: Request, prefix: str, name: str) -> Response:
        """The same drawing in other sets, and similar icons; none while the icon is not indexed."""
        related = related_to(find_icon(prefix, name), limit_of(request, RELATED, MAX_RELATED))
        return Response(RelatedIconsSerializer(related).data)


class SetsHolding(ApiView):
    """The sets that hold most of some icons."""

    @extend_schema(
        operation_id="icons_sets",
        parameters=[
            repeated("icon", f"Ids of icons, PREFIX:NAME, up to {MOST_COMPARED}."),
            number("limit", "Sets to return.", 1, MAX_SETS, 10),
        ],
        responses={200: SetsHoldingSerializer, **problems(400)},
    )
    def get(self, request: Request) -> Response:
        """Which sets hold most of these icons, or their like, the one with the most first."""
        ids = list(dict.fromkeys(request.query_params.getlist("icon")))
        limit = limit_of(request, 10, MAX_SETS)
        if not 1 <= len(ids) <= MOST_COMPARED:
            sentence = _("Name 1 to {most} icons.").format(most=MOST_COMPARED)
            raise FieldErrors({"icon": [sentence]})
        icons = [self.icon(public_id) for public_id in ids]
        sets = [
            {"prefix": icon_set.prefix, "icons": count, "of": len(icons)}
            for icon_set, count in sets_holding(icons, limit)
        ]
        return Response({"sets": sets})

    def icon(self, public_id: str) -> Icon:
        """The icon of this id. Raises FieldErrors."""
        parts = split_id(public_id)
        icon = Icon.objects.find(*parts) if parts else None
        if icon is None:
            raise FieldErrors({"icon": [_("There is no icon %(id)s.") % {"id": public_id[:200]}]})
        return icon
