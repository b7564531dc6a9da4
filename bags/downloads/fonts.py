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
from bags.downloads.colour_glyphs import CURRENT, Layer, add_colours
from bags.downloads.download import Download, long_names
from bags.downloads.left_out import left_out
from bags.downloads.licence_texts import LICENCES, licences
from bags.downloads.silhouettes import make_traceable
from bags.downloads.tracing import NoOutline, Outline, Segments, outlines
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
SECONDS_TO_START, SECONDS_PER_ICON = 1.0, 0.03  # of the processor's time, measured on Tabler's icons
CREATED_AT = 3_029_529_600  # seconds since 1904; always the same, so that the same icons make the same bytes


def font_seconds(download: Download) -> float:
    """About how many seconds of the processor's time it takes. Raises ValidationError if there are too many icons."""
    most = min(settings.BAG_MAX_ICONS_FONT, MAX_CODE_POINTS)
    if len(download.icons) > most:
        raise ValidationError(
            _("A font holds at most %(most)s icons, but this bag has %(have)s. Remove some first.")
            % {"most": most, "have": len(download.icons)}
        )
    return SECONDS_TO_START + SECONDS_PER_ICON * len(download.icons)


def font_zip(download: Download) -> bytes:
    """A zip of the font as .ttf and .woff2, a style sheet, a page, the code points, and the licences.

    A file names the icons that cannot be glyphs, and those that lost their colours. Raises ValidationError if there
    are too many icons, if none can be drawn, and at the deadline.
    """
    font_seconds(download)
    traced, notes = trace_glyphs(download)
    if not traced:
        raise ValidationError(
            _("None of these icons can be turned into a glyph of a font. Download them as SVG files instead.")
        )
    icons = list(traced)
    code_points = dict(zip(long_names(icons), range(FIRST_CODE_POINT, FIRST_CODE_POINT + len(icons)), strict=True))
    font = build_font(download.name, list(traced.items()), download.colour_glyphs)
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


def trace_glyphs(download: Download) -> tuple[Mapping[Icon, Outline], Mapping[Icon, str]]:
    """The outlines of the icons that can be glyphs; and a note on each icon that cannot, or that looks different.

    Raises ValidationError at the deadline.
    """
    traced: dict[Icon, Outline] = {}
    notes: dict[Icon, str] = {}
    svgs = [to_trace(icon) for icon in download.in_time(download.icons)]
    results = outlines(svgs, download.deadline, download.on_progress)
    for icon, result in download.in_time(zip(download.icons, results, strict=True)):
        if isinstance(result, NoOutline):
            notes[icon] = _("It is left out. %(reason)s") % {"reason": result.sentence()}
            continue
        traced[icon] = result
        if not (download.colour_glyphs and result.layers):
            sentences = [sentence for sentence in (_colours_lost(icon, result), what_vanishes(result)) if sentence]
            if sentences:
                notes[icon] = " ".join(sentences)
    return traced, notes


def _colours_lost(icon: Icon, outline: Outline) -> str:
    if not icon.coloured and outline.one_colour:
        return ""
    return _("It takes the colour of the text, since a font has no colours of its own.")


def what_vanishes(outline: Outline) -> str:
    """What a glyph of one colour does not show of an icon, in a sentence; empty where it shows all."""
    if outline.vanishing:
        colours = ", ".join("currentColor" if colour == CURRENT else colour for colour in outline.vanishing)
        return _("Its colours become one, so that what is %(colours)s in it vanishes.") % {"colours": colours}
    if outline.faint:
        return _("Its fainter shade is left out.")
    return ""


def to_trace(icon: Icon) -> str:
    """The icon's SVG with each colour in one spelling, since the tracer tells colours apart by their spelling."""
    svg = drawn_at(icon_svg_text(icon, Look(colour=CURRENT)), round(ViewBox.parse(icon.view_box).longer_side) or 1)
    root = parse(svg)
    make_traceable(root)
    normalise_paints(root)
    return markup(root)


def to_glyph(segments: Segments, view_box: ViewBox) -> Glyph:
    """The outline fitted into and centred in the square of a glyph, where y points upwards."""
    scale = EM / view_box.longer_side
    x = (EM - view_box.width * scale) / 2 - view_box.left * scale
    y = (EM + view_box.height * scale) / 2 + view_box.top * scale - DESCENT
    target = TTGlyphPen(None)
    pen = TransformPen(Cu2QuPen(target, MAX_ERROR), (scale, 0, 0, -scale, x, y))
    draw = {"MOVE": pen.moveTo, "LINE": pen.lineTo, "QUAD": pen.qCurveTo, "CUBIC": pen.curveTo}
    is_open = False
    for verb, points in segments:
        # A filled outline may leave the way back to its beginning out; a glyph's may not.
        if is_open and verb in ("MOVE", "CLOSE"):
            pen.closePath()
        if verb in draw:
            draw[verb](*points)
        is_open = verb in draw
    if is_open:
        pen.closePath()
    return target.glyph()


def build_font(name: str, icons: Sequence[tuple[Icon, Outline]], colours: bool = False) -> TTFont:
    """A TrueType font of these icons, at the code points from FIRST_CODE_POINT on.

    With `colours`, those of several colours have colour glyphs, too.
    """
    glyphs = [to_glyph(outline.segments, ViewBox.parse(icon.view_box)) for icon, outline in icons]
    more: list[Glyph] = []  # the outlines of the layers of colour glyphs
    layers: dict[str, list[Layer]] = {}
    for number, (icon, outline) in enumerate(icons if colours else ()):
        for colour, opacity, segments in outline.layers:
            layers.setdefault(f"icon{number}", []).append((colour, opacity, f"layer{len(more)}"))
            more.append(to_glyph(segments, ViewBox.parse(icon.view_box)))
    icon_names = [f"icon{number}" for number in range(len(glyphs))]
    names = [".notdef", *icon_names, *(f"layer{number}" for number in range(len(more)))]
    builder = FontBuilder(EM, isTTF=True)
    builder.updateHead(created=CREATED_AT, modified=CREATED_AT)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap(dict(enumerate(icon_names, FIRST_CODE_POINT)))
    builder.setupGlyf(dict(zip(names, [TTGlyphPen(None).glyph(), *glyphs, *more], strict=True)))
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
    add_colours(builder.font, layers)
    return builder.font


def font_file(font: TTFont, flavour: str | None = None) -> bytes:
    """The font as a TrueType file, or, with the flavour "woff2", as WOFF2."""
    buffer = io.BytesIO()
    font.flavor = flavour
    font.save(buffer)
    return buffer.getvalue()
