"""The icons that are indexed: which they are, in what groups, and as files for the import."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from tqdm import tqdm

from bench import packages
from bench.own_site import ROOT
from icons.importing.iconify_json import read_file
from icons.importing.npm import ALL_OF_ICONIFY
from icons.importing.packs import SourceError, SourceIcon
from icons.svg.view_box import ViewBox

DEMO = ROOT / "demo" / "tabler.json"
UNSEEN = "carbon"  # the prefix of a set that no network of this project was trained on
FLAG_SETS = frozenset({"cif", "circle-flags", "flag", "flagpack"})
FLAG_EMOJI = frozenset({"emojione", "emojione-v1", "noto-v1", "openmoji", "twemoji"})  # sets that hold flags, too
NO_COUNTRY = "flag-in-hole"  # the flag on a golf course
GROUPS = ("rest", "unseen", "palette", "flags")
SVG_ELEMENT = re.compile(r'<svg [^>]*viewBox="([^"]*)">(.*)</svg>', re.DOTALL)


@dataclass(frozen=True)
class Library:
    """Icons, and what the benchmark knows of their sets."""

    icons: dict[str, str]  # SVG by id, `prefix:name`
    palettes: frozenset[str]  # prefixes of the sets whose icons have colours of their own
    files: tuple[Path, ...] = ()  # whose import gives just these icons; empty if they have to be written first

    def group(self, icon: str) -> str:
        """The group of an icon, which is in GROUPS: country flags, other icons in colour, the unseen set, the rest."""
        prefix, _, name = icon.partition(":")
        if prefix in FLAG_SETS or prefix in FLAG_EMOJI and name.startswith("flag-") and name != NO_COUNTRY:
            return "flags"
        return "palette" if prefix in self.palettes else "unseen" if prefix == UNSEEN else "rest"

    def sample(self, number: int, seed: int, include: Iterable[str] = ()) -> "Library":
        """A library of `number` of the icons, drawn at random, the `include` among them."""
        if number >= len(self.icons):
            return self
        included = sorted(set(include) & self.icons.keys())
        rest = sorted(self.icons.keys() - set(included))
        chosen = sorted([*included, *Random(seed).sample(rest, max(0, number - len(included)))])
        return Library({icon: self.icons[icon] for icon in chosen}, self.palettes)

    def write(self, folder: Path) -> Sequence[Path]:
        """The files to import: the original ones, or else new ones, which are written into the folder."""
        if self.files:
            return self.files
        sets: dict[str, dict[str, dict[str, object]]] = defaultdict(dict)
        for icon, svg in self.icons.items():
            prefix, _, name = icon.partition(":")
            sets[prefix][name] = _iconify_icon(svg)
        folder.mkdir()
        for prefix, icons in sets.items():
            info = {"name": prefix, "palette": prefix in self.palettes}
            (folder / f"{prefix}.json").write_text(json.dumps({"prefix": prefix, "info": info, "icons": icons}))
        return [folder]


def choose(icons: Sequence[str], source: Path | None, seed: int) -> Library:
    """The library that `--icons` names: demo, all, a number, or files. Raises SourceError.

    `source` is a folder of Iconify's JSON files, which are downloaded where it is None.
    """
    if list(icons) == ["demo"]:
        return read([DEMO])
    if len(icons) > 1 or not (icons[0] == "all" or icons[0].isdigit()):
        return read([Path(icon).resolve() for icon in icons])
    folder = (source or packages.package(ALL_OF_ICONIFY) / "json").resolve()
    everything = replace(read(sorted(folder.glob("*.json"))), files=(folder,))
    return everything if icons[0] == "all" else everything.sample(max(1, int(icons[0])), seed)


def read(files: Sequence[Path]) -> Library:
    """The visible icons of Iconify JSON files. Raises SourceError."""
    icons: dict[str, str] = {}
    palettes: set[str] = set()
    for file in tqdm(files, "Reading", unit=" sets", disable=None if len(files) > 1 else True, leave=False):
        pack = read_file(file)
        if pack.info.palette:
            palettes.add(pack.info.prefix)
        for source_icon in pack.icons:
            if isinstance(source_icon, SourceIcon) and not source_icon.hidden:
                icons[f"{pack.info.prefix}:{source_icon.name}"] = str(source_icon.svg)
    if not icons:
        raise SourceError("There are no icons in these files, or no files.")
    return Library(icons, frozenset(palettes), tuple(files))


def _iconify_icon(svg: str) -> dict[str, object]:
    """An icon of Iconify JSON from an SVG that `icon_svg` of the import wrote."""
    element = SVG_ELEMENT.fullmatch(svg)
    assert element is not None
    view_box, body = element.groups()
    return {"body": body, **ViewBox.parse(view_box)._asdict()}
