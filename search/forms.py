from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from search.crops import WHOLE, Box, parse_crop
from search.queries import validate_sets
from search.uploads import open_upload

MISSING = "No picture was sent: choose, drop or paste one (programs: as the multipart field “image”)."


class ImageSearchForm(forms.Form):
    """A picture to search for; page and API validate with this one form. `image` cleans to a PIL image."""

    image = forms.FileField(
        label="Picture",
        error_messages={
            "required": MISSING,
            "missing": MISSING,
            "invalid": "The picture must be sent as a file.",
            "empty": "The file is empty.",
        },
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/gif,image/bmp,.svg"}),
    )
    limit = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=settings.SEARCH_MAX_LIMIT,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"),
            f"The limit must be a whole number from 1 to {settings.SEARCH_MAX_LIMIT}.",
        ),
    )
    crop = forms.CharField(required=False, label="Only the part x,y,width,height, in fractions of the picture")
    set = forms.Field(required=False, widget=forms.MultipleHiddenInput)

    def clean_limit(self) -> int:
        return self.cleaned_data["limit"] or settings.SEARCH_LIMIT

    def clean_set(self) -> list[str]:
        prefixes = [prefix for prefix in self.cleaned_data["set"] or [] if prefix]
        validate_sets(prefixes)
        return prefixes

    def clean_crop(self) -> Box:
        return parse_crop(self.cleaned_data["crop"])

    def clean(self) -> dict[str, Any]:
        if file := self.cleaned_data.get("image"):
            try:
                self.cleaned_data["image"] = open_upload(file, self.cleaned_data.get("crop", WHOLE))
            except ValidationError as error:
                self.add_error("image", error)
        return self.cleaned_data
