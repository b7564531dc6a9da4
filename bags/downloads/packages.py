"""Downloads for programs: the icons as Iconify JSON, and as a package for npm."""

import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from bags.downloads.archives import Files, tarred
from bags.downloads.download import Download, short_names
from bags.downloads.licence_texts import LICENCES, licences
from icons.exporting.code import PROVIDER, provider, provider_script
from icons.exporting.credit import UNKNOWN
from icons.exporting.svg_text import icon_svg_text, iconify_icon
from icons.models import Icon

# Words that JavaScript or TypeScript reserve, so that a module cannot export something under such a name.
RESERVED = """
    arguments await break case catch class const continue debugger default delete do else enum eval export extends
    false finally for function if implements import in instanceof interface let new null package private protected
    public return static super switch this throw true try typeof undefined var void while with yield
"""


def iconify_json(download: Download) -> bytes:
    """The icons in the format of https://iconify.design/docs/types/iconify-json.html, which the import reads, too.

    Raises ValidationError at the deadline.
    """
    names = short_names(download.icons)
    icons = {name: iconify_icon(icon) for name, icon in download.in_time(zip(names, download.icons, strict=True))}
    data = {"prefix": download.name, "info": _info(download), "icons": icons}
    return (json.dumps(data, indent=2, ensure_ascii=False) + "\n").encode()


def npm_package(download: Download) -> bytes:
    """A .tgz as `npm install FILE` takes it: every icon as a constant and as a file, and all as Iconify JSON.

    Raises ValidationError at the deadline.
    """
    names = short_names(download.icons)
    icons = download.in_time(zip(names, download.icons, strict=True))
    svgs = {name: icon_svg_text(icon, download.look) for name, icon in icons}
    constants = identifiers(names)
    files: Files = {
        "package.json": json.dumps(_manifest(download.name), indent=2) + "\n",
        "README.md": _readme(download.name, names[0], constants[0]) + _server(download.icons[0]),
        LICENCES: licences(download.icons),
        "index.js": _script(svgs, constants),
        "index.d.ts": _types(constants),
        "icons.json": iconify_json(download),
        **{f"svg/{name}.svg": svg for name, svg in svgs.items()},
    }
    return tarred(download, {f"package/{path}": contents for path, contents in files.items()})


def identifiers(names: Sequence[str]) -> list[str]:
    """A different JavaScript identifier for each name.

    >>> identifiers(["arrow-left", "3d", "delete", "a-1", "a1"])
    ['arrowLeft', 'icon3d', 'iconDelete', 'a1', 'a1_2']
    """
    taken: dict[str, None] = {}  # a set that keeps the order
    for name in names:
        first_word, *words = name.split("-")
        camel = first_word + "".join(map(str.capitalize, words))
        if camel in RESERVED.split() or camel[0].isdigit():
            camel = "icon" + camel[0].upper() + camel[1:]
        number, identifier = 1, camel
        while identifier in taken:
            number += 1
            identifier = f"{camel}_{number}"
        taken[identifier] = None
    return list(taken)


def _info(download: Download) -> dict[str, Any]:
    """What Iconify JSON says of a set as a whole, made of what is known of the sets of the icons."""
    sets = list(dict.fromkeys(icon.set for icon in download.icons))
    titles = list(dict.fromkeys(icon_set.licence_title or UNKNOWN for icon_set in sets))
    licence = {"title": ", ".join(titles)[:200]}
    ids = {icon_set.licence_spdx for icon_set in sets}
    if len(ids) == 1 and "" not in ids:
        licence["spdx"] = ids.pop()
    authors = list(dict.fromkeys(icon_set.author for icon_set in sets if icon_set.author))
    author = {"name": ", ".join(authors)[:200] or UNKNOWN}
    if len(sets) == 1 and sets[0].source:
        author["url"] = sets[0].source
    info = {"name": download.name, "total": len(download.icons), "author": author, "license": licence}
    return {**info, "palette": any(icon_set.palette for icon_set in sets)}


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
    texts = zip(constants, svgs.values(), strict=True)
    lines = [f"export const {constant} = {json.dumps(svg)};" for constant, svg in texts]
    pairs = [f'  "{name}": {constant},' for name, constant in zip(svgs, constants, strict=True)]
    comment = _("The SVG of every icon, by its name.")
    return "\n".join([*lines, "", f"/** {comment} */", "export default {", *pairs, "};", ""])


def _types(constants: Sequence[str]) -> str:
    lines = [f"export const {constant}: string;" for constant in constants]
    return "\n".join([*lines, "", "declare const icons: Record<string, string>;", "export default icons;", ""])


def _readme(name: str, icon: str, constant: str) -> str:
    """How to use the package, for its user, who reads the language in which the package was asked for."""
    svg = _("the SVG as a text")
    svgs = _('all icons: icons["%(icon)s"]') % {"icon": icon}
    files = _("Single files are at `%(file)s`. All icons as Iconify JSON are in `%(json)s`.")
    rights = _("%(file)s names the authors of the icons and their licences.")
    return f"""# {name}

```js
import {{ {constant} }} from "{name}"; // {svg}
import icons from "{name}"; // {svgs}
```

{files % {"file": f"{name}/svg/{icon}.svg", "json": f"{name}/icons.json"}}
{rights % {"file": LICENCES}}
"""


def _server(icon: Icon) -> str:
    """How clients of Iconify get the icons from this site, shown by one of them."""
    site = settings.SITE_URL
    sentence = _("Clients of Iconify can fetch these icons from %(site)s instead:") % {"site": site}
    components = _("components of React, Vue and Svelte")
    element = f'<iconify-icon icon="@{PROVIDER}:{icon.public_id}"></iconify-icon>'
    return f"""
## Iconify

{sentence}

```js
import {{ addAPIProvider }} from "@iconify/react"; // @iconify/vue, @iconify/svelte: {components}
addAPIProvider("{PROVIDER}", {json.dumps(provider(site))});
```

```html
{provider_script(site)}
{element}
```
"""
