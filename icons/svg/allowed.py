"""The allow-lists: the elements, attributes and values that icons need, and nothing else."""

import re
from urllib.parse import unquote


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


GRADIENTS = frozenset({"linearGradient", "radialGradient", "stop"})
SHAPES = frozenset({"path", "rect", "circle", "ellipse", "line", "polyline", "polygon"})
ANIMATIONS = frozenset({"animate", "animateTransform", "animateMotion", "set"})
ELEMENTS = (
    GRADIENTS
    | SHAPES
    | ANIMATIONS
    | _words(
        """svg g a switch defs symbol use mask clipPath pattern marker mpath filter feBlend feColorMatrix
    feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow
    feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feMerge feMergeNode feMorphology feOffset fePointLight
    feSpecularLighting feSpotLight feTile feTurbulence"""
    )
)

INHERITED = ("fill", "stroke", "marker-start", "marker-mid", "marker-end")
PRESENTATION = frozenset(INHERITED) | _words(
    """clip-path clip-rule color color-interpolation color-interpolation-filters display fill-opacity
    fill-rule filter flood-color flood-opacity mask mask-type opacity overflow paint-order shape-rendering
    lighting-color stop-color stop-opacity stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin
    stroke-miterlimit stroke-opacity stroke-width vector-effect visibility"""
)
STYLE_ONLY = _words("mix-blend-mode isolation")
GEOMETRY = {  # what CSS may say of the geometry of an element
    "path": _words("d"),
    "rect": _words("x y width height rx ry"),
    "circle": _words("cx cy r"),
    "ellipse": _words("cx cy rx ry"),
    "svg": _words("x y width height"),
    "image": _words("x y width height"),
    "use": _words("x y width height"),
}
ANIMATED = PRESENTATION | _words(
    """amplitude azimuth cx cy d dx dy edgeMode exponent fr fx fy gradientTransform gradientUnits height in
    in2 intercept k1 k2 k3 k4 markerHeight markerWidth mode offset operator orient pathLength
    patternTransform points preserveAspectRatio r radius refX refY rx ry slope spreadMethod stdDeviation
    tableValues transform transform-origin type values viewBox width x x1 x2 y y1 y2 baseFrequency bias
    diffuseConstant divisor elevation kernelMatrix kernelUnitLength limitingConeAngle numOctaves order pointsAtX
    pointsAtY pointsAtZ preserveAlpha scale seed specularConstant specularExponent stitchTiles surfaceScale targetX
    targetY xChannelSelector yChannelSelector z"""
)
ATTRIBUTES = ANIMATED | _words(
    """id accumulate additive attributeName attributeType begin by calcMode clipPathUnits dur end
    filterUnits from keyPoints keySplines keyTimes markerUnits maskContentUnits maskUnits max min origin
    path patternContentUnits patternUnits primitiveUnits repeatCount repeatDur restart result rotate
    to"""
)
ROOT_ATTRIBUTES = PRESENTATION - {"overflow"} | {"id", "style"}
FUNCTIONS = _words(
    """url rgb rgba hsl hsla hwb lab lch oklab oklch color color-mix calc min max clamp var matrix matrix3d
    translate translatex translatey translate3d scale scalex scaley rotate skew skewx skewy blur brightness
    contrast drop-shadow grayscale hue-rotate invert opacity saturate sepia"""
)

_ID = r"[^\s'\"()\\<>]+"
_QUOTED_ID = r"[^'\"()\\<>\t\n\r]+"  # an id with spaces can be referred to in quotes
plain = re.compile(r"[^\\(:@&<>\"\t\n\r]*").fullmatch
local_url = re.compile(rf"\s*url\(\s*(?:(['\"])#({_QUOTED_ID})\1|#({_ID}))\s*\)", re.IGNORECASE).match
_local_urls = re.compile(rf"url\(\s*(?:(['\"])#({_QUOTED_ID})\1|#({_ID}))\s*\)", re.IGNORECASE)
_unsafe = re.compile(rf"\\|url\((?!#{_ID}\))|javascript:|data:|@import", re.IGNORECASE).search
_function = re.compile(r"(?<![\w-])([\w-]*)\(").findall
_not_in_ids = re.compile(r"[\s'\"()\\<>]")
references = re.compile(rf"url\(#({_ID})\)").findall
_link = re.compile(r"\s*#([^<>\t\n\r]+?)\s*").fullmatch


def safe_id(text: str) -> str:
    """The id without characters that a reference could not hold, such as spaces, each replaced by its code.

    >>> safe_id("New Gradient")
    'New_20_Gradient'
    """
    return _not_in_ids.sub(lambda match: f"_{ord(match[0]):x}_", text.strip())


def local_link(link: str) -> str | None:
    """The reference `#id` of an attribute href, or None where it leads out of the drawing."""
    match = _link(link)
    return f"#{_referred(match[1])}" if match else None


def safe_value(value: str) -> str | None:
    """The value of an attribute or property with url(...) in one spelling; None where it could load or run anything."""
    value = re.sub(r"[\t\n\r]", " ", value)
    value = _local_urls.sub(lambda match: f"url(#{_referred(match[2] or match[3])})", value)
    if _unsafe(value) or not FUNCTIONS.issuperset(map(str.lower, filter(None, _function(value)))):
        return None
    return value


def _referred(text: str) -> str:
    """The id that a reference means, in which characters may be escaped as in an address."""
    return safe_id(unquote(text) if "%" in text else text)
