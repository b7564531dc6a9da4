"""The forms that validate a search by picture. The page and the API share them."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icons.models import IconSet
from icons.names import is_name
from icons.query_params import MAX_TEXT
from icons.texts import storable
from search.filters import Filter, licences_in_use
from search.styles import Style
from search.uploads import open_upload
from search.vision.crops import WHOLE, FractionBox, parse_crop

MISSING = gettext_lazy("No picture was sent: send it as the multipart field “image”.")
WORDS_MISSING = gettext_lazy("No words were sent: send them as “q”.")
CROP = gettext_lazy(
    "The crop must be four numbers x,y,width,height from 0 to 1, as fractions of the picture."
    " It must lie within the picture, and its width and height must be above 0."
)
LIMIT = format_lazy(gettext_lazy("The limit must be a whole number from 1 to {most}."), most=settings.SEARCH_MAX_LIMIT)
MAX_OFFSET = 1_000_000  # no library has as many icons that one word finds
FILTERS = ("set", "licence", "style", "tag", "category")  # fields that may be repeated
PALETTES = {"mono": False, "colour": True}  # values of the field `palette`, and whether icons are coloured


class NarrowingForm(forms.Form):
    """What narrows any search down, and its limit. `to_filter` makes a Filter of a valid form."""

    set = forms.Field(required=False, widget=forms.MultipleHiddenInput)
    licence = forms.Field(required=False, widget=forms.MultipleHiddenInput)
    palette = forms.CharField(required=False)
    style = forms.Field(required=False, widget=forms.MultipleHiddenInput)
    tag = forms.Field(required=False, widget=forms.MultipleHiddenInput)
    category = forms.Field(required=False, widget=forms.MultipleHiddenInput)
    limit = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=settings.SEARCH_MAX_LIMIT,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), LIMIT),
    )

    def clean_set(self) -> list[str]:
        """The prefixes of the chosen sets, all of which exist."""
        prefixes = self._chosen("set")
        known = IconSet.objects.filter(prefix__in=[prefix for prefix in prefixes if is_name(prefix)])
        return _known(prefixes, set(known.values_list("prefix", flat=True)), _("There is no icon set “%s”."))

    def clean_licence(self) -> list[str]:
        """The chosen licences, each of which a set has."""
        licences = self._chosen("licence")
        return _known(licences, licences_in_use() if licences else (), _("No icon set has the licence “%s”."))

    def clean_palette(self) -> bool | None:
        """Whether icons must be coloured; None if both palettes will do."""
        palette = self.cleaned_data["palette"]
        _known([palette] if palette else [], PALETTES, _("The palette is “mono” or “colour”, not “%s”."))
        return PALETTES.get(palette)

    def clean_style(self) -> list[str]:
        """The chosen styles."""
        return _known(
            self._chosen("style"), Style.values, _("The style is “outline”, “filled” or “duotone”, not “%s”.")
        )

    def clean_tag(self) -> list[str]:
        """The tags of which an icon must have one."""
        return [storable(tag, MAX_TEXT) for tag in self._chosen("tag")]

    def clean_category(self) -> list[str]:
        """The categories of which an icon must be in one."""
        return [storable(category, MAX_TEXT) for category in self._chosen("category")]

    def clean_limit(self) -> int:
        """The number of icons to return."""
        return self.cleaned_data["limit"] or settings.SEARCH_LIMIT

    def _chosen(self, name: str) -> list[str]:
        return [value for value in cast(QueryDict, self.data).getlist(name) if value]

    @property
    def has_filters(self) -> bool:
        """Whether the request narrows the search down at all, rightly or wrongly."""
        return any(self._chosen(name) for name in FILTERS) or bool(self.data.get("palette"))

    def to_filter(self) -> Filter:
        """The filter that the valid form asks for."""
        data = self.cleaned_data
        sets, licences, styles, tags, categories = (tuple(data[name]) for name in FILTERS)
        return Filter(sets, licences, data["palette"], styles, tags, categories)


class FilterForm(NarrowingForm):
    """The filters, the crop and the limit of a search by picture."""

    crop = forms.CharField(required=False)
    words = forms.CharField(required=False, max_length=MAX_TEXT)
    sketch = forms.BooleanField(required=False)

    def clean_crop(self) -> FractionBox:
        """The box of the crop in fractions of the picture; the whole picture if the field is empty."""
        try:
            return parse_crop(self.cleaned_data["crop"])
        except ValueError:
            raise ValidationError(CROP, code="crop") from None

    def to_filter(self) -> Filter:
        """The filter that the valid form asks for, words included."""
        return replace(super().to_filter(), text=self.cleaned_data["words"])


class WordSearchForm(NarrowingForm):
    """A search by words for programs."""

    q = forms.CharField(max_length=MAX_TEXT, error_messages={"required": WORDS_MISSING})
    offset = forms.IntegerField(required=False, min_value=0, max_value=MAX_OFFSET)

    def clean_offset(self) -> int:
        """How many icons to skip."""
        return self.cleaned_data["offset"] or 0


class ImageSearchForm(FilterForm):
    """A picture to search for, with its filters. The field `image` cleans to a PIL image, RGB or RGBA."""

    image = forms.FileField(
        error_messages={
            "required": MISSING,
            "missing": MISSING,
            "invalid": gettext_lazy("The picture must be sent as a file."),
            "empty": gettext_lazy("The file is empty."),
        },
    )

    def clean(self) -> dict[str, Any]:
        if file := self.cleaned_data.get("image"):
            try:
                self.cleaned_data["image"] = open_upload(file, self.cleaned_data.get("crop", WHOLE))
            except ValidationError as error:
                self.add_error("image", error)
        return self.cleaned_data


def _known(values: list[str], known: Collection[str], sentence: str) -> list[str]:
    """The values, if all are known. Raises ValidationError with a sentence that names the first unknown value."""
    for value in values:
        if value not in known:
            raise ValidationError(sentence % value[:100], code="unknown")
    return values
