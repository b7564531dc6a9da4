from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from PIL import Image

from search.queries import validate_sets
from search.uploads import open_upload

MISSING = "No picture was sent: choose, drop or paste one (programs: as the multipart field “image”)."


class PictureField(forms.FileField):
    """An uploaded picture; cleans to a PIL image."""

    default_error_messages = {
        "required": MISSING,
        "missing": MISSING,
        "invalid": "The picture must be sent as a file.",
        "empty": "The file is empty.",
    }

    def clean(self, data: UploadedFile | None, initial: Any = None) -> Image.Image:  # type: ignore[override]
        return open_upload(super().clean(data, initial))


class ImageSearchForm(forms.Form):
    """A picture to search for; page and API validate with this one form."""

    image = PictureField(
        label="Picture",
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
    set = forms.Field(required=False, widget=forms.MultipleHiddenInput)

    def clean_limit(self) -> int:
        return self.cleaned_data["limit"] or settings.SEARCH_LIMIT

    def clean_set(self) -> list[str]:
        prefixes = [prefix for prefix in self.cleaned_data["set"] or [] if prefix]
        validate_sets(prefixes)
        return prefixes
