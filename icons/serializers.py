"""Sets and icons as the API gives them."""

from rest_framework import serializers

from icons.models import Icon, IconSet


class IconSetSerializer(serializers.ModelSerializer):
    """A set; `url` is that of its page."""

    url = serializers.URLField(source="get_absolute_url")

    class Meta:
        model = IconSet
        fields = [
            "prefix",
            "title",
            "licence",
            "licence_spdx",
            "author",
            "source",
            "palette",
            "version",
            "url",
        ]


class IconSerializer(serializers.ModelSerializer):
    """An icon without its SVG, which `svg_url` leads to; `icon` is its public id, `url` that of its page."""

    icon = serializers.CharField(source="public_id")
    set = serializers.CharField(source="set.prefix")
    svg_url = serializers.CharField()
    url = serializers.URLField(source="get_absolute_url")

    class Meta:
        model = Icon
        fields = [
            "icon",
            "set",
            "name",
            "name_en",
            "name_zh",
            "tags",
            "category",
            "aliases",
            "coloured",
            "svg_url",
            "url",
        ]


class IconDetailSerializer(IconSerializer):
    """An icon with its SVG."""

    class Meta(IconSerializer.Meta):
        fields = [*IconSerializer.Meta.fields, "view_box", "svg"]
