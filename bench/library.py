"""The icons that are indexed: which, in what groups, and as files for the import."""

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
UNSEEN = "carbon"  # the set that no network of this project was trained on
FLAG_SETS = frozenset({"cif", "circle-flags", "flag", "flagpack"})
FLAG_EMOJI = frozenset({"emojione", "emojione-v1", "noto-v1", "openmoji", "twemoji"})  # with flags among others
NO_FLAG = "flag-in-hole"  # golf
GROUPS = ("rest", "unseen", "palette", "flags")
PARTS = re.compile(r'<svg [^>]*viewBox="([^"]*)">(.*)</svg>', re.DOTALL)


@dataclass(frozen=True)
class Library:
    icons: dict[str, str]  # SVG by id, `prefix:name`
    palettes: frozenset[str]  # prefixes of the sets whose icons have colours of their own
    files: tuple[Path, ...] = ()  # what is imported to get just these icons; none: it is to be written

    def group(self, icon: str) -> str:
        """One of GROUPS: country flags, other icons in colour, the unseen set, and the rest."""
        prefix, _, name = icon.partition(":")
        if prefix in FLAG_SETS or prefix in FLAG_EMOJI and name.startswith("flag-") and name != NO_FLAG:
            return "flags"
        return "palette" if prefix in self.palettes else "unseen" if prefix == UNSEEN else "rest"

    def part(self, number: int, seed: int, kept: Iterable[str] = ()) -> "Library":
        """So many of the icons, drawn at random, those that are to be kept among them."""
        if number >= len(self.icons):
            return self
        must = sorted(set(kept) & self.icons.keys())
        others = sorted(self.icons.keys() - set(must))
        chosen = sorted([*must, *Random(seed).sample(others, max(0, number - len(must)))])
        return Library({icon: self.icons[icon] for icon in chosen}, self.palettes)

    def write(self, folder: Path) -> Sequence[Path]:
        """What to import: the original files, or new ones in the folder."""
        if self.files:
            return self.files
        sets: dict[str, dict[str, dict[str, object]]] = defaultdict(dict)
        for icon, svg in self.icons.items():
            prefix, _, name = icon.partition(":")
            box, body = PARTS.fullmatch(svg).groups()  # type: ignore[union-attr]  # icon_svg wrote it
            sets[prefix][name] = {"body": body, **ViewBox.parse(box)._asdict()}
        folder.mkdir()
        for prefix, icons in sets.items():
            info = {"name": prefix, "palette": prefix in self.palettes}
            (folder / f"{prefix}.json").write_text(json.dumps({"prefix": prefix, "info": info, "icons": icons}))
        return [folder]


def choose(icons: Sequence[str], source: Path | None, seed: int) -> Library:
    """The library that `--icons` names: demo, all, a number, or files. Raises SourceError."""
    if list(icons) == ["demo"]:
        return read([DEMO])
    if len(icons) > 1 or not (icons[0] == "all" or icons[0].isdigit()):
        return read([Path(icon).resolve() for icon in icons])
    folder = (source or packages.package(ALL_OF_ICONIFY) / "json").resolve()
    everything = replace(read(sorted(folder.glob("*.json"))), files=(folder,))
    return everything if icons[0] == "all" else everything.part(max(1, int(icons[0])), seed)


def read(files: Sequence[Path]) -> Library:
    """The visible icons of Iconify JSON files. Raises SourceError."""
    icons: dict[str, str] = {}
    palettes: set[str] = set()
    for file in tqdm(files, "Reading", unit=" sets", disable=None if len(files) > 1 else True, leave=False):
        pack = read_file(file)
        if pack.info.palette:
            palettes.add(pack.info.prefix)
        for item in pack.icons:
            if isinstance(item, SourceIcon) and not item.hidden:
                icons[f"{pack.info.prefix}:{item.name}"] = str(item.svg)
    if not icons:
        raise SourceError("There are no icons in these files, or no files.")
    return Library(icons, frozenset(palettes), tuple(files))
