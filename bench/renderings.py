"""Pictures of icons that other people drew: the PNG files of the npm package material-design-icons of 2016."""

from collections.abc import Mapping
from pathlib import Path
from random import Random

from PIL import Image

from bench import packages
from bench.judging import drawing_vector
from bench.pictures import draw_on_white, flatten
from bench.screenshots import Query

PACKAGE = "material-design-icons@3.0.1"  # Apache 2.0
ID_PREFIX = "ic:baseline-"
SAME_DRAWING = 0.9  # the correlation below which an icon counts as drawn anew since 2016
RESOLUTIONS = ("1x_web", "2x_web")  # folders of files of 24 and of 48 px


def renderings(icons: Mapping[str, str], number: int, rng: Random) -> list[Query]:
    """Transparent pictures of icons, black and white in turn; none where the set is missing. Raises SourceError."""
    if not any(icon.startswith(ID_PREFIX) for icon in icons):
        return []
    files = _files(icons)
    queries: list[Query] = []
    for icon in rng.sample(sorted(files), len(files)):
        if len(queries) == number:
            break
        colour, resolution = ("black", "white")[len(queries) % 2], rng.choice(RESOLUTIONS)
        path = files[icon]
        published, ours = flatten(Image.open(path)), draw_on_white(icons[icon], 64)
        if float(drawing_vector(published) @ drawing_vector(ours)) < SAME_DRAWING:
            continue
        file = path.parent.parent / resolution / path.name.replace("_black_", f"_{colour}_")
        if file.exists():
            queries.append(Query(f"PNG, {colour}", icon, file.read_bytes()))
    return queries


def _files(icons: Mapping[str, str]) -> dict[str, Path]:
    """The files of 24 px in black, by the ids of those of the icons that the package has."""
    files = {}
    for path in sorted(packages.package(PACKAGE).glob("*/1x_web/ic_*_black_24dp.png")):
        name = path.name.removeprefix("ic_").removesuffix("_black_24dp.png")
        icon = ID_PREFIX + name.replace("_", "-")
        if icon in icons:
            files[icon] = path
    return files
