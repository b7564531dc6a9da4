"""An icon as text for a program or a page.

Each function takes an icon, a look, and the credit to write beside the icon, which may be empty.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote
from xml.etree.ElementTree import Element

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from icons.exporting.credit import in_comment
from icons.exporting.look import Look
from icons.exporting.svg_text import icon_svg_text, view_box_of
from icons.models import Icon
from icons.svg.markup import parse
from icons.svg.paints import Palette
from icons.svg.view_box import ViewBox

STYLED_IN_REACT = ("mask-type", "transform-origin")
NUMBER = re.compile(r"-?[\d.]+(?![\w%.])")  # a length without a unit, which CSS does not take
PROVIDER = "iconsite"  # what clients of Iconify are to call this site
IN_DATA = " !$'()*+,-./:;=?@_~"  # characters that a data: address within double quotes holds as they are


@dataclass(frozen=True)
class CodeFormat:
    """A language in which somebody uses an icon."""

    key: str  # names the format in ids of the page
    title: str | Promise  # names it to people
    write: Callable[[Icon, Look, str], str]

    def text(self, icon: Icon, look: Look, credit: str, site: str) -> str:
        """The icon in this language; `site` is the address of this site, "https://icons.example.org".

        Iconify's own server has public sets alone: clients are told to fetch icons of any other set from here.
        """
        if self.write is iconify_element and not icon.set.is_public:
            return f"{provider_script(site)}\n{iconify_element(icon, look, credit, f'@{PROVIDER}:')}"
        return self.write(icon, look, credit)


def jsx(icon: Icon, look: Look, credit: str) -> str:
    """A React component, to which any attribute of <svg> may be given."""
    comment = f"// {credit}\n" if credit else ""
    body = _indented(_jsx(parse(icon_svg_text(icon, look)), " {...props}"), 4)
    return f"{comment}export function {component(icon)}(props) {{\n  return (\n{body}\n  );\n}}\n"


def vue(icon: Icon, look: Look, credit: str) -> str:
    """A component for Vue, which gives its attributes to the <svg> by itself."""
    return f"{_comment(credit)}<template>\n  {icon_svg_text(icon, look)}\n</template>\n"


def svelte(icon: Icon, look: Look, credit: str) -> str:
    """A component for Svelte 5, to which any attribute of <svg> may be given."""
    svg = icon_svg_text(icon, look).replace("{", "&#123;").replace("}", "&#125;").replace(">", " {...props}>", 1)
    return f"<script>\n  let props = $props();\n</script>\n\n{_comment(credit)}{svg}\n"


def data_uri(icon: Icon, look: Look, credit: str) -> str:
    """A data: address of the icon's SVG, without double quotes."""
    return encoded(icon_svg_text(icon, look, credit))


def css(icon: Icon, look: Look, credit: str) -> str:
    """A rule for the class `prefix-name`, which shows the icon.

    An icon of one colour takes the colour of the text around it; other icons keep theirs.
    """
    view_box = _turned_view_box(icon, look)
    scale, unit = (look.size or 1) / view_box.longer_side, "px" if look.size else "em"
    sides = [f"width: {view_box.width * scale:.4g}{unit}", f"height: {view_box.height * scale:.4g}{unit}"]
    lines = ["display: inline-block", *sides]
    if Palette(parse(icon.svg)).fixed:
        lines.append(f'background: url("{encoded(icon_svg_text(icon, look))}") center / contain no-repeat')
    else:
        lines.append(f"background-color: {look.colour or 'currentColor'}")
        shape = f'url("{encoded(icon_svg_text(icon, replace(look, colour="")))}")'
        lines += [f"{name}: {shape} center / contain no-repeat" for name in ("-webkit-mask", "mask")]
    comment = f"/* {credit.replace('*/', '* /')} */\n" if credit else ""
    rules = "".join(f"  {line};\n" for line in lines)
    return f"{comment}.{_css_identifier(icon.public_id.replace(':', '-'))} {{\n{rules}}}\n"


def iconify_element(icon: Icon, look: Look, credit: str, provider: str = "") -> str:
    """The web component of Iconify, which fetches the icon by its id; it cannot change strokes.

    `provider` is written before the id, "@iconsite:", where another server than Iconify's has the icon.
    """
    view_box = _turned_view_box(icon, look)
    flips = [name for name, flipped in (("horizontal", look.flip_x), ("vertical", look.flip_y)) if flipped]
    pairs = {
        "icon": provider + icon.public_id,
        "width" if view_box.width >= view_box.height else "height": look.size,
        "rotate": f"{90 * look.rotate}deg" if look.rotate else "",
        "flip": ",".join(flips),
        "style": f"color: {look.colour}" if look.colour else "",
    }
    attributes = "".join(f' {name}="{value}"' for name, value in pairs.items() if value)
    return f"{_comment(credit)}<iconify-icon{attributes}></iconify-icon>"


def iconify_id(icon: Icon, look: Look, credit: str) -> str:
    """The id `prefix:name`, by which programs of Iconify know the icon; it says nothing of look and credit."""
    return icon.public_id


def django_tag(icon: Icon, look: Look, credit: str) -> str:
    """The template tag of icons.templatetags.icons, after the tag that loads it."""
    flip = "x" * look.flip_x + "y" * look.flip_y
    pairs = {"size": look.size, "colour": look.colour, "stroke": look.stroke, "rotate": look.rotate, "flip": flip}
    arguments = "".join(f" {name}={json.dumps(value)}" for name, value in pairs.items() if value)
    comment = f"{{# {credit.replace('#}', '# }')} #}}" if credit else ""
    return f'{{% load icons %}}{comment}{{% icon "{icon.public_id}"{arguments} %}}'


CODE_FORMATS = [
    CodeFormat("svg", "SVG", icon_svg_text),
    CodeFormat("jsx", "JSX (React)", jsx),
    CodeFormat("vue", "Vue", vue),
    CodeFormat("svelte", "Svelte", svelte),
    CodeFormat("css", "CSS", css),
    CodeFormat("data", _("Data URI"), data_uri),
    CodeFormat("iconify", "iconify-icon", iconify_element),
    CodeFormat("id", _("Iconify id"), iconify_id),
    CodeFormat("django", _("Django template"), django_tag),
]


def code_format(key: str) -> CodeFormat:
    """The format of this key. Raises KeyError."""
    return {each.key: each for each in CODE_FORMATS}[key]


def component(icon: Icon) -> str:
    """The name of a component that shows the icon, such as IconArrowLeft2."""
    return "Icon" + "".join(word.capitalize() for word in icon.name.split("-"))


def encoded(svg: str) -> str:
    """The data: address of an SVG; only characters that must be are escaped."""
    return "data:image/svg+xml," + quote(svg.replace("'", "&#39;").replace('"', "'"), safe=IN_DATA)


def provider_script(site: str) -> str:
    """What tells <iconify-icon> where this site is; it must stand before the script of the component."""
    return f"<script>window.IconifyProviders = {json.dumps({PROVIDER: provider(site)})}</script>"


def provider(site: str) -> dict[str, Any]:
    """What clients of Iconify are to know of this site, whose address is given."""
    return {"resources": [site], "path": "/iconify/"}


def _turned_view_box(icon: Icon, look: Look) -> ViewBox:
    """The view box once the icon is turned."""
    return view_box_of(parse(icon.svg)).turned(look.rotate)


def _css_identifier(name: str) -> str:
    """The name as CSS writes it: a digit at the beginning is escaped as its code point, as CSS.escape() does."""
    return f"\\{ord(name[0]):x} {name[1:]}" if name[0].isdigit() else name


def _comment(credit: str) -> str:
    return f"<!-- {in_comment(credit)} -->\n" if credit else ""


def _jsx(element: Element, more: str = "") -> str:
    """An element in JSX, with each of its children on lines of their own; `more` follows the element's attributes."""
    pairs = {name: value for name, value in element.attrib.items() if name != "style" and name not in STYLED_IN_REACT}
    attributes = "".join(f" {_camel(name)}={_jsx_value(value)}" for name, value in pairs.items())
    attributes += _jsx_style(element)
    if not len(element):
        return f"<{element.tag}{attributes}{more} />"
    inside = "\n".join(_indented(_jsx(child), 2) for child in element)
    return f"<{element.tag}{attributes}{more}>\n{inside}\n</{element.tag}>"


def _jsx_style(element: Element) -> str:
    """The styles of an element, and the attributes that React 18 knows as styles alone, as an attribute of JSX."""
    pairs = (pair.partition(":") for pair in element.get("style", "").split(";") if pair)
    styles = {key.strip(): text.strip() for key, _colon, text in pairs}
    for name in STYLED_IN_REACT:
        if name in element.attrib:
            styles[name] = NUMBER.sub(r"\g<0>px", element.attrib[name])
    return f" style={{{json.dumps({_camel(key): text for key, text in styles.items()})}}}" if styles else ""


def _jsx_value(value: str) -> str:
    return '"' + value.replace("&", "&amp;").replace('"', "&quot;") + '"'


def _camel(name: str) -> str:
    return re.sub("-([a-z])", lambda match: match[1].upper(), name)


def _indented(text: str, spaces: int) -> str:
    return "\n".join(" " * spaces + line for line in text.split("\n"))
