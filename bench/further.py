"""The queries of what people really paste: icons with labels, on pages, in weak conditions, and what is no icon."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random

from bench.conditions import CONDITIONS
from bench.decoys import decoys
from bench.labelled import labelled
from bench.library import Library
from bench.pages import pages, surroundings
from bench.screens import Screen
from bench.screenshots import Browser, Query, make_queries
from bench.strokes import stroked, strokes
from bench.toolbars import make_set_groups, make_toolbars
from bench.weak import WEAK, subpixel_pairs
from icons.importing.earlier import known_earlier

LABELLED, STROKES, SUBPIXEL_PAIRS, WEAK_CONDITIONS = "labelled", "strokes", "subpixel", "weak"
TOOLBARS, SURROUNDINGS, PAGES, SETS = "toolbars", "surroundings", "pages", "sets"
DECOYS, EARLIER = "decoys", "earlier"
# Each query shows exactly one icon that is asked for.
SINGLES = (LABELLED, STROKES, SUBPIXEL_PAIRS, WEAK_CONDITIONS, EARLIER)
SCREENS = (TOOLBARS, SURROUNDINGS, PAGES, SETS)  # the regions of the answer are looked at
OF_EARLIER = ("small", "themed", "dark", "jpeg")  # conditions in which earlier drawings are shown


@dataclass
class Further:
    """These queries, by what they show."""

    singles: dict[str, list[Query]] = field(default_factory=dict)  # by SINGLES
    screens: dict[str, list[Screen]] = field(default_factory=dict)  # by SCREENS
    decoys: list[Query] = field(default_factory=list)

    @property
    def queries(self) -> list[Query]:
        """All queries, in the order in which they are asked."""
        single = [query for queries in self.singles.values() for query in queries]
        shown = [screen.query for screens in self.screens.values() for screen in screens]
        return [*single, *self.decoys, *shown]


def add(further: Further, name: str, drawer: Browser, library: Library, share: int, rng: Random) -> None:
    """Make the queries of this name, `share` times as many as it takes for a figure. Raises SourceError."""
    if name == DECOYS:
        further.decoys += decoys(drawer, 4 * share, rng)
    elif name in SCREENS:
        further.screens[name] = _SCREEN_MAKERS[name](drawer, library, share, rng)
    else:
        further.singles[name] = _SINGLE_MAKERS[name](drawer, library, share, rng)


def _labelled(drawer: Browser, library: Library, share: int, rng: Random) -> list[Query]:
    return labelled(drawer, library, _sample(library.icons, 4 * share, rng), rng)


def _strokes(drawer: Browser, library: Library, share: int, rng: Random) -> list[Query]:
    return strokes(drawer, library.icons, _sample(stroked(library.icons), share, rng), rng)


def _subpixel(drawer: Browser, library: Library, share: int, rng: Random) -> list[Query]:
    return subpixel_pairs(drawer, library.icons, _sample(library.icons, 2 * share, rng), rng)


def _weak(drawer: Browser, library: Library, share: int, rng: Random) -> list[Query]:
    return make_queries(drawer, library.icons, _sample(library.icons, 4 * share, rng), rng, WEAK)


def _earlier(drawer: Browser, library: Library, share: int, rng: Random) -> list[Query]:
    """Icons as they were drawn before, of the sets whose earlier drawings come with Iconsite."""
    drawings: dict[str, str] = {}
    for prefix in sorted({icon.partition(":")[0] for icon in library.icons}):
        known = {f"{prefix}:{name}": svgs for name, svgs in known_earlier(prefix).items()}
        drawings |= {icon: rng.choice(svgs) for icon, svgs in known.items() if icon in library.icons}
    conditions = {name: CONDITIONS[name] for name in OF_EARLIER}
    queries = make_queries(drawer, drawings, _sample(drawings, 4 * share, rng), rng, conditions)
    return [replace(query, drawn=drawings[query.icon]) for query in queries]


def _sample(icons: dict[str, str] | list[str], number: int, rng: Random) -> list[str]:
    return rng.sample(sorted(icons), min(number, len(icons)))


_SINGLE_MAKERS: dict[str, Callable[[Browser, Library, int, Random], list[Query]]] = {
    LABELLED: _labelled,
    STROKES: _strokes,
    SUBPIXEL_PAIRS: _subpixel,
    WEAK_CONDITIONS: _weak,
    EARLIER: _earlier,
}
_SCREEN_MAKERS: dict[str, Callable[[Browser, Library, int, Random], list[Screen]]] = {
    TOOLBARS: lambda drawer, library, share, rng: make_toolbars(drawer, library.icons, share, rng),
    SURROUNDINGS: lambda drawer, library, share, rng: surroundings(drawer, library, 4 * share, rng),
    PAGES: lambda drawer, library, share, rng: pages(drawer, library, share, rng),
    SETS: lambda drawer, library, share, rng: make_set_groups(drawer, library.icons, share, rng),
}
