"""Colour glyphs: letters made of layers in colours of their own (the tables COLR and CPAL of OpenType)."""

from collections.abc import Mapping, Sequence

from fontTools.colorLib.builder import buildCOLR, buildCPAL
from fontTools.ttLib import TTFont

from icons.svg.colours import parse_colour

FOREGROUND = 0xFFFF  # the index in place of a colour that means the colour of the text
CURRENT = "#010203"  # what the current colour is while an icon is traced; no icon has this colour itself
Layer = tuple[str, float, str]  # a colour, an opacity from 0 to 1, and the name of the glyph that has its outline


def add_colours(font: TTFont, layers: Mapping[str, Sequence[Layer]]) -> None:
    """Give glyphs of a font layers in colours, by the glyphs' names; where the tables are not known, they stay."""
    palette: dict[tuple[float, float, float, float], int] = {}

    def index(colour: str, opacity: float) -> int:
        if colour == CURRENT and opacity == 1:
            return FOREGROUND
        parsed = parse_colour("black" if colour == CURRENT else colour)
        red, green, blue, alpha = parsed if parsed is not None else (0.0, 0.0, 0.0, 1.0)
        return palette.setdefault((red, green, blue, alpha * opacity), len(palette))

    tables = {
        name: [(glyph, index(colour, opacity)) for colour, opacity, glyph in parts] for name, parts in layers.items()
    }
    if tables:
        font["COLR"] = buildCOLR(tables, version=0)
        font["CPAL"] = buildCPAL([list(palette) or [(0.0, 0.0, 0.0, 1.0)]])
