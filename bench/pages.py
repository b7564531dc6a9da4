"""Pages with several icons between text, and squares of the surroundings of an icon, cut out of such pages."""

from collections.abc import Sequence
from random import Random

from PIL import Image
from tqdm import tqdm

from bench.drafts import Draft, random_skin
from bench.library import Library
from bench.page_parts import ANY_GROUP, GROUPS, ICONS_OF_GROUPS, REPEATED
from bench.scenes import Box
from bench.screens import Screen, by_set, cut_out, fractions, is_within, overlaps, placed
from bench.screenshots import Browser, Query, encode

PIXEL_RATIOS = (1, 1, 1.5, 2)
PAGE = 1480, 940  # CSS px, in which every group fits
EDGE = 16  # CSS px from the edges of the page to the group
MOST_MARGIN = 10  # CSS px around a group that is cropped
SET_OF_ITS_OWN = 0.7  # the share of pages with icons of a single set
SQUARES_OF_A_PAGE = 4  # at most
SQUARES = 3, 8  # sides of an icon that a side of the surroundings takes, at least and at most
FROM_EDGE = 0.15  # of the side of the surroundings; how far from their edges the icon stays, where that is possible

Drawn = tuple[Image.Image, dict[str, list[Box]], Draft, float]  # page, marks, draft and pixels in a CSS px


def pages(drawer: Browser, library: Library, number: int, rng: Random) -> list[Screen]:
    """So many groups of icons, of each form in turn. Raises SourceError."""
    screens = []
    for index in tqdm(range(number), "Pages", unit=" queries", disable=None, leave=False):
        name = list(GROUPS)[index % len(GROUPS)]
        page, marks, draft, pixel_ratio = _draw(drawer, library, name, rng)
        left, top, width, height = marks["crop"][0]
        before, above, after, below = (rng.uniform(0, MOST_MARGIN) for _ in range(4))
        part = left - before, top - above, width + before + after, height + above + below
        picture, whole = cut_out(page, part, pixel_ratio)
        query = Query(name, "", encode(picture), pixels=draft.skin.side * pixel_ratio, traits=_traits(draft))
        screens.append(_screen(query, marks, draft, whole))
    return screens


def surroundings(drawer: Browser, library: Library, number: int, rng: Random) -> list[Screen]:
    """Squares around an icon, from pages of all forms; the one icon is what is asked for. Raises SourceError.

    Whatever else is an icon there, whole or in part, is neutral.
    """
    screens: list[Screen] = []
    bar = tqdm(total=number, desc="Surroundings", unit=" queries", disable=None, leave=False)
    for index in range(-(-number // SQUARES_OF_A_PAGE)):
        drawn = _draw(drawer, library, list(GROUPS)[index % len(GROUPS)], rng)
        visible = sorted(_visible(drawn[1], drawn[2]))
        chosen = rng.sample(visible, min(SQUARES_OF_A_PAGE, len(visible), number - len(screens)))
        screens += [_square(drawn, key, rng) for key in chosen]
        bar.update(len(chosen))
    return screens


def _square(drawn: Drawn, chosen: int, rng: Random) -> Screen:
    page, marks, draft, pixel_ratio = drawn
    boxes = _visible(marks, draft)
    picture, whole = cut_out(page, square_around(boxes[chosen], rng), pixel_ratio)
    icon, svg = draft.icons[chosen]
    others = [marks[f"icon {key}"][0] for key in range(draft.drawn) if key != chosen]
    neutral = [fractions(box, whole) for box in [*others, *marks.get("neutral", [])] if overlaps(box, whole)]
    query = Query("surroundings", icon, encode(picture), boxes[chosen][2] * pixel_ratio, _traits(draft))
    return Screen(query, (placed(icon, svg, boxes[chosen], whole),), tuple(neutral))


def square_around(box: Box, rng: Random) -> Box:
    """A square of 3 to 8 sides of an icon that holds the whole box, anywhere but at the very edge of the square."""
    left, top, width, height = box
    side = max(width, height) * rng.uniform(*SQUARES)
    margin = FROM_EDGE * side
    x, y = (start - rng.uniform(margin, side - length - margin) for start, length in ((left, width), (top, height)))
    return x, y, side, side


def _draw(drawer: Browser, library: Library, name: str, rng: Random) -> Drawn:
    skin, pixel_ratio = random_skin(rng), rng.choice(PIXEL_RATIOS)
    icons = [(icon, library.icons[icon]) for icon in _choose(library, name, rng)]
    draft = Draft(rng, skin, icons)
    html = f'<div style="padding:{EDGE}px;width:max-content">{GROUPS[name](draft)}</div>'
    page, marks = drawer.capture(html, PAGE, pixel_ratio, skin.style)
    return page, marks, draft, pixel_ratio


def _choose(library: Library, name: str, rng: Random) -> Sequence[str]:
    """Icons for a group, most often of one set."""
    ids, sets = sorted(library.icons), by_set(library.icons)
    number = rng.randint(*ICONS_OF_GROUPS.get(name, ANY_GROUP))
    candidates = sets[rng.choice(ids).partition(":")[0]]
    if rng.random() > SET_OF_ITS_OWN or len(candidates) < number:
        candidates = ids
    chosen = rng.sample(candidates, min(number, len(candidates)))
    if name == "table":
        return [*chosen[: REPEATED[name]]] * 4
    if name == "window":
        return [*chosen, *chosen[-REPEATED[name] :]]
    return chosen


def _screen(query: Query, marks: dict[str, list[Box]], draft: Draft, whole: Box) -> Screen:
    boxes = _visible(marks, draft)
    icons = [placed(*draft.icons[key], box, whole) for key, box in boxes.items() if is_within(box, whole)]
    cut = [marks[f"icon {key}"][0] for key in range(draft.drawn) if key not in boxes]
    neutral = [fractions(box, whole) for box in [*cut, *marks.get("neutral", [])] if overlaps(box, whole)]
    return Screen(query, tuple(icons), tuple(neutral))


def _visible(marks: dict[str, list[Box]], draft: Draft) -> dict[int, Box]:
    """The boxes of the icons that lie within the group, whose overflow is hidden, by number."""
    group = marks["crop"][0]
    boxes = {key: marks[f"icon {key}"][0] for key in range(draft.drawn)}
    return {key: box for key, box in boxes.items() if is_within(box, group)}


def _traits(draft: Draft) -> tuple[str, ...]:
    return (f"language {draft.skin.language}", "dark" if draft.skin.dark else "light")
