"""A font whose letters are the icons, with the style sheet and the page that show how to use it."""

import io
import json
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph

from bags.downloads.archives import LICENCES, left_out, licences, zipped
from bags.downloads.download import Wanted, long_names
from bags.downloads.tracing import outlines
from icons.exporting.look import Look
from icons.exporting.svg_text import drawn
from icons.models import Icon
from icons.svg.view_box import ViewBox

EM = 1000  # units, the side of the square that every icon stands in
DESCENT = 125  # units of it below the line, so that an icon stands as a capital letter with text around it
FIRST = 0xE000  # the first code point that is nobody's, and how many follow it
PRIVATE = 6400
ERROR = 1.0  # units, at most, between a curve and the two of lower degree that TrueType has for it
BUILT = 3_029_529_600  # seconds since 1904, always these: the same icons make the same bytes


def font_zip(wanted: Wanted) -> bytes:
    """A zip of the font as .ttf and .woff2, a style sheet, a page, the code points, and whose the icons are.

    What cannot be a letter is left out, and named in a file with what lost its colours. Raises ValidationError
    where there are too many icons, none that can be drawn, or too little time.
    """
    most = min(settings.BAG_MAX_ICONS_FONT, PRIVATE)
    if len(wanted.icons) > most:
        raise ValidationError(
            _("A font takes at most %(most)s icons, and these are %(have)s.")
            % {"most": most, "have": len(wanted.icons)}
        )
    glyphs, told = letters(wanted)
    if not glyphs:
        raise ValidationError(_("None of these icons can be turned into a letter of a font."))
    icons = list(glyphs)
    codes = dict(zip(long_names(icons), range(FIRST, FIRST + len(icons)), strict=True))
    font = build(wanted.name, list(glyphs.values()))
    ctx = {"name": wanted.name, "codes": {name: f"{code:x}" for name, code in codes.items()}, "em": EM}
    return zipped(
        {
            f"{wanted.name}.ttf": saved(font),
            f"{wanted.name}.woff2": saved(font, "woff2"),
            f"{wanted.name}.css": render_to_string("bags/font.css", ctx),
            "demo.html": render_to_string("bags/font_demo.html", ctx),
            "codepoints.json": json.dumps(codes, indent=2) + "\n",
            **left_out(told),
            LICENCES: licences(icons),
        }
    )


def letters(wanted: Wanted) -> tuple[dict[Icon, Glyph], dict[Icon, str]]:
    """The glyphs of the icons that can have one, and what is to be told of the others and of coloured ones."""
    glyphs, told = {}, {}
    # The tracer tells colours apart by their spelling, so that the one colour of an icon must have one spelling.
    traced = outlines([drawn(icon, Look(colour="black")) for icon in wanted.icons], wanted.deadline)
    for icon, result in zip(wanted.icons, traced, strict=True):
        if "reason" in result:
            told[icon] = f"left out. {result['reason']}"
            continue
        glyphs[icon] = glyph(result["outline"], icon.view_box)
        if icon.coloured or not result["plain"]:
            told[icon] = "in the colour of the text now: a font has no other."
    return glyphs, told


def glyph(outline: list[Any], view_box: str) -> Glyph:
    """The outline fitted into and centred on the square of a letter, whose y goes up."""
    box = ViewBox.parse(view_box)
    scale = EM / box.longer_side
    x = (EM - box.width * scale) / 2 - box.left * scale
    y = (EM + box.height * scale) / 2 + box.top * scale - DESCENT
    target = TTGlyphPen(None)
    pen = TransformPen(Cu2QuPen(target, ERROR), (scale, 0, 0, -scale, x, y))
    draw = {"MOVE": pen.moveTo, "LINE": pen.lineTo, "QUAD": pen.qCurveTo, "CUBIC": pen.curveTo}
    for verb, points in outline:
        if verb in draw:
            draw[verb](*points)
        else:
            pen.closePath()
    return target.glyph()


def build(name: str, glyphs: list[Glyph]) -> TTFont:
    """A TrueType font of these glyphs, at the code points from FIRST on."""
    names = [".notdef", *(f"icon{number}" for number in range(len(glyphs)))]
    builder = FontBuilder(EM, isTTF=True)
    builder.updateHead(created=BUILT, modified=BUILT)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap(dict(enumerate(names[1:], FIRST)))
    builder.setupGlyf(dict(zip(names, [TTGlyphPen(None).glyph(), *glyphs], strict=True)))
    table = builder.font["glyf"]
    builder.setupHorizontalMetrics({key: (EM, getattr(table[key], "xMin", 0)) for key in names})
    heights = {"ascent": EM - DESCENT, "descent": -DESCENT}
    builder.setupHorizontalHeader(**heights)
    builder.setupNameTable(
        {
            "familyName": name,
            "styleName": "Regular",
            "uniqueFontIdentifier": f"{name} 1.000",
            "fullName": name,
            "version": "Version 1.000",
            "psName": name[:60],
        }
    )
    builder.setupOS2(
        sTypoAscender=EM - DESCENT, sTypoDescender=-DESCENT, usWinAscent=EM - DESCENT, usWinDescent=DESCENT
    )
    builder.setupPost(keepGlyphNames=False)
    return builder.font


def saved(font: TTFont, flavour: str | None = None) -> bytes:
    buffer = io.BytesIO()
    font.flavor = flavour
    font.save(buffer)
    return buffer.getvalue()
