"""Whether the regions that the site tells of a toolbar are its icons."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.toolbars import Toolbar
from search.vision.crops import FractionBox

OVERLAP = 0.4  # intersection over union from which on a region is the icon's
AREA_FACTOR = 3  # a region whose centre is in the icon may be this many times larger or smaller


@dataclass(frozen=True)
class RegionCounts:
    """How the icons of some toolbars came back."""

    icons: int  # on the toolbars
    regions: int  # icons that have a region
    right: int  # icons that have a region with the right icon in the first place
    spurious: int  # regions that match no icon


def matches(region: Sequence[float], box: FractionBox) -> bool:
    """Whether a region, left, top, width and height as fractions, is this icon's.

    It is if both overlap, or if they are in the same place and about as large.
    """
    region_left, region_top, region_width, region_height = region
    left, top, width, height = box
    shared_width = min(region_left + region_width, left + width) - max(region_left, left)
    shared_height = min(region_top + region_height, top + height) - max(region_top, top)
    shared = max(0, shared_width) * max(0, shared_height)
    region_area, area = region_width * region_height, width * height
    if shared >= OVERLAP * (region_area + area - shared) > 0:
        return True
    centred = left <= region_left + region_width / 2 <= left + width
    centred = centred and top <= region_top + region_height / 2 <= top + height
    return centred and area / AREA_FACTOR <= region_area <= area * AREA_FACTOR


def count_regions(
    toolbars: Sequence[Toolbar],
    answers: Sequence[Sequence[Mapping[str, Any]]],
    is_right: Callable[[str, str], bool],
) -> RegionCounts:
    """Compare the regions of each answer with the icons of its toolbar; `is_right` takes the truth and an answer."""
    icons = regions = right = spurious = 0
    for toolbar, answer in zip(toolbars, answers, strict=True):
        icons += len(toolbar.icons)
        matched: set[int] = set()
        for placed in toolbar.icons:
            own = [
                index for index, region in enumerate(answer) if any(matches(region["box"], box) for box in placed.boxes)
            ]
            matched.update(own)
            regions += bool(own)
            firsts = [answer[index]["results"][0]["icon"] for index in own if answer[index]["results"]]
            right += any(is_right(placed.icon, first) for first in firsts)
        spurious += len(answer) - len(matched)
    return RegionCounts(icons, regions, right, spurious)
