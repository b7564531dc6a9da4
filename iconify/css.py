"""Icons as a style sheet: rules that show them as masks or backgrounds, as `getIconsCSS` of Iconify writes them."""

import re
from collections.abc import Sequence
from typing import Any

from PIL import ImageColor

from iconify.bodies import Texts
from iconify.drawing import cleaned, document, placed, scaled, view_box_text
from iconify.js import number_text, real, truth
from iconify.resolving import whole_icon
from iconify.served_set import ServedSet

Json = dict[str, Any]
Rules = dict[str, str]
# For each format, what stands after a selector, before a property, after the rules, and between entries.
FORMATS = {
    "compressed": ("{", "{}:", "}", ""),
    "compact": (" {", " {}: ", "; }\n", "\n"),
    "expanded": (" {", "\n  {}: ", ";\n}\n", "\n"),
}
SPACE = re.compile("[\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+")
ESCAPED = {'"': "'", "%": "%25", "#": "%23", "<": "%3C", ">": "%3E"}
VARIABLE = re.compile(r"[a-z0-9_-]*\Z")
COLOUR_WORDS = frozenset(ImageColor.colormap) | {"transparent", "none", "currentcolor"}
DEFAULT_COMMON, DEFAULT_ICON = ".icon--{prefix}", ".icon--{prefix}--{name}"


def icons_css(served: ServedSet, names: Sequence[str], texts: Texts, query: dict[str, str]) -> str:
    """The style sheet with these icons, in the form that the query asks for.

    `texts` has the JSON of the icons that the names lead to.
    """
    icons = {name: whole_icon(served, name, texts) for name in names}
    colour = cleaned(query.get("color"))
    colour = colour if colour and is_colour(colour) else None
    missing = []
    mode = {"background": "background", "bg": "background", "mask": "mask"}.get(query.get("mode", ""))
    mode = mode or ("background" if colour else None)
    if not mode:
        first = next((icon for icon in icons.values() if icon), None)
        mode = "mask" if first is None or "currentColor" in first["body"] else "background"
        if first is None:
            missing.append(
                "/* cannot detect icon mode: not set in options and icon set is missing info, rendering as mask */"
            )
    variable = _variable(query, mode)
    common_rules = _common_rules(mode, variable, truth(_first(query, "pseudo", "pseudoSelector", "pseudo-selector")))
    square = bool(truth(_first(query, "square", "forceSquare", "force-square")))
    selectors = _selectors(query)
    is_shared = bool(selectors[0]) and selectors[0] != selectors[1]
    common, selector, override = (text.replace("{prefix}", served.prefix) for text in selectors)
    entries: list[tuple[str, Rules]] = [(common, common_rules)] if is_shared else []
    own_selectors: dict[str, None] = {}
    for name in names:
        icon = icons[name]
        if icon is None:
            missing.append(f"/* Could not find icon: {name} */")
            continue
        rules = _icon_rules(icon, mode, variable, colour or "black", square)
        overrides = is_shared and override and not rules.keys().isdisjoint(common_rules)
        own = (override if overrides else selector).replace("{name}", name)
        entries.append((own, rules))
        own_selectors[own] = None
    style = query.get("format", "") if query.get("format") in FORMATS else "expanded"
    if not is_shared and own_selectors:
        shared = ("," if style == "compressed" else ", ").join(own_selectors)
        if len(entries) == 1 and entries[0][0] == shared:
            entries = [(shared, {**common_rules, **entries[0][1]})]
        else:
            entries.insert(0, (shared, common_rules))
    return _written(entries, style) + ("\n" + "\n".join(missing) + "\n" if missing else "")


def is_colour(text: str) -> bool:
    """Whether Iconify takes the text for a colour.

    >>> [is_colour(text) for text in ("#F00", "rgb(1, 2, 3)", "Rebecca", "hsl(120 100% 50%)", "hsl(1, 2, 3)")]
    [True, True, False, True, False]
    """
    text = text.lower().strip()
    if text in COLOUR_WORDS:
        return True
    if "(" not in text:
        return bool(re.fullmatch(r"#?([0-9a-f]{3}|[0-9a-f]{4}|[0-9a-f]{6}|[0-9a-f]{8})", text))
    function, opening, content = text[:-1].partition("(")
    if not text.endswith(")") or "(" in content:
        return False
    function, content = function.strip(), content.strip()
    if function not in ("rgb", "rgba", "hsl", "hsla", "lab", "lch"):
        return True
    values, alpha = re.split(r"[\s,]+", content), None
    if function in ("lab", "lch"):
        content, *alphas = content.split("/")
        values, alpha = re.split(r"[\s,]+", content.strip()), alphas[0].strip() if alphas else None
        if len(alphas) > 1:
            return False
    elif len(values) == 4:
        alpha = values.pop()
    return _is_alpha(alpha) and (_is_zero(alpha) or _are_components(function, values)) and len(values) == 3


def _is_alpha(text: str | None) -> bool:
    if text is None:
        return True
    number = real(text)
    return number is not None and "%" not in text[:-1] and 0 <= number / (100 if text.endswith("%") else 1) <= 1


def _is_zero(text: str | None) -> bool:
    return text is not None and real(text) == 0


def _are_components(function: str, values: Sequence[str]) -> bool:
    if any("%" in value[:-1] or real(value) is None for value in values):
        return False
    percentages = [value.endswith("%") for value in values]
    if function.startswith("rgb"):
        return len(set(percentages)) == 1
    return percentages == ([False, True, True] if function.startswith("hsl") else [True, False, False])


def _first(query: dict[str, str], *keys: str) -> str | None:
    return next((query[key] for key in keys if query.get(key)), None)


def _selectors(query: dict[str, str]) -> tuple[str, str, str]:
    """Those of the rules of all icons, of one icon, and of one icon that overrides the first."""
    common, icon, override = (
        selector if selector and not re.search("[{}]", re.sub(r"\{(name|prefix)\}", "", selector)) else ""
        for selector in (
            cleaned(_first(query, "commonSelector", "common")),
            cleaned(_first(query, "iconSelector", "selector")),
            cleaned(_first(query, "overrideSelector", "override")),
        )
    )
    return (common, icon, override) if icon else (DEFAULT_COMMON, DEFAULT_ICON, DEFAULT_COMMON + DEFAULT_ICON)


def _variable(query: dict[str, str], mode: str) -> str | None:
    asked = query.get("varName") or query.get("var")
    if asked is not None and VARIABLE.match(asked):
        return None if not asked or asked == "null" or truth(asked) is False else asked
    return "svg" if mode == "mask" else None


def _common_rules(mode: str, variable: str | None, pseudo: bool | None) -> Rules:
    rules = {"display": "inline-block", "width": "1em", "height": "1em"}
    if pseudo:
        rules["content"] = "''"
    if mode == "background":
        if variable:
            rules["background-image"] = f"var(--{variable})"
        return rules | {"background-repeat": "no-repeat", "background-size": "100% 100%"}
    rules["background-color"] = "currentColor"
    values = {"image": f"var(--{variable})" if variable else "", "repeat": "no-repeat", "size": "100% 100%"}
    for name, value in values.items():
        if value:
            rules |= {f"-webkit-mask-{name}": value, f"mask-{name}": value}
    return rules


def _icon_rules(icon: Json, mode: str, variable: str | None, colour: str, square: bool) -> Rules:
    body, (left, top, width, height) = placed(icon)
    rules: Rules = {}
    if width != height and square:
        side = max(width, height)
        left, top, width, height = left - (side - width) / 2, top - (side - height) / 2, side, side
    elif width != height:
        rules["width"] = str(scaled("1em", width / height))
    attributes = {
        "viewBox": view_box_text((left, top, width, height)),
        "width": number_text(width),
        "height": number_text(height),
    }
    svg = document(body.replace("currentColor", colour), attributes)
    for plain, escaped in ESCAPED.items():
        svg = svg.replace(plain, escaped)
    address = f'url("data:image/svg+xml,{SPACE.sub(" ", svg)}")'
    if variable:
        rules[f"--{variable}"] = address
    elif mode == "background":
        rules["background-image"] = address
    else:
        rules |= {"-webkit-mask-image": address, "mask-image": address}
    return rules


def _written(entries: Sequence[tuple[str, Rules]], style: str) -> str:
    start, before, end, between = FORMATS[style]
    return between.join(
        selector + start + ";".join(before.format(key) + value for key, value in rules.items()) + end
        for selector, rules in entries
    )
