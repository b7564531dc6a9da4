"""What has changed since a program last asked."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import ApiView
from api.described import number, problems, repeated, text
from api.models import Change
from api.pagination import limit_of
from api.problems import FieldErrors, Problem

LATEST = "latest"  # the place after all changes so far
USUAL, MOST = 100, 1000  # changes in an answer


class ChangeSerializer(serializers.Serializer):
    """A change of an icon or a set."""

    what = serializers.ChoiceField(choices=["icon", "set"])
    kind = serializers.ChoiceField(choices=Change.Kind.values)
    set = serializers.CharField(help_text="The prefix of the set.")
    icon = serializers.CharField(allow_null=True, help_text="The public id, null for a change of a set.")
    earlier = serializers.CharField(help_text="The id before, of what was renamed.")
    version = serializers.CharField(help_text="Changes with the drawing; `v` of its addresses.")
    at = serializers.DateTimeField()


class ChangesSerializer(serializers.Serializer):
    """Changes in their order."""

    cursor = serializers.CharField(help_text="`since` of the next request.")
    more = serializers.BooleanField(help_text="Whether there are further changes now.")
    results = ChangeSerializer(many=True)


class Changes(ApiView):
    """What has changed."""

    @extend_schema(
        operation_id="changes_list",
        parameters=[
            text("since", "`cursor` of the answer before, or `latest`; without it, all changes that are kept."),
            repeated("set", "Only changes of these sets, by prefix."),
            number("limit", "Changes to return.", 1, MOST, USUAL),
        ],
        responses={200: ChangesSerializer, **problems(400, 410)},
        examples=[
            OpenApiExample(
                "A rename",
                {
                    "cursor": "4713",
                    "more": False,
                    "results": [
                        {
                            "what": "icon",
                            "kind": "renamed",
                            "set": "lucide",
                            "icon": "lucide:house",
                            "earlier": "lucide:home",
                            "version": "3f2a91c0d4e5",
                            "at": "2026-11-26T10:00:00Z",
                        }
                    ],
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        """What was added, changed, renamed and removed since a place, in order and without gaps.

        A program reads all icons of a set once, with the cursor of `since=latest` noted before, and then asks here. An
        icon that its set has hidden counts as removed. 410 means that it must read all icons again.
        """
        limit = limit_of(request, USUAL, MOST)
        Change.objects.publish()
        last = Change.objects.last_position()
        since = self.since(request, last)
        prefixes = request.query_params.getlist("set")
        if any("\x00" in prefix for prefix in prefixes):
            raise FieldErrors({"set": [_("A prefix has no such signs.")]})
        changes = list(Change.objects.after(since, prefixes)[: limit + 1])
        shown = changes[:limit]
        more = len(changes) > limit
        cursor = shown[-1].position if more else max(last, since, *(change.position or 0 for change in shown), 0)
        return Response({"cursor": str(cursor), "more": more, "results": [change.data() for change in shown]})

    def since(self, request: Request, last: int) -> int:
        """The place after which to begin. Raises FieldErrors, or Problem where changes after it were deleted."""
        sent = request.query_params.get("since", "")
        if sent == LATEST:
            return last
        if not sent:
            return 0
        if not (sent.isascii() and sent.isdecimal()) or int(sent[:20]) >= 2**63:
            raise FieldErrors({"since": [_("This is no cursor that this site has given.")]})
        # A place after the last is one of a database that was replaced by a copy from before it.
        if int(sent) < Change.objects.pruned_to() or int(sent) > last:
            raise Problem(410, _("The changes since then are no longer kept: read all icons again."))
        return int(sent)
