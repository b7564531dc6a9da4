"""An icon as text for a program or a page: each function takes an icon, a look and a credit, which may be empty."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import quote
from xml.etree.ElementTree import Element

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from icons.exporting.look import Look, drawn, in_comment
from icons.models import Icon
from icons.svg.markup import parse
from icons.svg.paints import fixed_paints

IN_DATA = " !$'()*+,-./:;=?@_~"  # what may stand in a data: address within double quotes as it is


@dataclass(frozen=True)
class Format:
    """A way to use an icon. `key` names it in addresses and pages, `title` to people."""

    key: str
    title: str | Promise
    write: Callable[[Icon, Look, str], str]


def jsx(icon: Icon, look: Look, credit: str) -> str:
    """A React component, to which any attribute of <svg> may be given."""
    comment = f"// {credit}\n" if credit else ""
    body = _indented(_jsx(parse(drawn(icon, look)), " {...props}"), 4)
    return f"{comment}export function {component(icon)}(props) {{\n  return (\n{body}\n  );\n}}\n"


def vue(icon: Icon, look: Look, credit: str) -> str:
    """A component for Vue, which gives its attributes to the <svg> by itself."""
    return f"{_comment(credit)}<template>\n  {drawn(icon, look)}\n</template>\n"


def svelte(icon: Icon, look: Look, credit: str) -> str:
    """A component for Svelte 5, to which any attribute of <svg> may be given."""
    svg = drawn(icon, look).replace("{", "&#123;").replace("}", "&#125;").replace(">", " {...props}>", 1)
    return f"<script>\n  let props = $props();\n</script>\n\n{_comment(credit)}{svg}\n"


def data_uri(icon: Icon, look: Look, credit: str) -> str:
    """An address that holds the icon; it has no double quotes."""
    return encoded(drawn(icon, look, credit))


def css(icon: Icon, look: Look, credit: str) -> str:
    """A rule for a class: icons of one colour take that of the text around them, others show their own."""
    width, height = _sides(icon, look)
    scale, unit = (look.size or 1) / max(width, height), "px" if look.size else "em"
    lines = ["display: inline-block", f"width: {width * scale:.4g}{unit}", f"height: {height * scale:.4g}{unit}"]
    if fixed_paints(parse(icon.svg)):
        lines.append(f'background: url("{encoded(drawn(icon, look))}") center / contain no-repeat')
    else:
        lines.append(f"background-color: {look.colour or 'currentColor'}")
        shape = f'url("{encoded(drawn(icon, replace(look, colour="")))}")'
        lines += [f"{name}: {shape} center / contain no-repeat" for name in ("-webkit-mask", "mask")]
    comment = f"/* {credit.replace('*/', '* /')} */\n" if credit else ""
    rules = "".join(f"  {line};\n" for line in lines)
    return f"{comment}.{icon.public_id.replace(':', '-')} {{\n{rules}}}\n"


def iconify_element(icon: Icon, look: Look, credit: str) -> str:
    """The web component of Iconify, which fetches the icon by its id; it cannot change strokes."""
    width, height = _sides(icon, look)
    flips = [name for name, wanted in (("horizontal", look.flip_x), ("vertical", look.flip_y)) if wanted]
    pairs = {
        "icon": icon.public_id,
        "width" if width >= height else "height": look.size,
        "rotate": f"{90 * look.rotate}deg" if look.rotate else "",
        "flip": ",".join(flips),
        "style": f"color: {look.colour}" if look.colour else "",
    }
    attributes = "".join(f' {name}="{value}"' for name, value in pairs.items() if value)
    return f"{_comment(credit)}<iconify-icon{attributes}></iconify-icon>"


def iconify_id(icon: Icon, look: Look, credit: str) -> str:
    return icon.public_id


def django_tag(icon: Icon, look: Look, credit: str) -> str:
    """The tag of icons.templatetags.icons, with what it needs to be loaded."""
    flip = "x" * look.flip_x + "y" * look.flip_y
    pairs = {"size": look.size, "colour": look.colour, "stroke": look.stroke, "rotate": look.rotate, "flip": flip}
    words = "".join(f" {name}={json.dumps(value)}" for name, value in pairs.items() if value)
    comment = f"{{# {credit.replace('#}', '# }')} #}}" if credit else ""
    return f'{{% load icons %}}{comment}{{% icon "{icon.public_id}"{words} %}}'


FORMATS = [
    Format("svg", "SVG", drawn),
    Format("jsx", "JSX (React)", jsx),
    Format("vue", "Vue", vue),
    Format("svelte", "Svelte", svelte),
    Format("css", "CSS", css),
    Format("data", _("Data URI"), data_uri),
    Format("iconify", "iconify-icon", iconify_element),
    Format("id", _("Iconify id"), iconify_id),
    Format("django", _("Django template"), django_tag),
]


def component(icon: Icon) -> str:
    """What a component of the icon is called: IconArrowLeft2."""
    return "Icon" + "".join(word.capitalize() for word in icon.name.split("-"))


def encoded(svg: str) -> str:
    """An SVG as a data: address, no longer than it must be."""
    return "data:image/svg+xml," + quote(svg.replace("'", "&#39;").replace('"', "'"), safe=IN_DATA)


def _sides(icon: Icon, look: Look) -> tuple[float, float]:
    """Width and height of the view box, once the icon is turned."""
    width, height = map(float, parse(icon.svg).attrib["viewBox"].split()[2:])
    return (height, width) if look.rotate % 2 else (width, height)


def _comment(credit: str) -> str:
    return f"<!-- {in_comment(credit)} -->\n" if credit else ""


def _jsx(element: Element, more: str = "") -> str:
    """An element with one line for each one in it, as JSX writes attributes; `more` follows those of the root."""
    attributes = "".join(f" {_camel(name)}={_jsx_value(name, value)}" for name, value in element.attrib.items())
    if not len(element):
        return f"<{element.tag}{attributes}{more} />"
    inside = "\n".join(_indented(_jsx(child), 2) for child in element)
    return f"<{element.tag}{attributes}{more}>\n{inside}\n</{element.tag}>"


def _jsx_value(name: str, value: str) -> str:
    if name == "style":
        pairs = (pair.partition(":") for pair in value.split(";") if pair)
        style = json.dumps({_camel(key.strip()): text.strip() for key, _colon, text in pairs})
        return f"{{{style}}}"
    return '"' + value.replace("&", "&amp;").replace('"', "&quot;") + '"'


def _camel(name: str) -> str:
    return re.sub("-([a-z])", lambda found: found[1].upper(), name)


def _indented(text: str, spaces: int) -> str:
    return "\n".join(" " * spaces + line for line in text.split("\n"))
