"""A set as an npm package shaped like @iconify-json/PREFIX, which tools that know Iconify find by that name."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from iconify.archives import Files
from iconify.exporting import Selection, iconify_json, json_text

Json = dict[str, Any]
FIRST_VERSION = "1.0.0"  # of a set that has none of the form that npm wants


def data_files(selection: Selection) -> dict[str, Json]:
    """The package's JSON files: `icons`, `info`, `metadata` and, where there are any, `chars`."""
    data = iconify_json(selection)
    info = {"prefix": data["prefix"], **data.pop("info", {})}
    metadata: Json = {key: data.pop(key) for key in ("categories", "prefixes", "suffixes") if key in data}
    chars = data.pop("chars", None)
    files: dict[str, Json] = {"icons": data, "info": info, "metadata": metadata}
    return files if chars is None else {**files, "chars": chars}


def npm_files(selection: Selection, version: str = "") -> Files:
    """The files of the package; `version` is its own, by default that of the set."""
    files = data_files(selection)
    info = files["info"]
    version = version or (info["version"] if _is_version(info.get("version")) else FIRST_VERSION)
    yield "package/package.json", json.dumps(_manifest(info, version, list(files)), ensure_ascii=False, indent=2) + "\n"
    yield "package/README.md", _readme(info)
    for name, contents in files.items():
        yield f"package/{name}.json", json_text(contents)
    yield "package/index.js", _entry('const {name} = require("./{name}.json");', "exports.{name} = {name};", files)
    yield "package/index.mjs", _entry('import {name} from "./{name}.json" with {{ type: "json" }};', "", files)
    yield "package/index.d.ts", _types(files)


def _is_version(text: object) -> bool:
    parts = text.split(".") if isinstance(text, str) else []
    return len(parts) == 3 and all(part.isdecimal() and part.isascii() for part in parts)


def _manifest(info: Json, version: str, names: Sequence[str]) -> Json:
    licence = info.get("license")
    return {
        "name": f"@iconify-json/{info['prefix']}",
        "description": f"{info.get('name', info['prefix'])} icon set in Iconify JSON format",
        "version": version,
        "license": (licence.get("spdx") if isinstance(licence, dict) else "") or "SEE LICENSE IN info.json",
        "main": "index.js",
        "module": "index.mjs",
        "types": "index.d.ts",
        "exports": {
            "./*": "./*",
            ".": {"types": "./index.d.ts", "require": "./index.js", "import": "./index.mjs"},
            **{f"./{name}.json": f"./{name}.json" for name in names},
        },
    }


def _readme(info: Json) -> str:
    licence, author = info.get("license"), info.get("author")
    title = licence.get("title", "Unknown") if isinstance(licence, dict) else "Unknown"
    name = author.get("name", "Unknown") if isinstance(author, dict) else "Unknown"
    return (
        f"# {info.get('name', info['prefix'])}\n\nIcons as Iconify JSON, prefix `{info['prefix']}`.\n\n"
        f"Author: {name}. Licence: {title}.\n"
    )


def _entry(first: str, last: str, names: Iterable[str]) -> str:
    names = list(names)
    lines = [first.format(name=name) for name in names]
    lines += [last.format(name=name) for name in names] if last else [f"export {{ {', '.join(names)} }};"]
    return "\n".join([*lines, ""])


def _types(names: Iterable[str]) -> str:
    types = {"icons": "import('@iconify/types').IconifyJSON", "info": "import('@iconify/types').IconifyInfo"}
    lines = [f"export declare const {name}: {types.get(name, 'Record<string, unknown>')};" for name in names]
    return "\n".join([*lines, ""])
