"""Values of attributes and properties in the one spelling that every reader of SVG understands."""

import re
from collections.abc import Callable
from functools import lru_cache

from icons.svg.allowed import local_url, plain, safe_value
from icons.svg.colours import is_current, parse_colour
from icons.svg.effects import effects
from icons.svg.lengths import NUMBER, Context, is_number, user_units, written

coordinate = re.compile(NUMBER, re.IGNORECASE | re.ASCII)
LONG = frozenset({"stroke-dasharray", "points"})  # attributes whose values may have any length
MAX_CACHED = 200  # characters of a value that is remembered
_other = re.compile(r"[^\s,\d.e+-]", re.IGNORECASE | re.ASCII).search
_hex = re.compile(r"#(?:[0-9a-fA-F]{3}){1,2}").fullmatch
_plain_name = re.compile(r"[a-z]+").fullmatch
_icc = re.compile(r"\s*icc-color\([^)]*\)\s*\Z", re.IGNORECASE)
_faint = re.compile(
    r"\s*color-mix\([^,]*,\s*(?:currentcolor[\s\d.%]*,\s*transparent|transparent[\s\d.%]*,\s*currentcolor)[\s\d.%]*\)\s*",
    re.IGNORECASE,
).fullmatch
_separators = re.compile(r"\s*,\s*|\s+")

HORIZONTAL = "x x1 x2 cx fx dx width rx refX markerWidth"
VERTICAL = "y y1 y2 cy fy dy height ry refY markerHeight"
OTHER = "r fr stroke-width stroke-dashoffset"
AXES = {
    name: axis for names, axis in ((HORIZONTAL, "x"), (VERTICAL, "y"), (OTHER, "r")) for name in names.split()
}  # fmt: skip
UNITS = ("gradientUnits", "patternUnits", "patternContentUnits", "clipPathUnits", "maskUnits", "maskContentUnits",
         "filterUnits", "primitiveUnits")  # fmt: skip
KEYWORDS = {
    name: frozenset(words.split())
    for name, words in {
        "fill-rule": "nonzero evenodd",
        "clip-rule": "nonzero evenodd",
        "stroke-linecap": "butt round square",
        "stroke-linejoin": "miter round bevel",
        "visibility": "visible hidden collapse",
        "mask-type": "luminance alpha",
        "vector-effect": "none non-scaling-stroke",
        "color-interpolation": "auto sRGB linearRGB",
        "color-interpolation-filters": "auto sRGB linearRGB",
        "mix-blend-mode": """normal multiply screen overlay darken lighten color-dodge color-burn hard-light soft-light
            difference exclusion hue saturation color luminosity""",
        "isolation": "auto isolate",
        **dict.fromkeys(UNITS, "userSpaceOnUse objectBoundingBox"),
        "markerUnits": "userSpaceOnUse strokeWidth",
        "spreadMethod": "pad reflect repeat",
    }.items()
}
OPACITIES = ("opacity", "fill-opacity", "stroke-opacity", "stop-opacity", "flood-opacity")
PAINTED = ("fill", "stroke")
COLOURED = ("stop-color", "flood-color", "lighting-color", "color")  # the first two have an opacity beside them


FAINT = "currentColor/"  # what a share of currentColor is called until it is written as an opacity


@lru_cache(maxsize=10_000)
def paint(value: str) -> str | None:
    """What fills or strokes: a local url(#id) with what is used where it is missing, a colour, `none` or the like.

    None where it is none of these, which browsers ignore.
    """
    value = value.strip()
    if _hex(value) or value in ("none", "currentColor"):
        return value
    reference = local_url(value)
    if reference:
        rest = value[reference.end() :].strip()
        fallback = paint(rest) if rest and not local_url(rest) else ""
        fallback = fallback and fallback.partition("/")[0]
        link = safe_value(reference[0])
        return None if link is None or fallback is None else f"{link} {fallback}".strip()
    if value.lower() in ("context-fill", "context-stroke", "inherit"):
        return value.lower()
    written_colour = colour(_icc.sub("", value))
    return "none" if written_colour in ("transparent", "rgba(0, 0, 0, 0)") else written_colour


@lru_cache(maxsize=10_000)
def colour(value: str) -> str | None:
    """A colour as every reader knows it: a plain name of it, #rgb, #rrggbb, rgba(…) or currentColor; else None."""
    value = value.strip()
    if _hex(value):
        return value
    parsed = parse_colour(value)
    if parsed is None:
        return None
    if _faint(value):
        return f"{FAINT}{parsed.alpha:.4g}"
    if is_current(value):
        return "currentColor"
    return value if _plain_name(value) and value != "rebeccapurple" else parsed.as_css


def opacity(value: str) -> str | None:
    """A number from 0 to 1, of a number or a percentage; None where it is neither."""
    if is_number(value) and 0 <= float(value) <= 1:
        return value
    share = user_units(value, "x", Context(1, 1), whole=1) if value.strip()[-1:] == "%" or is_number(value) else None
    return None if share is None else written(min(1.0, max(0.0, share)))


def dashes(value: str, context: Context, scale: float = 1) -> str | None:
    """The dashes and gaps of a line as numbers with spaces between them, an even count, or `none`.

    Each is multiplied by `scale`. None where the value is not valid.
    """
    if value.strip().lower() == "none":
        return "none"
    parts = _separators.split(value.strip())
    if len(parts) % 2 == 0 and scale == 1 and "," not in value and all(map(is_number, parts)):
        lengths = [float(part) for part in parts]
        texts = parts
    else:
        numbers = [user_units(part, "r", context) for part in parts]
        lengths = [number * scale for number in numbers if number is not None]
        if len(lengths) < len(parts):
            return None
        lengths *= 1 + len(lengths) % 2
        texts = list(map(written, lengths))
    if min(lengths) < 0:
        return None
    return " ".join(texts) if sum(lengths) > 0 else "none"


def points(value: str) -> str | None:
    """The corners of a polygon, up to the last that has both coordinates; None where something else is among them."""
    if not plain(value) or _other(value):
        return None
    coordinates = coordinate.findall(value)
    return value if len(coordinates) % 2 == 0 else " ".join(coordinates[:-1])


def _keyword(name: str) -> Callable[[str, Context], str | None]:
    words = {word.lower(): word for word in KEYWORDS[name]}
    return lambda value, context: words.get(value.strip().lower())


def _length(name: str) -> Callable[[str, Context], str | None]:
    axis = AXES[name]

    def read(value: str, context: Context) -> str | None:
        if is_number(value):
            return value
        number = user_units(value, axis, context)
        return None if number is None else written(number)

    return read


_width = _length("stroke-width")


def _stroke_width(value: str, context: Context) -> str | None:
    width = _width(value, context)
    return width if width is not None and float(width) >= 0 else None


def _miter_limit(value: str, context: Context) -> str | None:
    return value if is_number(value) and float(value) >= 1 else None


NORMALISERS: dict[str, Callable[[str, Context], str | None]] = {
    **{name: _keyword(name) for name in KEYWORDS},
    **{name: _length(name) for name in AXES},
    **{name: lambda value, context: paint(value) for name in PAINTED},
    **{name: lambda value, context: colour(value) for name in COLOURED[:2]},
    **{name: lambda value, context: (colour(value) or "").partition("/")[0] or None for name in COLOURED[2:]},
    **{name: lambda value, context: opacity(value) for name in OPACITIES},
    "stroke-dasharray": dashes,
    "filter": effects,
    "stroke-width": _stroke_width,
    "points": lambda value, context: points(value),
    "stroke-miterlimit": _miter_limit,
}


def normalised(name: str, value: str, context: Context) -> str | None:
    """The value of an attribute in its one spelling; None where it is not valid, or could load or run anything."""
    normaliser = NORMALISERS.get(name)
    if normaliser is not None:
        return normaliser(value, context) if len(value) <= MAX_CACHED or name in LONG else None
    return value if plain(value) else safe_value(value)
