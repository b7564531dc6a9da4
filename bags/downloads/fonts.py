"""Downloads as a font whose glyphs are the icons, with a style sheet and a page that shows how to use it."""

import io
import json
from collections.abc import Mapping, Sequence

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

from bags.downloads.archives import zipped
from bags.downloads.download import Download, long_names
from bags.downloads.left_out import left_out
from bags.downloads.licence_texts import LICENCES, licences
from bags.downloads.silhouettes import make_traceable
from bags.downloads.tracing import NoOutline, Outline, outlines
from icons.exporting.look import Look
from icons.exporting.svg_text import icon_svg_text
from icons.models import Icon
from icons.svg.fixed_strokes import drawn_at
from icons.svg.markup import markup, parse
from icons.svg.paints import normalise_paints
from icons.svg.view_box import ViewBox

EM = 1000  # units, the side of the square that every icon fits in
DESCENT = 125  # units of the square that are below the baseline, so that an icon stands like a capital letter in a text
FIRST_CODE_POINT = 0xE000  # the first one for private use in Unicode
MAX_CODE_POINTS = 6400  # the code points for private use from there on
MAX_ERROR = 1.0  # units, between a curve and the two of lower degree that stand for it in TrueType
CREATED_AT = 3_029_529_600  # seconds since 1904; always the same, so that the same icons make the same bytes


def font_zip(download: Download) -> bytes:
    """A zip of the font as .ttf and .woff2, a style sheet, a page, the code points, and the licences.

    A file names the icons that cannot be glyphs, and those that lost their colours. Raises ValidationError if there
    are too many icons, if none can be drawn, and at the deadline.
    """
    most = min(settings.BAG_MAX_ICONS_FONT, MAX_CODE_POINTS)
    if len(download.icons) > most:
        raise ValidationError(
            _("A font holds at most %(most)s icons, but this bag has %(have)s. Remove some first.")
            % {"most": most, "have": len(download.icons)}
        )
    glyphs, notes = trace_glyphs(download)
    if not glyphs:
        raise ValidationError(
            _("None of these icons can be turned into a glyph of a font. Download them as SVG files instead.")
        )
    icons = list(glyphs)
    code_points = dict(zip(long_names(icons), range(FIRST_CODE_POINT, FIRST_CODE_POINT + len(icons)), strict=True))
    font = build_font(download.name, list(glyphs.values()))
    ctx = {"name": download.name, "codes": {name: f"{code:x}" for name, code in code_points.items()}}
    ttf, woff2 = (font_file(font, flavour) for flavour in download.in_time((None, "woff2")))
    return zipped(
        download,
        {
            f"{download.name}.ttf": ttf,
            f"{download.name}.woff2": woff2,
            f"{download.name}.css": render_to_string("bags/font.css", ctx),
            "demo.html": render_to_string("bags/font_demo.html", ctx),
            "codepoints.json": json.dumps(code_points, indent=2) + "\n",
            **left_out(notes),
            LICENCES: licences(icons),
        },
    )


def trace_glyphs(download: Download) -> tuple[Mapping[Icon, Glyph], Mapping[Icon, str]]:
    """The glyphs of the icons that can have one; and a note on each icon that has none, or another colour in it.

    Raises ValidationError at the deadline.
    """
    glyphs: dict[Icon, Glyph] = {}
    notes: dict[Icon, str] = {}
    svgs = [_svg_to_trace(icon) for icon in download.in_time(download.icons)]
    traced = outlines(svgs, download.deadline)
    for icon, result in download.in_time(zip(download.icons, traced, strict=True)):
        if isinstance(result, NoOutline):
            notes[icon] = _("It is left out. %(reason)s") % {"reason": result.sentence()}
            continue
        glyphs[icon] = to_glyph(result, ViewBox.parse(icon.view_box))
        if icon.coloured or not result.one_colour:
            notes[icon] = _("It takes the colour of the text, since a font has no colours of its own.")
    return glyphs, notes


def _svg_to_trace(icon: Icon) -> str:
    """The icon's SVG with each colour in one spelling, since the tracer tells colours apart by their spelling."""
    svg = drawn_at(icon_svg_text(icon, Look(colour="black")), round(ViewBox.parse(icon.view_box).longer_side) or 1)
    root = parse(svg)
    make_traceable(root)
    normalise_paints(root)
    return markup(root)


def to_glyph(outline: Outline, view_box: ViewBox) -> Glyph:
    """The outline fitted into and centred in the square of a glyph, where y points upwards."""
    scale = EM / view_box.longer_side
    x = (EM - view_box.width * scale) / 2 - view_box.left * scale
    y = (EM + view_box.height * scale) / 2 + view_box.top * scale - DESCENT
    target = TTGlyphPen(None)
    pen = TransformPen(Cu2QuPen(target, MAX_ERROR), (scale, 0, 0, -scale, x, y))
    draw = {"MOVE": pen.moveTo, "LINE": pen.lineTo, "QUAD": pen.qCurveTo, "CUBIC": pen.curveTo}
    for verb, points in outline.segments:
        if verb in draw:
            draw[verb](*points)
        else:
            pen.closePath()
    return target.glyph()


def build_font(name: str, glyphs: Sequence[Glyph]) -> TTFont:
    """A TrueType font of these glyphs, at the code points from FIRST_CODE_POINT on."""
    names = [".notdef", *(f"icon{number}" for number in range(len(glyphs)))]
    builder = FontBuilder(EM, isTTF=True)
    builder.updateHead(created=CREATED_AT, modified=CREATED_AT)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap(dict(enumerate(names[1:], FIRST_CODE_POINT)))
    builder.setupGlyf(dict(zip(names, [TTGlyphPen(None).glyph(), *glyphs], strict=True)))
    table = builder.font["glyf"]
    builder.setupHorizontalMetrics({key: (EM, getattr(table[key], "xMin", 0)) for key in names})
    builder.setupHorizontalHeader(ascent=EM - DESCENT, descent=-DESCENT)
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


def font_file(font: TTFont, flavour: str | None = None) -> bytes:
    """The font as a TrueType file, or, with the flavour "woff2", as WOFF2."""
    buffer = io.BytesIO()
    font.flavor = flavour
    font.save(buffer)
    return buffer.getvalue()
