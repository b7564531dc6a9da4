"""The parts of addresses that are names of sets and icons, or extensions of files."""

from django.urls import register_converter

from icons import sample_sheets
from icons.exporting.bitmaps import BITMAP_FORMATS
from icons.names import NAME


class NameConverter:
    """A prefix or a name of icons.names in an address."""

    regex = NAME.pattern.removeprefix(r"\A").removesuffix(r"\Z").replace("(", "(?:")

    def to_python(self, value: str) -> str:
        """The name itself."""
        return value

    def to_url(self, value: str) -> str:
        """The name itself."""
        return value


class BitmapConverter(NameConverter):
    """The extension of a picture file's name."""

    regex = "|".join(BITMAP_FORMATS)


class SheetConverter(NameConverter):
    """The name of a sheet of samples."""

    regex = rf"\d{{1,4}}|{sample_sheets.START}"


register_converter(NameConverter, "name")
register_converter(SheetConverter, "sheet")
register_converter(BitmapConverter, "bitmap")
