"""What programs may write of sets and icons."""

from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from django.utils.translation import gettext as _
from rest_framework import serializers

from icons.models import Icon, IconSet
from icons.names import MAX_LENGTH, validate_name

MOST_TEXTS = 200  # tags or other names of an icon


class NameField(serializers.CharField):
    """A name or a prefix."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=MAX_LENGTH, validators=[validate_name], **options)


class IconChangesSerializer(serializers.ModelSerializer):
    """The fields of an icon that may be changed; each may be left out."""

    name = NameField(required=False, help_text="The old name stays as one of the other names.")
    svg = serializers.CharField(required=False, help_text="Scripts and references to other files are removed.")
    tags = serializers.ListField(child=serializers.CharField(max_length=100), max_length=MOST_TEXTS, required=False)
    aliases = serializers.ListField(child=NameField(), max_length=MOST_TEXTS, required=False)

    class Meta:
        model = Icon
        fields = ["name", "svg", "name_en", "name_zh", "tags", "category", "aliases", "hidden"]

    def validate_svg(self, svg: str) -> str:
        """The source, if it can be cleaned. Raises ValidationError."""
        icon = Icon(name="new")
        try:
            icon.redraw(svg)
        except DjangoValidationError as error:
            raise serializers.ValidationError(error.messages) from None
        return icon.svg


class NewIconSerializer(IconChangesSerializer):
    """A new icon."""

    set = serializers.CharField(help_text="The prefix of its set.")
    name = NameField()
    svg = serializers.CharField(help_text="Scripts and references to other files are removed.")

    class Meta(IconChangesSerializer.Meta):
        fields = ["set", *IconChangesSerializer.Meta.fields]
        validators: list[Any] = []  # whether the set has the name is told when the icon is saved

    def validate_set(self, prefix: str) -> IconSet:
        """The set of this prefix. Raises ValidationError."""
        icon_set = IconSet.objects.filter(prefix=prefix).first()
        if icon_set is None:
            raise serializers.ValidationError(_("There is no icon set “%s”.") % prefix[:100])
        return icon_set


class SetChangesSerializer(serializers.ModelSerializer):
    """The fields of a set that may be changed; each may be left out. Its prefix is part of all public ids and stays."""

    hidden = serializers.BooleanField(
        required=False, write_only=True, help_text="Hide all of its icons, or list all of them again."
    )

    class Meta:
        model = IconSet
        fields = [
            *("title", "licence", "licence_spdx", "author", "source"),
            *("palette", "version", "usage", "hidden"),
        ]
        extra_kwargs = {"title": {"required": False}, "usage": {"max_value": 2**62}}


class NewSetSerializer(SetChangesSerializer):
    """A new set."""

    prefix = NameField()

    class Meta(SetChangesSerializer.Meta):
        fields = ["prefix", *(name for name in SetChangesSerializer.Meta.fields if name != "hidden")]
        extra_kwargs = {**SetChangesSerializer.Meta.extra_kwargs, "title": {"required": True}}

    hidden = None  # type: ignore[assignment]  # a new set has no icons to hide
