"""Which part of a picture is meant: the whole, or one of the regions that may be icons on it."""

import math
from collections.abc import Sequence

from search.detection.regions import Region
from search.matching.matches import Match

# The odds that something is an icon, by its looks and by what the library has: from which a region is told, the same
# where there are more than SOME of them, and from which an answer may be called confident. A crop is of icons mostly,
# while a whole page has dots, boxes to tick and letters in circles as well.
LEAST_ODDS, SOME, AMONG_MANY, EVEN = 1 / 3, 12, 3, 1
DOUBTFUL = 0.2  # looks below which no answer is called confident for them: the corner of a table is a rectangle, too
# Up to so many regions are parts of one icon where the whole picture has a match that scores so high.
FEW, SURELY_WHOLE = 4, 0.8
SURELY_THERE = 0.95  # probability of the library having all that is drawn from which no part of it is meant instead
WHOLE = 2  # times as often as a region the whole is meant where both look alike: an icon of parts, say
# Odds from which a region is an icon although its looks leave that open, as those of a ring do, and the probability of
# the whole below which the library rather lacks it, so that nothing speaks against that.
CLEARLY, LACKING = 10, 0.5
LONG = 1.5  # times as wide as it is high, or the other way round, from which a picture is a row


def is_told(looks: float, matches: Sequence[Match], among: int = 1) -> bool:
    """Whether one of so many places is told as an icon, by its looks, 0 to 1, and by its matches."""
    return _is_icon(looks, matches, LEAST_ODDS if among <= SOME else AMONG_MANY)


def is_shown(looks: float, matches: Sequence[Match], of_whole: bool) -> bool:
    """Whether an icon is shown rather than something else, so that an answer may be called confident.

    `of_whole` says whether the matches are those of the whole picture.
    """
    return looks >= DOUBTFUL and _is_icon(looks, matches, EVEN) or of_whole and _is_surely_whole(matches)


def are_parts(number: int, of_whole: Sequence[Match]) -> bool:
    """Whether so many regions are no icons but nothing, or parts of the whole, which is meant."""
    return number == 1 or number <= FEW and bool(of_whole) and of_whole[0].score >= SURELY_WHOLE


def region_meant(
    size: tuple[int, int], regions: Sequence[Region], of_whole: Sequence[Match], of_regions: Sequence[Sequence[Match]]
) -> int | None:
    """The index of the region that is most likely meant; None where the whole is likelier.

    A region is meant if it looks like an icon and the library has it, the whole if none of the regions looks like one
    and the library has the whole.
    """
    if not regions:
        return None
    # Not by scores: an icon that many sets have shares its score with all of them, but is there none the less.
    present = [_present(matches) for matches in of_regions]
    likeliest = max(range(len(regions)), key=lambda index: likelihood(regions[index], size) * present[index])
    whole = _present(of_whole)
    # Of regions that show the same, such as three dots in a row, only the likeliest speaks against the whole.
    looks: dict[int, float] = {}
    for region, matches in zip(regions, of_regions, strict=True):
        looks[matches[0].icon_id] = max(looks.get(matches[0].icon_id, 0), region.confidence)
    if (_is_surely_whole(of_whole) or len(looks) == 1 < len(regions)) and whole >= present[likeliest]:
        return None  # the region is a part of an icon: the arrow in a box, say
    if _is_icon(regions[likeliest].confidence, of_regions[likeliest], CLEARLY) and whole < LACKING:
        return likeliest
    none_is_icon = math.prod(1 - confidence for confidence in looks.values())
    is_icon = regions[likeliest].confidence * present[likeliest]
    return likeliest if is_icon > WHOLE * none_is_icon * whole else None


def rather_meant(
    size: tuple[int, int], places: Sequence[Region], of_whole: Sequence[Match], of_places: Sequence[Sequence[Match]]
) -> int | None:
    """The index of the one of a few places that is meant although none is told, since the library lacks the whole.

    So is the square or the dash before a word, which looks like a box to tick or a part of the text. None where the
    whole is likelier.
    """
    if not 0 < len(places) <= FEW or (whole := _present(of_whole)) >= LACKING:
        return None
    present = [_present(matches) for matches in of_places]
    likeliest = max(range(len(places)), key=lambda index: likelihood(places[index], size) * present[index])
    return likeliest if WHOLE * present[likeliest] > whole else None


def region_of_the_same(of_whole: Sequence[Match], of_regions: Sequence[Sequence[Match]]) -> int | None:
    """The index of the first region that shows the very icon that the whole is taken for; None if there is none."""
    same = {pk for match in of_whole[:1] for pk in match.icon_ids}
    best = [matches[0].icon_id if matches else None for matches in of_regions]
    return next((index for index, icon in enumerate(best) if icon in same), None)


def likelihood(region: Region, size: tuple[int, int]) -> float:
    """How likely a region of a picture of that width and height, px, is the one meant.

    That is one that is surely an icon, large, and near the middle; along a picture that is long, a button or a row of a
    menu, rather the first, since an icon leads and what follows explains it or is a neighbour.
    """
    x, y, width, height = region.box
    across, down = x + width / 2, y + height / 2
    off_centre = [2 * abs(across - 0.5), 2 * abs(down - 0.5)]
    if size[0] > LONG * size[1]:
        off_centre[0] = across
    elif size[1] > LONG * size[0]:
        off_centre[1] = down
    return float(region.confidence * (width * height) ** 0.5 * (1.1 - max(off_centre)))


def _is_icon(looks: float, matches: Sequence[Match], odds: float) -> bool:
    """Whether the odds of something being an icon are at least these, by its looks and by whether the library has it.

    These are two independent signs, whose odds are multiplied.
    """
    if not matches:  # of a filter that lets nothing through, say
        return False
    present = _present(matches)
    return looks * present >= odds * (1 - looks) * (1 - present)


def _is_surely_whole(matches: Sequence[Match]) -> bool:
    """Whether the library surely has all that is drawn, with the strokes that it is drawn with."""
    return bool(matches) and matches[0].whole and matches[0].stroke is None and matches[0].present >= SURELY_THERE


def _present(matches: Sequence[Match]) -> float:
    return matches[0].present if matches else 0.0
