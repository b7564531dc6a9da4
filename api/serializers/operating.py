"""Imports, the index and its model, as the API gives and takes them."""

import re
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from icons.importing.npm import PACKAGE
from icons.models import ImportProblem, ImportRun
from icons.names import MAX_LENGTH
from search.matching.embedding import MODELS

PROBLEMS_SHOWN = 200  # icons that an import has left out
MOST_NAMED = 2000  # icons that are indexed anew by their ids


class ProblemOfImportSerializer(serializers.ModelSerializer):
    """An icon that an import has left out, and why."""

    class Meta:
        model = ImportProblem
        fields = ["icon", "reason"]


class ImportSerializer(serializers.ModelSerializer):
    """Where an import stands."""

    id = serializers.IntegerField(source="pk")
    expected = serializers.IntegerField(allow_null=True, help_text="Icons in the source, as far as known.")
    finished = serializers.BooleanField()

    class Meta:
        model = ImportRun
        fields = [
            *("id", "source", "status", "reason", "finished", "expected", "added", "changed"),
            *("unchanged", "rejected", "pruned", "created_at", "updated_at"),
        ]


class ImportDetailSerializer(ImportSerializer):
    """The same with the icons that were left out."""

    problems = serializers.SerializerMethodField(help_text=f"The first {PROBLEMS_SHOWN} icons left out.")

    class Meta(ImportSerializer.Meta):
        fields = [*ImportSerializer.Meta.fields, "problems"]

    @extend_schema_field(ProblemOfImportSerializer(many=True))
    def get_problems(self, run: ImportRun) -> Any:
        """The icons left out."""
        return ProblemOfImportSerializer(run.problems.all()[:PROBLEMS_SHOWN], many=True).data


class PackageSerializer(serializers.Serializer):
    """An npm package to be imported."""

    package = serializers.RegexField(
        re.compile(PACKAGE.pattern.removesuffix(r"\Z")), max_length=214, help_text="Such as @iconify-json/tabler."
    )
    prefix = serializers.CharField(required=False, allow_blank=True, max_length=MAX_LENGTH)
    title = serializers.CharField(required=False, allow_blank=True, max_length=200)
    licence = serializers.CharField(required=False, allow_blank=True, max_length=200)
    licence_spdx = serializers.CharField(required=False, allow_blank=True, max_length=100)
    prune = serializers.BooleanField(required=False, help_text="Delete icons of the set that the package lacks.")

    def validate_package(self, package: str) -> str:
        """The name, all of it. Raises ValidationError."""
        if not PACKAGE.match(package):
            raise serializers.ValidationError(_("This is not the name of an npm package."))
        return package


class SetProgressSerializer(serializers.Serializer):
    """How far the indexing of a set is."""

    prefix = serializers.CharField()
    title = serializers.CharField()
    total = serializers.IntegerField()
    indexed = serializers.IntegerField()
    failed = serializers.IntegerField()
    pending = serializers.IntegerField()


class IndexSerializer(serializers.Serializer):
    """How far the indexing is, and which model answers meanwhile."""

    model = serializers.CharField(help_text="The model that icons are indexed for.")
    answering = serializers.CharField(help_text="The model that answers searches now.")
    models = serializers.ListField(child=serializers.CharField(), help_text="All models that there are.")
    total = serializers.IntegerField()
    pending = serializers.IntegerField()
    sets = SetProgressSerializer(many=True)


class ReindexSerializer(serializers.Serializer):
    """What is to be indexed anew: sets, icons, or all."""

    sets = serializers.ListField(child=serializers.CharField(), required=False)
    icons = serializers.ListField(child=serializers.CharField(), required=False, max_length=MOST_NAMED)
    all = serializers.BooleanField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not any(attrs.values()):
            raise serializers.ValidationError(_("Name sets or icons, or say “all”."))
        return attrs


class QueuedSerializer(serializers.Serializer):
    """How many icons were queued."""

    queued = serializers.IntegerField()


class ModelSerializer(serializers.Serializer):
    """The model to index icons for."""

    model = serializers.ChoiceField(choices=list(MODELS))
