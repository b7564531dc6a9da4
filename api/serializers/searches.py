"""What searches answer, as the schema describes it."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.serializers.icons import SIZE, SetShareSerializer

BOX = {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4}


@extend_schema_field(SIZE)
class SizeField(serializers.ListField):
    """Width and height in units of the view box."""


@extend_schema_field(BOX)
class BoxField(serializers.ListField):
    """x, y, width and height in fractions of the picture."""


class SeenIconSerializer(serializers.Serializer):
    """An icon that a search found, with what a program needs next."""

    icon = serializers.CharField(help_text="The public id, PREFIX:NAME.")
    set = serializers.CharField()
    licence = serializers.CharField(help_text="SPDX id, or title where there is none.")
    size = SizeField()
    svg = serializers.URLField(help_text="Address of the SVG, which may be cached for ever.")
    url = serializers.URLField(help_text="Address of the icon's page.")
    earlier = serializers.BooleanField(
        help_text="Whether its set has hidden it, or redrawn it since; `svg` is then how it was drawn before."
    )


class HitSerializer(SeenIconSerializer):
    """A result of a search by picture."""

    score = serializers.FloatField(help_text="Probability that this icon, or a twin of it, is the one meant.")
    confident = serializers.BooleanField(help_text="Whether the score is as high as the site wants it to be sure.")
    twins = SeenIconSerializer(many=True, help_text="Icons that look the same at this size, the likeliest first.")
    stroke = serializers.FloatField(required=False, help_text="The stroke width that the picture shows.")
    replaced_by = serializers.CharField(required=False, help_text="Of a hidden icon: the one that took its place.")


class RegionSerializer(serializers.Serializer):
    """One of several icons on a picture."""

    box = BoxField()
    confidence = serializers.FloatField()
    confident = serializers.BooleanField(help_text="Whether the library has what is shown here.")
    results = HitSerializer(many=True)


class PictureAnswerSerializer(serializers.Serializer):
    """The answer to one picture."""

    model = serializers.CharField()
    took_ms = serializers.FloatField()
    confident = serializers.BooleanField(help_text="Whether the library has what the picture shows.")
    results = HitSerializer(many=True)
    regions = RegionSerializer(
        many=True, help_text="Each icon of a picture with several, or with one beside a text or with room around it."
    )
    sets = SetShareSerializer(many=True, help_text="The sets that hold most of the picture's icons.")
    in_style = SeenIconSerializer(many=True, required=False)
    reason = serializers.CharField(required=False, help_text="Why there are no results.")


class PicturesAnswerSerializer(serializers.Serializer):
    """The answers to several pictures, in their order; one that cannot be read has `problem` in place of an answer."""

    answers = serializers.ListField(child=serializers.DictField())


class HaveSerializer(serializers.Serializer):
    """Whether the library has one of many pictures."""

    index = serializers.IntegerField(help_text="Its place among the pictures, counted from 0.")
    name = serializers.CharField(help_text="The name of its file.")
    have = serializers.BooleanField(help_text="Whether the library has it.")
    best = HitSerializer(required=False, help_text="The likeliest icon, if any.")
    problem = serializers.DictField(required=False, help_text="Why it cannot be read.")


class BatchAnswerSerializer(serializers.Serializer):
    """Which of many pictures the library has."""

    model = serializers.CharField()
    took_ms = serializers.FloatField()
    answers = HaveSerializer(many=True)
    left = serializers.ListField(
        child=serializers.IntegerField(), help_text="Pictures for which there was no time left: send them again."
    )


class WordAnswerSerializer(serializers.Serializer):
    """Icons that words find."""

    total = serializers.IntegerField()
    left_out = serializers.ListField(child=serializers.CharField(), help_text="Words that no icon fits with the rest.")
    results = SeenIconSerializer(many=True)
