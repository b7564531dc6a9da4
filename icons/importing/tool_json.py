"""JSON that other tools keep their icons in: IcoMoon, Fontello and iconfont.cn."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import PurePosixPath
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from icons.importing.guard import read_each
from icons.importing.naming import Named, names_of
from icons.importing.packs import Pack, Rejected, SetInfo, SourceError, SourceIcon
from icons.names import is_chinese
from icons.svg.markup import attributes as written

FONTELLO_HEIGHT = 1000  # units, of every glyph
ICOMOON_SIDE = 1024  # units, of a glyph whose file says nothing else
DRAWN = re.compile(r"fill|opacity|stroke(-[a-z]+)?|fill-rule")  # attributes that IcoMoon keeps of a path
Entry = tuple[str, dict[str, Any]]


def read_pack(data: Any, info: SetInfo) -> Pack | None:
    """The pack of parsed JSON of one of these tools, else None. Raises SourceError where it holds no drawings."""
    if not isinstance(data, dict):
        return None
    if data.get("IcoMoonType") == "selection" and isinstance(data.get("icons"), list):
        height = data.get("height", ICOMOON_SIDE)
        return _pack(_named(data["icons"], _icomoon_name), lambda entry: _icomoon_svg(entry, height), info)
    glyphs = data.get("glyphs")
    if isinstance(glyphs, list) and "css_prefix_text" in data:
        if any(isinstance(glyph, dict) and "font_class" in glyph for glyph in glyphs):
            raise SourceError(
                _(
                    "This is the list of names of an iconfont.cn project, which holds no drawings. Download the icons"
                    " there as SVG files, and import the zip of them."
                )
            )
        return _pack(_named(glyphs, lambda glyph: glyph.get("css")), _fontello_svg, info)
    return None


def _pack(entries: Sequence[Entry], svg_of: Callable[[dict[str, Any]], str], info: SetInfo) -> Pack:
    names = names_of([Named(f"{index}#{text}", (text,)) for index, (text, _entry) in enumerate(entries)])
    files = [PurePosixPath(text).name[:255] for text, _entry in entries]

    def read(item: tuple[str, str, Entry]) -> SourceIcon:
        name, file, (text, entry) = item
        return SourceIcon(name, svg_of(entry), file_name=file, name_zh=text[:200] if is_chinese(text) else "")

    def reject(item: tuple[str, str, Entry], reason: str) -> Rejected:
        return Rejected(item[2][0], reason, icon=item[0], file=("", item[1]))

    items = list(zip(names, files, entries, strict=True))
    known = frozenset(("", file) for file, count in Counter(files).items() if count == 1)
    return Pack(info, read_each(items, read, reject), len(items), files=known)


def _named(entries: list[Any], name_of: Callable[[dict[str, Any]], Any]) -> list[Entry]:
    named = []
    for index, entry in enumerate(entries):
        whole = entry if isinstance(entry, dict) else {}
        text = name_of(whole)
        named.append((text if isinstance(text, str) and text else f"icon-{index + 1}", whole))
    return named


def _icomoon_name(entry: dict[str, Any]) -> Any:
    properties = entry.get("properties")
    # Several names of one glyph are separated by commas; the first is that of its class.
    text = properties.get("name") if isinstance(properties, dict) else None
    return text.partition(",")[0].strip() if isinstance(text, str) else None


def _icomoon_svg(entry: dict[str, Any], height: Any) -> str:
    icon = entry["icon"] if isinstance(entry.get("icon"), dict) else {}
    paths = icon.get("paths")
    if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
        raise ValidationError(_("The icon needs “paths” that are a list of texts."))
    width = icon.get("width", height)
    attributes = icon["attrs"] if isinstance(icon.get("attrs"), list) else []
    body = "".join(
        f"<path{written(_drawn(attributes[index] if index < len(attributes) else None) | {'d': path})}/>"
        for index, path in enumerate(paths)
    )
    return f"<svg{written({'viewBox': f'0 0 {width} {height}'})}>{body}</svg>"


def _drawn(attributes: Any) -> dict[str, str]:
    if not isinstance(attributes, dict):
        return {}
    return {name: str(value) for name, value in attributes.items() if DRAWN.fullmatch(name)}


def _fontello_svg(glyph: dict[str, Any]) -> str:
    svg = glyph.get("svg")
    if not isinstance(svg, dict) or not isinstance(svg.get("path"), str):
        raise ValidationError(
            _("Fontello keeps no drawing of this icon, which is from the font “%(font)s”: import that set itself.")
            % {"font": str(glyph.get("src", "?"))[:50]}
        )
    width = svg.get("width", FONTELLO_HEIGHT)
    frame = written({"viewBox": f"0 0 {width} {FONTELLO_HEIGHT}"})
    return f"<svg{frame}><path{written({'d': svg['path']})}/></svg>"
