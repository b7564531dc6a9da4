"""Whether the regions that the site tells of a screen are its icons."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.screens import Screen
from search.vision.crops import FractionBox

OVERLAP = 0.5  # intersection over union from which on a region is the icon's
AREA_FACTOR = 2.5  # a region whose centre is in the icon may be this many times larger or smaller


@dataclass(frozen=True)
class RegionCounts:
    """How the icons of some screens came back."""

    icons: int  # on the screens
    regions: int  # icons that have a region
    right: int  # icons that have a region with the right icon in the first place
    spurious: int  # regions that match no icon, and nothing neutral


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
    screens: Sequence[Screen],
    answers: Sequence[Sequence[Mapping[str, Any]]],
    is_right: Callable[[str, str], bool],
) -> RegionCounts:
    """Compare the regions of each answer with the icons of its screen; `is_right` takes the truth and an answer."""
    icons = regions = right = spurious = 0
    for screen, answer in zip(screens, answers, strict=True):
        icons += len(screen.icons)
        matched = {
            index for index, region in enumerate(answer) if any(covers(region["box"], box) for box in screen.neutral)
        }
        for placed in screen.icons:
            own = [
                index for index, region in enumerate(answer) if any(matches(region["box"], box) for box in placed.boxes)
            ]
            matched.update(own)
            regions += bool(own)
            firsts = [answer[index]["results"][0]["icon"] for index in own if answer[index]["results"]]
            right += any(is_right(placed.icon, first) for first in firsts)
        spurious += len(answer) - len(matched)
    return RegionCounts(icons, regions, right, spurious)


def covers(region: Sequence[float], box: FractionBox) -> bool:
    """Whether most of a region lies within this box, a part of which may be outside the picture."""
    left, top, width, height = region
    shared_width = min(left + width, box[0] + box[2]) - max(left, box[0])
    shared_height = min(top + height, box[1] + box[3]) - max(top, box[1])
    return max(0, shared_width) * max(0, shared_height) > width * height / 2 or matches(region, box)
