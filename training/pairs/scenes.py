"""Small icons as programs show them, and which icons those are: what the second stage finds hardest."""

from collections.abc import Iterable
from random import Random

from bench.conditions import CONDITIONS
from bench.scenes import Scene, colour_pair, css
from icons.set_usage import usage_or_known

# px, on a screen without scaling; most icons of programs are 16 px large or a little less or more.
SIDES = (9, 10, 11, 12, 12, 13, 13, 14, 14, 14, 15, 16, 16, 16, 16, 17, 18, 18, 19, 20, 20, 22, 24, 24, 28, 32)
SMALL = 0.8  # share of the scenes that are of this kind; the others are the conditions of the benchmark
BY_USE = 0.6  # share of the icons that are drawn by how much their set is used; the others all alike
LITTLE_USED = 1000  # downloads a month, added to those of every set


class IconChoice:
    """Which icons are shown: most of them of sets that are much used, as on screens."""

    def __init__(self, icons: Iterable[str]) -> None:
        self.icons = sorted(icons)
        self.by_set: dict[str, list[str]] = {}
        for icon in self.icons:
            self.by_set.setdefault(icon.partition(":")[0], []).append(icon)
        self.sets = sorted(self.by_set)
        self.weights = [(LITTLE_USED + (usage_or_known(prefix, None) or 0)) ** 0.5 for prefix in self.sets]

    def draw(self, rng: Random) -> str:
        """An icon's id, `prefix:name`."""
        if rng.random() >= BY_USE:
            return rng.choice(self.icons)
        return rng.choice(self.by_set[rng.choices(self.sets, self.weights)[0]])


def random_scene(rng: Random) -> Scene:
    """A scene to learn from."""
    return small_icon(rng) if rng.random() < SMALL else CONDITIONS[rng.choice(list(CONDITIONS))](rng)


def small_icon(rng: Random) -> Scene:
    """An icon of 9 to 32 px on a light or dark page, or in two colours, at 1 to 2 times the resolution.

    Some have the edges of subpixel rendering, some are half transparent, and some are kept as JPEG or WebP.
    """
    side = float(rng.choice(SIDES))
    ink, background = _theme(rng)
    ratio, stripes = float(rng.choices((1, 1.25, 1.5, 2), (60, 10, 12, 18))[0]), ""
    if ratio > 1:
        side = max(9, round(side / ratio * rng.choice((1, 1.3))))
    if rng.random() < 0.15:
        ratio, stripes = 3, rng.choice(("RGB", "RGB", "BGR"))
    file_format = rng.choices(("PNG", "WEBP", "JPEG"), (62, 15, 23))[0]
    margins = rng.uniform(1, 6), rng.uniform(1, 6), rng.uniform(1, 6), rng.uniform(1, 6)
    return Scene(
        side,
        rng.choice((0, 0, 0, 0.25, 0.5, 0.33)),
        margins,
        ink,
        background,
        f"opacity:{rng.uniform(0.55, 0.95):.2f}" if rng.random() < 0.25 else "",
        pixel_ratio=ratio,
        subpixels=stripes,
        file_format=file_format,
        quality=0 if file_format == "PNG" else rng.randint(62, 95),
    )


def _theme(rng: Random) -> tuple[tuple[int, int, int], str]:
    """The ink, and the background as CSS."""
    if rng.random() < 0.25:
        ink, background = colour_pair(rng)
        return ink, css(background)
    light, dark = rng.randint(200, 250), rng.randint(10, 100)
    if rng.random() < 0.45:
        light, dark = rng.randint(150, 250), rng.randint(10, 60)
        return (light, light, light), css((dark, dark + rng.randint(0, 8), dark + rng.randint(0, 8)))
    return (dark, dark + rng.randint(0, 8), dark + rng.randint(0, 12)), css((light, light, light))
