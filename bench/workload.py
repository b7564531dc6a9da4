"""All queries that the site is asked, from one seed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from bench import further, negatives
from bench.conditions import CONDITIONS
from bench.fonts import glyphs
from bench.further import Further
from bench.library import GROUPS, Library
from bench.renderings import renderings
from bench.screenshots import Browser, Query, browser, make_queries
from icons.importing.packs import SourceError

FURTHER = (*further.SINGLES, *further.SCREENS, further.DECOYS)
OPTIONAL = ("groups", "fonts", "png", "negatives", *FURTHER)  # kinds of queries that may be left out
SHARE = 10  # there are this many screenshots in all conditions for each query of a further kind
FONT_CONDITIONS = ("plain", "small", "themed", "dark", "button", "loose", "jpeg", "scaled", "tiny", "label")


@dataclass
class Workload:
    """The queries, by kind."""

    main: list[Query]  # of any icons, in all conditions
    groups: list[Query] = field(default_factory=list)  # the same of the groups that are rare among any icons
    redrawn: list[Query] = field(default_factory=list)  # icons as other people drew them
    negatives: list[Query] = field(default_factory=list)  # without an icon of the library
    further: Further = field(default_factory=Further)
    foreign: dict[str, str] = field(default_factory=dict)  # SVG by id of the icons that the library lacks
    omissions: list[str] = field(default_factory=list)  # sentences that say what could not be had

    @property
    def singles(self) -> list[Query]:
        """The queries to which there is exactly one right answer."""
        return [*self.main, *self.groups, *self.redrawn]

    @property
    def queries(self) -> list[Query]:
        """All queries, in the order in which they are asked."""
        return [*self.singles, *self.negatives, *self.further.queries]


def make_workload(library: Library, number: int, seed: int, without: Sequence[str]) -> Workload:
    """Make `number` screenshots in all conditions, and a share of as many queries of each further kind.

    Each kind has random numbers of its own, so leaving one out changes no other.
    """
    share = max(1, number // SHARE)
    with browser() as drawer:
        workload = Workload(main_queries(drawer, library, number, seed))
        makers: dict[str, Callable[[Workload, Browser, Library, int, Random], None]] = {
            "groups": _add_groups,
            "fonts": _add_fonts,
            "png": _add_renderings,
            "negatives": _add_negatives,
        }
        for kind in OPTIONAL:
            if kind in without:
                continue
            rng = Random(f"{seed} {kind}")
            try:
                if kind in makers:
                    makers[kind](workload, drawer, library, share, rng)
                else:
                    further.add(workload.further, kind, drawer, library, share, rng)
            except SourceError as error:  # npm is missing, or its registry cannot be reached.
                workload.omissions.append(f"Left out ({kind}): {error}")
    return workload


def main_queries(drawer: Browser, library: Library, number: int, seed: int) -> list[Query]:
    """Screenshots of `number` icons of the library, at most of all, under each condition in turn."""
    rng = Random(f"{seed} main")
    chosen = rng.sample(sorted(library.icons), min(number, len(library.icons)))
    return make_queries(drawer, library.icons, chosen, rng)


def _add_groups(workload: Workload, drawer: Browser, library: Library, share: int, rng: Random) -> None:
    members: Mapping[str, list[str]] = {group: [] for group in GROUPS}
    for icon in sorted(library.icons.keys() - {query.icon for query in workload.main}):
        members[library.group(icon)].append(icon)
    for group in GROUPS[1:]:
        chosen = rng.sample(members[group], min(2 * share, len(members[group])))
        workload.groups += make_queries(drawer, library.icons, chosen, rng)


def _add_fonts(workload: Workload, drawer: Browser, library: Library, share: int, rng: Random) -> None:
    icons, css = glyphs(library.icons)
    chosen = rng.sample(sorted(icons), min(share, len(icons)))
    conditions = {name: CONDITIONS[name] for name in FONT_CONDITIONS}
    workload.redrawn += make_queries(drawer, icons, chosen, rng, conditions, title="icon font", style=css)


def _add_renderings(workload: Workload, drawer: Browser, library: Library, share: int, rng: Random) -> None:
    workload.redrawn += renderings(library.icons, share, rng)


def _add_negatives(workload: Workload, drawer: Browser, library: Library, share: int, rng: Random) -> None:
    workload.negatives += negatives.texts(drawer, share, rng)
    workload.negatives += negatives.photographs(share, rng)
    workload.negatives += negatives.page_elements(drawer, share, rng)
    queries, workload.foreign = negatives.foreign_icons(drawer, share, rng)
    workload.negatives += queries
