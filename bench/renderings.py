"""Pictures of icons that other people drew: the PNG files of the npm package material-design-icons (2016)."""

from collections.abc import Mapping
from random import Random

from PIL import Image

from bench import packages
from bench.judging import shape
from bench.pictures import on_white, opaque
from bench.screenshots import Query

PACKAGE = "material-design-icons@3.0.1"  # Apache 2.0
SET, START = "ic", "ic:baseline-"
SAME = 0.9  # the correlation below which the icon was drawn anew since 2016
RESOLUTIONS = ("1x_web", "2x_web")  # 24 and 48 px


def renderings(icons: Mapping[str, str], number: int, rng: Random) -> list[Query]:
    """Black ones and white ones in turn, both on nothing; none without the set. Raises SourceError."""
    if not any(icon.startswith(START) for icon in icons):
        return []
    folder = packages.package(PACKAGE)
    names = {}
    for path in sorted(folder.glob("*/1x_web/ic_*_black_24dp.png")):
        icon = START + path.name.removeprefix("ic_").removesuffix("_black_24dp.png").replace("_", "-")
        if icon in icons:
            names[icon] = path
    queries: list[Query] = []
    for icon in rng.sample(sorted(names), len(names)):
        if len(queries) == number:
            break
        colour, resolution = ("black", "white")[len(queries) % 2], rng.choice(RESOLUTIONS)
        path = names[icon]
        if float(shape(opaque(Image.open(path))) @ shape(on_white(icons[icon], 64))) < SAME:
            continue
        file = path.parent.parent / resolution / path.name.replace("_black_", f"_{colour}_")
        if file.exists():
            queries.append(Query(f"PNG, {colour}", icon, file.read_bytes()))
    return queries
