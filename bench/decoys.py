"""What looks like an icon with its label and has none: text on buttons, letters in circles, numbers in badges."""

import re
from collections.abc import Callable
from random import Random

from tqdm import tqdm

from bench.components import button, chip, count, list_entry
from bench.distractors import avatar, checkbox, person
from bench.drafts import Draft, random_skin
from bench.labelled import PAGE, PIXEL_RATIOS, crop
from bench.scenes import css, random_colour
from bench.screenshots import Browser, Query
from bench.wording import CHARACTERS

ARROWS = ("→", "»", "←", "›", "«", "↗", "->", ">>", "… →")

Decoy = Callable[[Draft], str]


def _letter_in_circle(draft: Draft) -> str:
    rng = draft.rng
    side = rng.choice((18, 20, 24, 28, 32))
    fill = f"background:{css(rng.choice((draft.skin.accent, random_colour(rng))))};color:#fff"
    outline = f"border:1.5px solid {css(draft.skin.ink)}"
    style = f"width:{side}px;height:{side}px;border-radius:50%;line-height:{side - 3}px;text-align:center"
    style += f";font-size:{round(0.55 * side)}px;{rng.choice((fill, outline))}"
    return f'<div class=rigid style="{style}">{rng.choice("ABCDEFGHJKLMNPQRSTUVWYZ")}</div>'


def _arrowed(draft: Draft) -> str:
    """A button whose arrow is a letter."""
    arrow = f"<span>{draft.rng.choice(ARROWS)}</span>"
    parts = [draft.label(), arrow] if draft.rng.random() < 0.7 else [arrow, draft.label()]
    colours = f"background:{css(draft.skin.accent)};color:{css(draft.skin.on_accent)}"
    style = draft.rng.choice((colours, f"border:1px solid {draft.skin.line}", ""))
    style += f";gap:6px;padding:6px 12px;border-radius:{draft.skin.radius}px"
    return f'<div class=row style="{style}">{"".join(parts)}</div>'


def _character(draft: Draft) -> str:
    size = draft.rng.randint(16, 40)
    return f'<div style="padding:{draft.rng.randint(2, 8)}px;font-size:{size}px">{draft.rng.choice(CHARACTERS)}</div>'


def _large_avatar(draft: Draft) -> str:
    return avatar(draft, draft.rng.choice((24, 32, 40)))


def _beside_label(decoy: Decoy) -> Decoy:
    """The decoy alone, or before a label, where an icon would be."""

    def with_label(draft: Draft) -> str:
        alone = draft.rng.random() < 0.4
        return decoy(draft) if alone else f'<div class=row style="gap:8px">{decoy(draft)}{draft.label()}</div>'

    return with_label


# A draft without icons draws the components' text alone.
DECOYS: dict[str, Decoy] = {
    "text on a button": lambda draft: draft.rng.choice((button, chip, list_entry))(draft),
    "letter in a circle": _beside_label(_letter_in_circle),
    "number in a badge": _beside_label(count),
    "single character": _character,
    "avatar": lambda draft: draft.rng.choice((person, _large_avatar))(draft),
    "checkbox": _beside_label(checkbox),
    "arrow of text": _arrowed,
}


# Libraries have some of these as icons: an answer whose name says what is shown is no mistake.
NAMES = {
    "letter in a circle": re.compile(r"letter|(^|-)[a-z](-|$)"),
    "number in a badge": re.compile(r"number|\d"),
    "checkbox": re.compile(r"check|square|circle|radio|box|ring|round"),
}


def is_named(decoy: str, icon: str = "") -> bool:
    """Whether the name of an icon, `prefix:name` or "", says what the decoy shows: `circle-letter-e` for an E."""
    return decoy in NAMES and bool(NAMES[decoy].search(icon.partition(":")[2]))


def decoys(drawer: Browser, number: int, rng: Random) -> list[Query]:
    """So many pictures without an icon, of each form in turn. Raises SourceError."""
    queries = []
    names = list(DECOYS)
    for index in tqdm(range(number), "Decoys", unit=" queries", disable=None, leave=False):
        name, pixel_ratio = names[index % len(names)], rng.choice(PIXEL_RATIOS)
        draft = Draft(rng, random_skin(rng, "zh" if name == "single character" else ""), ())
        content = f'<div data-mark=crop style="width:max-content">{DECOYS[name](draft)}</div>'
        html = f'<div style="position:absolute;left:40px;top:40px">{content}</div>'
        page, marks = drawer.capture(html, PAGE, pixel_ratio, draft.skin.style)
        picture, _ = crop(page, marks["crop"][0], 0, pixel_ratio, rng)
        queries.append(Query(name, "", picture))
    return queries
