"""Exports, as the API takes and gives them."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.reverse import reverse

from iconify.export_formats import FORMATS
from iconify.models import Export
from icons.query_params import MAX_TEXT

MOST_SETS = 1000
SOURCES = ("sets", "bag", "query")
NPM_VERSION = r"^[0-9]{1,9}\.[0-9]{1,9}\.[0-9]{1,9}$"


class NewExportSerializer(serializers.Serializer):
    """What is to be exported, and in which form."""

    format = serializers.ChoiceField(choices=FORMATS, default="iconify", help_text="The form of the file.")
    sets = serializers.ListField(
        child=serializers.CharField(max_length=200),
        required=False,
        min_length=1,
        max_length=MOST_SETS,
        help_text="Prefixes of sets.",
    )
    bag = serializers.CharField(required=False, max_length=22, help_text="The last part of the address of a bag.")
    query = serializers.CharField(required=False, max_length=MAX_TEXT, help_text="Words: the icons that they find.")
    package_version = serializers.RegexField(
        NPM_VERSION, required=False, help_text="Of npm packages; without it, that of the set."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if sum(name in attrs for name in SOURCES) != 1:
            raise serializers.ValidationError(_("Name either sets, or a bag, or a query."))
        return attrs


class ExportSerializer(serializers.ModelSerializer):
    """Where an export stands."""

    id = serializers.CharField(source="key")
    format = serializers.CharField(source="file_format")
    total = serializers.IntegerField(help_text="Icons in it.")
    done = serializers.IntegerField(help_text="Icons that are written.")
    finished = serializers.BooleanField()
    url = serializers.SerializerMethodField(help_text="Where to ask how it stands.")
    file = serializers.SerializerMethodField(help_text="Where the file is, once it is ready.", allow_null=True)

    class Meta:
        model = Export
        fields = ["id", "format", "name", "status", "reason", "done", "total", "size", "finished", "kept_until"]
        fields += ["url", "file"]
        read_only_fields = fields

    @property
    def _request(self) -> Request:
        request: Request = self.context["request"]
        return request

    def get_url(self, export: Export) -> str:
        """The address of the export."""
        return reverse("api-export", [export.key], request=self._request)

    def get_file(self, export: Export) -> str | None:
        """The address of the file."""
        is_ready = export.status == Export.Status.READY
        return reverse("api-export-file", [export.key], request=self._request) if is_ready else None
