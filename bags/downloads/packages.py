"""For programs: the icons as Iconify JSON, and as a package for npm."""

import json
from collections.abc import Sequence
from typing import Any

from bags.downloads.archives import LICENCES, Files, licences, tarred
from bags.downloads.download import Wanted, short_names
from icons.exporting.svg_text import drawn, iconify_icon

# What JavaScript and TypeScript take for words of their own where a module names what it exports.
RESERVED = """
    arguments await break case catch class const continue debugger default delete do else enum eval export extends
    false finally for function if implements import in instanceof interface let new null package private protected
    public return static super switch this throw true try typeof undefined var void while with yield
"""


def iconify_json(wanted: Wanted) -> bytes:
    """One object as https://iconify.design/docs/types/iconify-json.html tells, which our import reads again."""
    names = short_names(wanted.icons)
    icons = {name: iconify_icon(icon) for name, icon in zip(names, wanted.icons, strict=True)}
    data = {"prefix": wanted.name, "info": _info(wanted), "icons": icons}
    return (json.dumps(data, indent=2, ensure_ascii=False) + "\n").encode()


def npm_package(wanted: Wanted) -> bytes:
    """A .tgz as `npm install FILE` takes it: every icon as a constant, as a file, and all as Iconify JSON."""
    names = short_names(wanted.icons)
    svgs = {name: drawn(icon, wanted.look) for name, icon in zip(names, wanted.icons, strict=True)}
    constants = identifiers(names)
    files: Files = {
        "package.json": json.dumps(_manifest(wanted.name), indent=2) + "\n",
        "README.md": _readme(wanted.name, names[0], constants[0]),
        LICENCES: licences(wanted.icons),
        "index.js": _script(svgs, constants),
        "index.d.ts": _types(constants),
        "icons.json": iconify_json(wanted),
        **{f"svg/{name}.svg": svg for name, svg in svgs.items()},
    }
    return tarred({f"package/{path}": contents for path, contents in files.items()})


def identifiers(names: Sequence[str]) -> list[str]:
    """A name for JavaScript each: `arrow-left` is arrowLeft, `3d` and `delete` icon3d and iconDelete; all differ."""
    taken: dict[str, None] = {}  # a set that keeps the order
    for name in names:
        first, *others = name.split("-")
        camel = first + "".join(map(str.capitalize, others))
        if camel in RESERVED.split() or camel[0].isdigit():
            camel = "icon" + camel[0].upper() + camel[1:]
        number, one = 1, camel
        while one in taken:
            number += 1
            one = f"{camel}_{number}"
        taken[one] = None
    return list(taken)


def _info(wanted: Wanted) -> dict[str, Any]:
    sets = list(dict.fromkeys(icon.set for icon in wanted.icons))
    licences = list(dict.fromkeys(of.licence or of.licence_spdx or "unknown" for of in sets))
    licence = {"title": ", ".join(licences)[:200]}
    ids = {of.licence_spdx for of in sets}
    if len(ids) == 1 and "" not in ids:
        licence["spdx"] = ids.pop()
    authors = list(dict.fromkeys(of.author for of in sets if of.author))
    author = {"name": ", ".join(authors)[:200] or "unknown"}
    if len(sets) == 1 and sets[0].source:
        author["url"] = sets[0].source
    info = {"name": wanted.name, "total": len(wanted.icons), "author": author, "license": licence}
    return {**info, "palette": any(of.palette for of in sets)}


def _manifest(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "version": "1.0.0",
        "description": "Icons, as SVG and as Iconify JSON",
        "type": "module",
        "license": f"SEE LICENSE IN {LICENCES}",
        "sideEffects": False,
        "types": "./index.d.ts",
        "exports": {
            ".": {"types": "./index.d.ts", "default": "./index.js"},
            "./icons.json": "./icons.json",
            "./svg/*": "./svg/*",
            "./package.json": "./package.json",
        },
    }


def _script(svgs: dict[str, str], constants: Sequence[str]) -> str:
    lines = [f"export const {one} = {json.dumps(svg)};" for one, svg in zip(constants, svgs.values(), strict=True)]
    pairs = [f'  "{name}": {one},' for name, one in zip(svgs, constants, strict=True)]
    return "\n".join([*lines, "", "/** Every icon's SVG by its name. */", "export default {", *pairs, "};", ""])


def _types(constants: Sequence[str]) -> str:
    lines = [f"export const {one}: string;" for one in constants]
    return "\n".join([*lines, "", "declare const icons: Record<string, string>;", "export default icons;", ""])


def _readme(name: str, icon: str, constant: str) -> str:
    return f"""# {name}

```js
import {{ {constant} }} from "{name}"; // the text of an SVG
import icons from "{name}"; // all of them: icons["{icon}"]
```

Single files are at `{name}/svg/{icon}.svg`; all icons as Iconify JSON are in `{name}/icons.json`.
Whose the icons are, and what is allowed, is in {LICENCES}.
"""
