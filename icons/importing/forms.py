"""What the admin asks for before it imports."""

from pathlib import PurePosixPath
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from icons.models import ImportRun
from icons.names import is_name


class ImportForm(forms.ModelForm):
    """A new import: a file, and what the file does not say itself; `options()` is what it is imported with."""

    file = forms.FileField(
        label=_lazy("File"),
        help_text=_lazy("Iconify JSON, the old system's source.json, or a zip of .svg files."),
    )
    prefix = forms.CharField(
        required=False,
        label=_lazy("Prefix"),
        help_text=_lazy("The prefix of the icon set. If it is left empty, it is made from the name of the file."),
    )
    title = forms.CharField(required=False, max_length=200, label=_lazy("Title"))
    licence = forms.CharField(required=False, max_length=200, label=_lazy("Licence"))
    licence_spdx = forms.CharField(required=False, max_length=100, label=_lazy("Licence (SPDX id)"))
    prune = forms.BooleanField(required=False, label=_lazy("Delete the icons of the set that are not in the file"))

    class Meta:
        model = ImportRun
        fields: list[str] = []

    def clean_file(self) -> UploadedFile:
        file = self.cleaned_data["file"]
        if PurePosixPath(file.name).suffix.lower() not in (".json", ".zip"):
            raise ValidationError(_("Choose a .json or a .zip file."))
        if file.size > settings.IMPORT_UPLOAD_MAX_BYTES:
            most = settings.IMPORT_UPLOAD_MAX_BYTES // 1_000_000
            raise ValidationError(_("The file is larger than %(most)s MB.") % {"most": most})
        return file

    def clean_prefix(self) -> str:
        prefix = self.cleaned_data["prefix"]
        if prefix and not is_name(prefix):
            raise ValidationError(_("Use lower-case letters, digits and single hyphens between them."))
        return prefix

    def options(self) -> dict[str, Any]:
        given = ("prefix", "title", "licence", "licence_spdx", "prune")
        about = {"file_name": self.cleaned_data["file"].name, "language": get_language()}
        return {key: self.cleaned_data[key] for key in given} | about
