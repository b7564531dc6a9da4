"""The allow-lists: the elements, attributes and values that icons need, and nothing else."""

import re

from django.utils.translation import gettext_lazy as _


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
        """svg g defs symbol use mask clipPath pattern marker mpath filter feBlend feColorMatrix
    feComponentTransfer feComposite feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur
    feMerge feMergeNode feMorphology feOffset feTile"""
    )
)
DROPPED = frozenset({"title", "desc", "metadata", "style"})
REASONS = {
    "text": _("The SVG contains <text>: convert text to paths first."),
    "image": _("The SVG contains <image>: embedded pictures are not allowed."),
}

INHERITED = ("fill", "stroke", "marker-start", "marker-mid", "marker-end")
PRESENTATION = frozenset(INHERITED) | _words(
    """clip-path clip-rule color color-interpolation color-interpolation-filters display fill-opacity
    fill-rule filter flood-color flood-opacity mask mask-type opacity overflow paint-order shape-rendering
    stop-color stop-opacity stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin
    stroke-miterlimit stroke-opacity stroke-width vector-effect visibility"""
)
STYLE_ONLY = _words("mix-blend-mode isolation transform transform-origin transform-box")
STYLED = PRESENTATION | STYLE_ONLY
ANIMATED = PRESENTATION | _words(
    """amplitude azimuth cx cy d dx dy edgeMode exponent fr fx fy gradientTransform gradientUnits height in
    in2 intercept k1 k2 k3 k4 markerHeight markerWidth mode offset operator orient pathLength
    patternTransform points preserveAspectRatio r radius refX refY rx ry slope spreadMethod stdDeviation
    tableValues transform transform-origin type values viewBox width x x1 x2 y y1 y2"""
)
ATTRIBUTES = ANIMATED | _words(
    """id accumulate additive attributeName attributeType begin by calcMode clipPathUnits dur end
    filterUnits from keyPoints keySplines keyTimes markerUnits maskContentUnits maskUnits max min origin
    path patternContentUnits patternUnits primitiveUnits repeatCount repeatDur restart result rotate
    to"""
)
ROOT_ATTRIBUTES = PRESENTATION | {"id", "preserveAspectRatio", "transform", "transform-origin", "style"}
FUNCTIONS = _words(
    """url rgb rgba hsl hsla hwb lab lch oklab oklch color color-mix calc min max clamp var matrix matrix3d
    translate translatex translatey translate3d scale scalex scaley rotate skew skewx skewy blur brightness
    contrast drop-shadow grayscale hue-rotate invert opacity saturate sepia"""
)

_ID = r"[^\s'\"()\\<>]+"
plain = re.compile(r"[^\\(:@&<>\"\t\n\r]*").fullmatch
_local_url = re.compile(rf"url\(\s*(['\"]?)#({_ID})\1\s*\)", re.IGNORECASE)
_unsafe = re.compile(rf"\\|url\((?!#{_ID}\))|javascript:|data:|@import", re.IGNORECASE).search
_function = re.compile(r"(?<![\w-])([\w-]*)\(").findall
references = re.compile(rf"url\(#({_ID})\)").findall
local_link = re.compile(rf"\s*(#{_ID})\s*").fullmatch


def safe_value(value: str) -> str | None:
    """The value of an attribute or property with url(...) in one spelling; None where it could load or run anything."""
    value = _local_url.sub(r"url(#\2)", re.sub(r"[\t\n\r]", " ", value))
    if _unsafe(value) or not FUNCTIONS.issuperset(map(str.lower, filter(None, _function(value)))):
        return None
    return value
