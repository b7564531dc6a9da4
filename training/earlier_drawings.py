"""Collects how icons of public sets were drawn before: `python -m training.earlier_drawings`.

Reads every release of @iconify/json in RELEASES, newer drawings of the same icon after older ones, keeps what looks
different from the icon as it is now and from its other earlier drawings, and writes icons/data/earlier_drawings.zip.
What a release has is kept in the folder of work, so that the command may be stopped and run again.
"""

import argparse
import gzip
import json
import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from zipfile import ZIP_LZMA, ZipFile, ZipInfo

import django
from django.core.exceptions import ValidationError
from tqdm import tqdm

from icons.importing import npm
from icons.importing.earlier import KNOWN
from icons.importing.iconify_json import VIEW_BOX, icon_svg
from icons.set_usage import known_usage
from icons.shapes import MOST, Shape, look_different, shapes
from icons.svg import clean_svg

Json = dict[str, Any]

WORK = Path(__file__).parents[1] / "var" / "earlier"
# Every twelfth, from the first on: from 2019 to a few weeks before the icons as they are now.
RELEASES = (
    *("1.0.0", "1.1.248", "1.1.285", "1.1.307", "1.1.322", "1.1.337", "1.1.354", "1.1.375", "1.1.390", "1.1.403"),
    *("1.1.416", "1.1.431", "1.1.444", "1.1.459", "2.0.23", "2.1.6", "2.1.19", "2.1.32", "2.1.46", "2.1.61", "2.1.73"),
    *("2.1.88", "2.1.102", "2.1.114", "2.1.127", "2.1.140", "2.1.152", "2.2.4", "2.2.20", "2.2.32", "2.2.44", "2.2.58"),
    *("2.2.70", "2.2.83", "2.2.95", "2.2.107", "2.2.119", "2.2.131", "2.2.143", "2.2.157", "2.2.169", "2.2.181"),
    *("2.2.193", "2.2.205", "2.2.217", "2.2.229", "2.2.241", "2.2.253", "2.2.265", "2.2.277", "2.2.289", "2.2.301"),
    *("2.2.313", "2.2.325", "2.2.337", "2.2.349", "2.2.362", "2.2.376", "2.2.388", "2.2.400", "2.2.412", "2.2.424"),
    *("2.2.436", "2.2.449", "2.2.461", "2.2.473", "2.2.486", "2.2.501", "2.2.516", "2.2.529"),
)
USED = 20_000  # downloads a month from which on a set's earlier drawings are worth their place
HEAD = """# How icons of public sets were drawn before

`earlier_drawings.zip` has, for each of these sets, drawings of its icons that look different from today's: those of
{releases} releases of the npm package @iconify/json, beside {present}. `python -m training.earlier_drawings` makes it.
An import of a set of Iconify under one of these prefixes takes them along. Each drawing has its set's licence.

| set | author | licence | drawings |
|---|---|---|---|
"""
ZIPPED_AT = (1980, 1, 1, 0, 0, 0)  # as early as can be: the same drawings give the same file


def main() -> None:
    """Read the command line, and write the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, default=WORK, help="the folder of work")
    parser.add_argument("--write", type=Path, default=KNOWN, help="the file to write")
    args = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iconsite.settings")
    django.setup()
    present = {prefix: data for prefix, data in _sets(_kept(args.work, npm.ALL_OF_ICONIFY)) if _is_wanted(data)}
    before: dict[str, dict[str, list[Json]]] = {prefix: defaultdict(list) for prefix in present}
    for release in tqdm(RELEASES, unit=" releases"):
        for prefix, data in _sets(_kept(args.work, f"@iconify/json@{release}")):
            if prefix in present:
                _collect(before[prefix], data, present[prefix])
    lines = [HEAD.format(releases=len(RELEASES), present=npm.ALL_OF_ICONIFY)]
    with ZipFile(args.write, "w", ZIP_LZMA) as archive:
        for prefix in tqdm(sorted(present), unit=" sets"):
            different = {
                name: chosen
                for name, icons in sorted(before[prefix].items())
                if (chosen := _different(icons, present[prefix]["icons"][name], present[prefix]))
            }
            if different:
                info = present[prefix]["info"]
                fields = prefix, info["author"]["name"], info["license"]["spdx"], sum(map(len, different.values()))
                lines.append("| {} | {} | {} | {:,} |\n".format(*fields))
                member = {"licence": info["license"]["title"], "author": info["author"]["name"], "earlier": different}
                archive.writestr(
                    ZipInfo(f"{prefix}.json", ZIPPED_AT), json.dumps(member, separators=(",", ":")), ZIP_LZMA
                )
    args.write.with_suffix(".md").write_text("".join(lines))


def _is_wanted(data: Json) -> bool:
    """Whether people meet the set often, and anybody may pass it on within another work.

    Drawings in several colours are not found by their shapes alone.
    """
    info = data.get("info", {})
    copyleft = info.get("license", {}).get("spdx", "").startswith(("GPL", "CC-BY-SA", "CC-BY-NC"))
    return known_usage().get(data["prefix"], 0) >= USED and not info.get("palette") and not copyleft


def _kept(work: Path, package: str) -> Path:
    """A folder with the sets of this release that are used at all, each as compressed JSON."""
    folder = work / package.replace("/", "+")
    if not folder.exists():
        work.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=work) as draft:
            kept = Path(draft) / "kept"
            kept.mkdir()
            for path in npm.unpack(package, Path(draft)).glob("json/*.json"):
                if known_usage().get(path.stem, 0) >= USED:
                    with open(path, "rb") as source, gzip.open(kept / f"{path.stem}.json.gz", "wb", 3) as target:
                        shutil.copyfileobj(source, target)
            kept.rename(folder)
    return folder


def _sets(folder: Path) -> Iterator[tuple[str, Json]]:
    for path in sorted(folder.glob("*.json.gz")):
        yield path.name.removesuffix(".json.gz"), json.loads(gzip.decompress(path.read_bytes()))


def _collect(before: dict[str, list[Json]], data: Json, present: Json) -> None:
    """Add the icons of an earlier release that are written otherwise than today's icons of their names.

    Animated ones are left out: a picture shows any moment of them, the one at which they rest too seldom.
    """
    for name, icon in data["icons"].items():
        if "<animate" in icon["body"]:
            continue
        today = _today(name, present)
        earlier = _written_out(icon, data)
        if today and earlier != _written_out(present["icons"][today], present) and earlier not in before[today]:
            before[today].append(earlier)


def _today(name: str, present: Json) -> str | None:
    """The name that an icon of this name has today, if it is still there, and not a drawing of another."""
    aliases = present.get("aliases", {})
    while name not in present["icons"]:
        alias = aliases.get(name)
        if alias is None or alias.keys() - {"parent", "hidden"}:
            return None
        name = alias["parent"]
    return name


def _written_out(icon: Json, data: Json) -> Json:
    """The drawing without its set's defaults, in which releases differ."""
    sizes = {key: icon.get(key, data.get(key, default)) for key, default in VIEW_BOX.items()}
    other = {key: size for key, size in sizes.items() if size != VIEW_BOX[key]}
    return {"body": icon["body"], **other}


def _different(earlier: Sequence[Json], icon: Json, data: Json) -> list[Json]:
    """Those of the earlier drawings, the oldest first, that look different from the icon and from newer ones."""
    known: list[Shape] = []
    chosen: list[Json] = []
    drawn = shapes([_cleaned(icon, data), *(_cleaned(before, {}) for before in reversed(earlier))])
    for before, shape in zip([None, *reversed(earlier)], drawn, strict=True):
        if shape is not None and look_different(shape, known):
            known.append(shape)
            chosen += [before] if before else []
    return chosen[:MOST][::-1]


def _cleaned(icon: Json, defaults: Mapping[str, Any]) -> str:
    """The SVG as it would be stored; one that would be refused is no drawing at all."""
    try:
        return clean_svg(icon_svg(icon, dict(defaults))).svg
    except (ValidationError, ValueError):
        return ""


if __name__ == "__main__":
    main()
