"""Typefaces for the text on drawn pages, from npm, so that every machine draws the same words with the same letters."""

import base64
import functools
from dataclasses import dataclass

from bench import packages

SYSTEM = "sans-serif"  # the family that the machine has in any case


@dataclass(frozen=True)
class Typeface:
    """A typeface on npm; all are under the SIL Open Font Licence 1.1."""

    family: str  # as CSS names it
    package: str  # `name@version`
    file: str  # path in the package

    @functools.cached_property
    def css(self) -> str:
        """The rule that brings the typeface onto a page. Raises SourceError."""
        data = base64.b64encode((packages.package(self.package) / self.file).read_bytes()).decode()
        return f"@font-face {{ font-family: '{self.family}'; src: url(data:font/woff2;base64,{data}) }}\n"


INTER = Typeface("Inter", "@fontsource/inter@5.3.0", "files/inter-latin-400-normal.woff2")
PLEX = Typeface("IBM Plex Sans", "@fontsource/ibm-plex-sans@5.3.0", "files/ibm-plex-sans-latin-500-normal.woff2")
CHINESE = Typeface(
    "Noto Sans SC", "@fontsource/noto-sans-sc@5.3.0", "files/noto-sans-sc-chinese-simplified-400-normal.woff2"
)
JAPANESE = Typeface(
    "Zen Kaku Gothic New",
    "@fontsource/zen-kaku-gothic-new@5.3.0",
    "files/zen-kaku-gothic-new-japanese-500-normal.woff2",
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
