"""All that the site is asked, from one seed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from bench import negatives
from bench.conditions import CONDITIONS
from bench.fonts import glyphs
from bench.library import GROUPS, Library
from bench.renderings import renderings
from bench.screenshots import Browser, Query, browser, make_queries
from bench.toolbars import Toolbar, make_toolbars
from icons.importing.packs import SourceError

PARTS = ("groups", "fonts", "png", "negatives", "toolbars")
SHARE = 10  # of the screenshots in all conditions there is this fraction of each further kind
FONT_SCENES = ("plain", "small", "themed", "dark", "button", "loose", "jpeg", "scaled", "tiny", "label")


@dataclass
class Questions:
    main: list[Query]  # of any icons, in all conditions
    groups: list[Query] = field(default_factory=list)  # the same of the groups that are rare among any icons
    others: list[Query] = field(default_factory=list)  # icons that somebody else drew
    negatives: list[Query] = field(default_factory=list)
    toolbars: list[Toolbar] = field(default_factory=list)
    foreign: dict[str, str] = field(default_factory=dict)  # SVG by id of the icons that the library lacks
    left_out: list[str] = field(default_factory=list)  # sentences

    @property
    def singles(self) -> list[Query]:
        """The queries to which there is one right answer."""
        return [*self.main, *self.groups, *self.others]

    @property
    def all(self) -> list[Query]:
        return [*self.singles, *self.negatives, *(toolbar.query for toolbar in self.toolbars)]


def make_questions(library: Library, number: int, seed: int, without: Sequence[str]) -> Questions:
    """So many screenshots in all conditions, and a tenth as many of each further kind.

    Each kind has random numbers of its own: leaving one out changes no other.
    """
    share = max(1, number // SHARE)
    with browser() as drawer:
        rng = Random(f"{seed} main")
        chosen = rng.sample(sorted(library.icons), min(number, len(library.icons)))
        questions = Questions(make_queries(drawer, library.icons, chosen, rng))
        makers: dict[str, Callable[[Questions, Browser, Library, int, Random], None]] = {
            "groups": _groups,
            "fonts": _fonts,
            "png": _renderings,
            "negatives": _negatives,
            "toolbars": _toolbars,
        }
        for part in PARTS:
            if part in without:
                continue
            try:
                makers[part](questions, drawer, library, share, Random(f"{seed} {part}"))
            except SourceError as error:  # no npm, or no way to the registry
                questions.left_out.append(f"Left out ({part}): {error}")
    return questions


def _groups(questions: Questions, drawer: Browser, library: Library, share: int, rng: Random) -> None:
    members: Mapping[str, list[str]] = {group: [] for group in GROUPS}
    for icon in sorted(library.icons.keys() - {query.icon for query in questions.main}):
        members[library.group(icon)].append(icon)
    for group in GROUPS[1:]:
        chosen = rng.sample(members[group], min(2 * share, len(members[group])))
        questions.groups += make_queries(drawer, library.icons, chosen, rng)


def _fonts(questions: Questions, drawer: Browser, library: Library, share: int, rng: Random) -> None:
    found, css = glyphs(library.icons)
    chosen = rng.sample(sorted(found), min(share, len(found)))
    scenes = {name: CONDITIONS[name] for name in FONT_SCENES}
    questions.others += make_queries(drawer, found, chosen, rng, scenes, title="icon font", style=css)


def _renderings(questions: Questions, drawer: Browser, library: Library, share: int, rng: Random) -> None:
    questions.others += renderings(library.icons, share, rng)


def _negatives(questions: Questions, drawer: Browser, library: Library, share: int, rng: Random) -> None:
    questions.negatives += negatives.text(drawer, share, rng)
    questions.negatives += negatives.photographs(share, rng)
    questions.negatives += negatives.page_parts(drawer, share, rng)
    icons, questions.foreign = negatives.foreign_icons(drawer, share, rng)
    questions.negatives += icons


def _toolbars(questions: Questions, drawer: Browser, library: Library, share: int, rng: Random) -> None:
    questions.toolbars += make_toolbars(drawer, library.icons, share, rng)
