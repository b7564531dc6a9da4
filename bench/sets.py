"""Whether the set that the site names is the set of a group of icons."""

from bench.client import Answer
from bench.judging import Judge
from bench.screens import Screen

SHARED = 0.8  # the share of a group's icons that another set has to have for its name to be as right


def names_set(judge: Judge, screen: Screen, answer: Answer) -> bool:
    """Whether the first set of the answer is that of the screen's icons, or has the same drawings.

    A set has the drawing of an icon if it has an icon of the same name that looks the same, or if one of its icons
    that looks the same is among the results of a region.
    """
    if not answer.sets or not screen.icons:
        return False
    prefix = answer.sets[0]
    if all(placed.icon.startswith(f"{prefix}:") for placed in screen.icons):
        return True
    regions = () if answer.regions is None else answer.regions
    listed = [result["icon"] for region in regions for result in region["results"]]
    own = [icon for icon in dict.fromkeys(listed) if icon.startswith(f"{prefix}:")]
    shared = 0
    for placed in screen.icons:
        candidates = [f"{prefix}:{placed.icon.partition(':')[2]}", *own]
        shared += any(judge.looks_same(placed.icon, candidate) for candidate in candidates)
    return shared >= SHARED * len(screen.icons)
