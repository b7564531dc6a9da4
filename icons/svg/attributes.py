"""The attributes of one element in the plain form: what it says itself, and what styles say of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from icons.svg.allowed import (
    ANIMATIONS,
    ATTRIBUTES,
    GEOMETRY,
    PRESENTATION,
    STYLE_ONLY,
    local_link,
    plain,
    safe_id,
    safe_value,
)
from icons.svg.css_animations import rest_of_css
from icons.svg.declarations import PLACING, UNSET, inline_declarations
from icons.svg.lengths import Context, user_units, written
from icons.svg.limits import refuse
from icons.svg.styles import Styles, cascade, substituted
from icons.svg.values import AXES, FAINT, LONG, MAX_CACHED, NORMALISERS, normalised

UNITS = {  # the attribute that says whether percentages are of the box that is painted, as they are by default
    "linearGradient": "gradientUnits",
    "radialGradient": "gradientUnits",
    "pattern": "patternUnits",
    "mask": "maskUnits",
    "filter": "filterUnits",
}
DASHES = ("stroke-dasharray", "stroke-dashoffset")
TEMPLATES = frozenset({"defs", "symbol", "marker", "pattern", "mask", "clipPath"})
SHARES = {
    "fill": "fill-opacity",
    "stroke": "stroke-opacity",
    "stop-color": "stop-opacity",
    "flood-color": "flood-opacity",
}
CONTEXT_PAINTS = ("context-fill", "context-stroke")
clip_shape = re.compile(r"\s*(circle|ellipse|inset|polygon|path|rect|xywh)\((.*)\)\s*([a-z-]*)\s*\Z", re.DOTALL).match


@dataclass(slots=True)
class Attributes:
    """An element's attributes, what else its styles say that the plain form has other means for, and its context."""

    own: dict[str, str]
    extras: dict[str, str]  # transform-origin and the like, shapes that clip; each property with its value in CSS
    context: Context  # what the lengths of its contents are relative to


def read_attributes(source: Element, name: str, styles: Styles, context: Context) -> Attributes:
    """The attributes of an element called `name`, all in their one spelling.

    Raises ValidationError for a <use> of another file.
    """
    attributes = source.attrib
    properties = _properties(source, styles, attributes)
    if properties or "font-size" in attributes:
        context = _with_properties(context, properties, attributes.get("font-size"))
    own: dict[str, str] = {}
    extras: dict[str, str] = {}
    animation = name in ANIMATIONS
    for key, value in attributes.items():
        if key not in ATTRIBUTES:
            continue
        normaliser = None if animation else NORMALISERS.get(key)
        if normaliser is None:
            result = value if plain(value) else _other(key, value, context, extras)
        elif "%" in value or "var(" in value:
            result = _relative(source, name, key, value, context)
        else:
            result = normaliser(value, context) if len(value) <= MAX_CACHED or key in LONG else None
        if result is not None:
            own[key] = result
    if properties:
        _apply(own, extras, properties, name, context)
    if "transform-origin" in own:
        extras.setdefault("transform-origin", own.pop("transform-origin"))
    _settle(own, source, name, context)
    if name in TEMPLATES and not context.template:
        context = replace(context, template=True)
    if DASHES[0] in own or DASHES[1] in own:
        first, second = (own.get(key, inherited) for key, inherited in zip(DASHES, context.dashes, strict=True))
        context = replace(context, dashes=(first, second))
    return Attributes(own, extras, context)


def put_last(own: dict[str, str]) -> None:
    """Put `transform-origin`, `style` and then `href` behind the other attributes, where reading finds them."""
    for key in ("transform-origin", "style", "href"):
        if key in own:
            own[key] = own.pop(key)


def _properties(source: Element, styles: Styles, attributes: Mapping[str, str]) -> dict[str, str]:
    style = attributes.get("style")
    rules = styles.rules.get(source) if styles.rules else None
    if not style and not rules:
        return {}
    properties = cascade(rules or [], inline_declarations(style) if style else ())
    if styles.keyframes:
        properties |= rest_of_css({"opacity": attributes.get("opacity", "1"), **properties}, styles.keyframes)
    return properties


def _with_properties(context: Context, properties: Mapping[str, str], font_size: str | None) -> Context:
    """The context with the variables and the size of text that an element declares."""
    variables = {key: value for key, value in properties.items() if key.startswith("--")}
    if variables:
        known = {**context.variables, **variables}
        resolved = {key: substituted(value, known) for key, value in variables.items()}
        known |= {key: value for key, value in resolved.items() if value is not None}
        context = replace(
            context, variables={key: value for key, value in known.items() if resolved.get(key, "") is not None}
        )
    size = user_units(properties.get("font-size", font_size or ""), "y", context, whole=context.em)
    return context if size is None or size < 0 else replace(context, em=size)


def _other(key: str, value: str, context: Context, extras: dict[str, str]) -> str | None:
    """The value of an attribute that has no normaliser and is not plain."""
    if key == "id":
        return value  # which _settle makes safe
    if "var(" in value:
        value = substituted(value, context.variables) or ""
    if key == "clip-path" and clip_shape(value):
        extras[key] = value
        return None
    return safe_value(value) or None


def _relative(source: Element, name: str, key: str, value: str, context: Context) -> str | None:
    """The value of an attribute with a percentage or a variable in it."""
    if "var(" in value:
        substitute = substituted(value, context.variables)
        return None if substitute is None else normalised(key, substitute, context)
    if name.startswith("fe") and key in ("dx", "dy"):
        return None  # these are numbers, which cannot be percentages
    units = UNITS.get(name)
    if units is not None and key in AXES and source.get(units) != "userSpaceOnUse":
        if units not in source.attrib and "href" in source.attrib:
            return value  # the units are those of the gradient that it refers to
        share = user_units(value, "x", context, whole=1)
        return None if share is None else written(share)
    return normalised(key, value, context)


def _apply(
    own: dict[str, str], extras: dict[str, str], properties: Mapping[str, str], name: str, context: Context
) -> None:
    """Put what styles declare over the attributes, in place."""
    inline = {}
    geometry = GEOMETRY.get(name, ())
    for key, declared in properties.items():
        if key.startswith("--"):
            continue
        value = substituted(declared, context.variables) if "var(" in declared else declared
        if key in PLACING or key == "background" or (key == "clip-path" and value and clip_shape(value)):
            extras[key] = value or ""
            if key == "clip-path":
                own.pop(key, None)
            continue
        if key not in PRESENTATION and key not in STYLE_ONLY and key not in geometry:
            continue
        result = None if value is None or value == UNSET else normalised(key, value, context)
        if result is None:
            own.pop(key, None)
        elif key in STYLE_ONLY:
            inline[key] = result
        else:
            own[key] = result
    if inline:
        own["style"] = ";".join(f"{key}:{value}" for key, value in inline.items())


def _settle(own: dict[str, str], source: Element, name: str, context: Context) -> None:
    """What depends on the element: its id, what it refers to, and paints that are only defined elsewhere."""
    if "id" in own:
        own["id"] = safe_id(source.attrib["id"])
    for key in ("fill", "stroke"):
        value = own.get(key)
        if value == "inherit" and name not in ANIMATIONS:
            del own[key]
        elif value in CONTEXT_PAINTS and not context.template:
            # Firefox paints its icons with the colour of the page around, as others do with currentColor.
            own[key] = "currentColor" if value == CONTEXT_PAINTS[0] else "none"
    for key, share in SHARES.items():
        if own.get(key, "").startswith(FAINT):
            own[key], _slash, alpha = own[key].partition("/")
            own[share] = written(float(alpha) * float(own.get(share, "1")))
    link = source.attrib.get("href")
    if link is None:
        return
    local = local_link(link)
    if local and name != "filter":  # which takes nothing from another one any more
        own["href"] = local
    elif name == "use" and link.strip()[:1] not in ("", "#"):
        refuse(_("The SVG contains a <use> that refers to another file, which is not allowed."))
