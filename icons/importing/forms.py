"""The form for a new import in the admin."""

from pathlib import PurePosixPath
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from icons.importing.svg_files import ENDINGS
from icons.models import ImportRun
from icons.names import is_name


class ImportForm(forms.ModelForm):
    """A new import: a file, and what the file does not say itself."""

    file = forms.FileField(
        label=_lazy("File"),
        help_text=_lazy("Iconify JSON, a zip of .svg files, one .svg file, or the JSON of IcoMoon or Fontello."),
    )
    prefix = forms.CharField(  # type: ignore[assignment]  # a field; the prefix of the form's own fields stays None
        required=False,
        label=_lazy("Prefix"),
        help_text=_lazy("The prefix of the icon set. If it is left empty, it is made from the name of the file."),
    )
    title = forms.CharField(required=False, max_length=200, label=_lazy("Title"))
    licence = forms.CharField(required=False, max_length=200, label=_lazy("Licence"))
    licence_spdx = forms.CharField(required=False, max_length=100, label=_lazy("Licence (SPDX id)"))
    prune = forms.BooleanField(required=False, label=_lazy("Delete the icons of the set that are not in the file"))
    earlier = forms.BooleanField(
        required=False,
        label=_lazy("An earlier release"),
        help_text=_lazy("Keep how its icons were drawn, for searches by picture. Nothing else of the set changes."),
    )

    class Meta:
        model = ImportRun
        fields: list[str] = []

    def clean_file(self) -> UploadedFile:
        """The file, if its name and size will do. Raises ValidationError."""
        file: UploadedFile = self.cleaned_data["file"]
        if PurePosixPath(file.name or "").suffix.lower() not in (".json", ".zip", *ENDINGS):
            raise ValidationError(_("Choose a .svg, a .json or a .zip file."))
        if (file.size or 0) > settings.IMPORT_UPLOAD_MAX_BYTES:
            most = settings.IMPORT_UPLOAD_MAX_BYTES // 1_000_000
            raise ValidationError(_("The file is larger than %(most)s MB.") % {"most": most})
        return file

    def clean_prefix(self) -> str:
        """The prefix, if it may be one, or "". Raises ValidationError."""
        prefix: str = self.cleaned_data["prefix"]
        if prefix and not is_name(prefix):
            raise ValidationError(_("Use lower-case letters, digits and single hyphens between them."))
        return prefix

    def clean(self) -> dict[str, Any]:
        """What was entered, if it fits together. Raises ValidationError."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("earlier") and data.get("prune"):
            raise ValidationError(_("An earlier release deletes nothing: choose one of the two."))
        return data

    def options(self) -> dict[str, Any]:
        """What the run is imported with: icons.importing.sources.Options, how to import, and the language."""
        keys = "prefix", "title", "licence", "licence_spdx", "prune", "earlier"
        fields = {key: self.cleaned_data[key] for key in keys}
        return fields | {"file_name": self.cleaned_data["file"].name, "language": get_language()}
