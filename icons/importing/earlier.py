"""How icons of public sets were drawn before: what Iconsite brings along of it, see icons/data/earlier_drawings.md."""

import json
from functools import cache
from pathlib import Path
from zipfile import ZipFile

from icons.importing.iconify_json import icon_svg

KNOWN = Path(__file__).parents[1] / "data" / "earlier_drawings.zip"


def known_earlier(prefix: str) -> dict[str, tuple[str, ...]]:
    """By the name of an icon of the public set of this prefix, the SVGs of its earlier drawings, the oldest first.

    They are as they came, not cleaned.
    """
    if prefix not in known_prefixes():
        return {}
    with ZipFile(KNOWN) as archive:
        data = json.loads(archive.read(f"{prefix}.json"))
    return {name: tuple(icon_svg(icon, data) for icon in of_name) for name, of_name in data["earlier"].items()}


@cache
def known_prefixes() -> frozenset[str]:
    """The prefixes of the sets that it knows earlier drawings of; read once."""
    with ZipFile(KNOWN) as archive:
        return frozenset(name.removesuffix(".json") for name in archive.namelist())
