"""What a person or program asks for, validated: page and API share these forms."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icons.models import IconSet
from icons.names import is_name
from icons.query_params import LONGEST_TEXT
from search.filters import Filter, licences_in_use
from search.styles import Style
from search.uploads import open_upload
from search.vision.crops import WHOLE, FractionBox, parse_crop

MISSING = gettext_lazy("No picture was sent: send it as the multipart field “image”.")
CROP = gettext_lazy(
    "The crop must be four numbers x,y,width,height in fractions of the picture,"
    " within it: from 0 to 1, with a width and height above 0."
)
LIMIT = format_lazy(gettext_lazy("The limit must be a whole number from 1 to {most}."), most=settings.SEARCH_MAX_LIMIT)
PALETTES = {"mono": False, "colour": True}


class FilterForm(forms.Form):
    """What a search is narrowed down to; `narrowed()` is what it comes to."""

    crop = forms.CharField(required=False)
    set = forms.Field(required=False, widget=forms.MultipleHiddenInput)
    licence = forms.Field(required=False, widget=forms.MultipleHiddenInput)
    palette = forms.CharField(required=False)
    style = forms.Field(required=False, widget=forms.MultipleHiddenInput)
    words = forms.CharField(required=False, max_length=LONGEST_TEXT)
    limit = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=settings.SEARCH_MAX_LIMIT,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), LIMIT),
    )

    def clean_crop(self) -> FractionBox:
        try:
            return parse_crop(self.cleaned_data["crop"])
        except ValueError:
            raise ValidationError(CROP, code="crop") from None

    def clean_set(self) -> list[str]:
        prefixes = self._chosen("set")
        known = IconSet.objects.filter(prefix__in=[prefix for prefix in prefixes if is_name(prefix)])
        return _known(prefixes, set(known.values_list("prefix", flat=True)), _("There is no icon set “%s”."))

    def clean_licence(self) -> list[str]:
        licences = self._chosen("licence")
        return _known(licences, licences_in_use() if licences else (), _("No icon set has the licence “%s”."))

    def clean_palette(self) -> bool | None:
        palette = self.cleaned_data["palette"]
        _known([palette] if palette else [], PALETTES, _("The palette is “mono” or “colour”, not “%s”."))
        return PALETTES.get(palette)

    def clean_style(self) -> list[str]:
        return _known(
            self._chosen("style"), Style.values, _("The style is “outline”, “filled” or “duotone”, not “%s”.")
        )

    def clean_limit(self) -> int:
        return self.cleaned_data["limit"] or settings.SEARCH_LIMIT

    def _chosen(self, name: str) -> list[str]:
        return [value for value in self.cleaned_data[name] or [] if value]

    def narrowed(self) -> Filter:
        data = self.cleaned_data
        sets, licences, styles = (tuple(data[name]) for name in ("set", "licence", "style"))
        return Filter(sets, licences, data["palette"], styles, data["words"])


class ImageSearchForm(FilterForm):
    """A picture to search for. `image` cleans to a PIL image."""

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
    """The values, if all are known; else ValidationError, which names the first that is not."""
    for value in values:
        if value not in known:
            raise ValidationError(sentence % value[:100], code="unknown")
    return values
