"""Sets and icons as the API gives them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from icons.models import Icon, IconSet
from icons.svg.view_box import ViewBox

SIZE = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2, "example": [24, 24]}


def size_of(icon: Icon) -> list[float]:
    """Width and height of an icon in units of its view box."""
    view_box = ViewBox.parse(icon.view_box)
    return [view_box.width, view_box.height]


class IconSetSerializer(serializers.ModelSerializer):
    """A set; `url` is that of its page."""

    url = serializers.CharField(source="get_absolute_url")

    class Meta:
        model = IconSet
        fields = [
            *("prefix", "title", "licence", "licence_spdx", "author"),
            *("source", "palette", "version", "url"),
        ]


class IconSetDetailSerializer(IconSetSerializer):
    """A set, with how many visible icons it has."""

    icons = serializers.SerializerMethodField()

    class Meta(IconSetSerializer.Meta):
        fields = [*IconSetSerializer.Meta.fields, "usage", "icons"]

    def get_icons(self, icon_set: IconSet) -> int:
        """Visible icons of the set."""
        return icon_set.icons.visible().count()


class IconSerializer(serializers.ModelSerializer):
    """An icon without its SVG, which `svg_url` leads to; `icon` is its public id, `url` that of its page."""

    icon = serializers.CharField(source="public_id", help_text="The public id, PREFIX:NAME.")
    set = serializers.CharField(source="set.prefix", help_text="The prefix of its set.")
    licence = serializers.CharField(source="set.licence_id", help_text="SPDX id, or title where there is none.")
    size = serializers.SerializerMethodField(help_text="Width and height in units of the view box.")
    svg_url = serializers.CharField(help_text="Address of this very drawing, which may be cached for ever.")
    url = serializers.CharField(source="get_absolute_url", help_text="Address of the icon's page.")

    class Meta:
        model = Icon
        fields = [
            *("icon", "set", "name", "name_en", "name_zh", "tags", "category", "aliases"),
            *("coloured", "hidden", "licence", "size", "svg_url", "url"),
        ]

    @extend_schema_field(SIZE)
    def get_size(self, icon: Icon) -> list[float]:
        """Width and height in units of the view box."""
        return size_of(icon)


class ListedIconSerializer(IconSerializer):
    """An icon of a list, with its SVG unless the context says `svg=False`."""

    class Meta(IconSerializer.Meta):
        fields = [*IconSerializer.Meta.fields, "svg"]
        extra_kwargs = {"svg": {"required": False, "help_text": "The source, with the parameter svg=1."}}

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()
        if not self.context.get("svg", True):
            del fields["svg"]
        return fields


class IconDetailSerializer(IconSerializer):
    """An icon with its SVG."""

    class Meta(IconSerializer.Meta):
        fields = [*IconSerializer.Meta.fields, "view_box", "svg", "created_at", "updated_at"]


class SetShareSerializer(serializers.Serializer):
    """A set that holds some of several icons."""

    prefix = serializers.CharField()
    icons = serializers.IntegerField(help_text="How many of them it holds.")
    of = serializers.IntegerField(help_text="How many there are.")


class SetsHoldingSerializer(serializers.Serializer):
    """The sets that hold most of some icons, or their like."""

    sets = SetShareSerializer(many=True)


class RelatedIconsSerializer(serializers.Serializer):
    """Icons related to an icon, the most similar first."""

    same_drawing = IconSerializer(many=True, help_text="The same drawing in other sets.")
    similar = IconSerializer(many=True, help_text="Variants, then what shows the same subject.")


class IconPageSerializer(serializers.Serializer):
    """A page of icons; with `q`, also how many there are and which words no icon fits together with the rest."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    total = serializers.IntegerField(required=False)
    left_out = serializers.ListField(child=serializers.CharField(), required=False)
    results = ListedIconSerializer(many=True)
