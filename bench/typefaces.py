"""Typefaces for the text on drawn pages, from npm, so that every machine draws the same words with the same letters."""

import base64
import functools
import io
from dataclasses import dataclass
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from bench import packages
from bench.wording import letters

SYSTEM = "sans-serif"  # the family that the machine has in any case


@dataclass(frozen=True)
class Typeface:
    """A typeface on npm; all are under the SIL Open Font Licence 1.1."""

    family: str  # as CSS names it
    package: str  # `name@version`
    file: str  # path in the package

    language: str = ""  # if given, only the letters of the words in this language are taken, as there are thousands

    @functools.cached_property
    def css(self) -> str:
        """The rule that brings the typeface onto a page. Raises SourceError."""
        path = packages.package(self.package) / self.file
        font = _with_letters(path, letters(self.language)) if self.language else path.read_bytes()
        data = base64.b64encode(font).decode()
        return f"@font-face {{ font-family: '{self.family}'; src: url(data:font/woff2;base64,{data}) }}\n"


INTER = Typeface("Inter", "@fontsource/inter@5.3.0", "files/inter-latin-400-normal.woff2")
PLEX = Typeface("IBM Plex Sans", "@fontsource/ibm-plex-sans@5.3.0", "files/ibm-plex-sans-latin-500-normal.woff2")
CHINESE = Typeface(
    "Noto Sans SC",
    "@fontsource/noto-sans-sc@5.3.0",
    "files/noto-sans-sc-chinese-simplified-400-normal.woff2",
    "zh",
)
JAPANESE = Typeface(
    "Zen Kaku Gothic New",
    "@fontsource/zen-kaku-gothic-new@5.3.0",
    "files/zen-kaku-gothic-new-japanese-500-normal.woff2",
    "ja",
)
ARABIC = Typeface(
    "IBM Plex Sans Arabic",
    "@fontsource/ibm-plex-sans-arabic@5.3.0",
    "files/ibm-plex-sans-arabic-arabic-400-normal.woff2",
)
# None is what the machine has.
TYPEFACES: dict[str, tuple[Typeface | None, ...]] = {
    "en": (INTER, PLEX, None),
    "de": (INTER, PLEX, None),
    "zh": (CHINESE,),
    "ja": (JAPANESE,),
    "ar": (ARABIC,),
}


def _with_letters(path: Path, text: str) -> bytes:
    """WOFF2 with the letters of the text alone; a page with all of a Chinese typeface loads for a second."""
    font = TTFont(path)
    subsetter = Subsetter(Options(ignore_missing_unicodes=True))
    subsetter.populate(text=text)
    subsetter.subset(font)
    font.flavor = "woff2"
    buffer = io.BytesIO()
    font.save(buffer)
    return buffer.getvalue()
