"""The words in the names of a set's visible icons, by which a search finds them."""

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from iconify.js import ordered_keys
from iconify.listing import Entry, Listing

# Words that begin or end names of many sets without saying what is shown, so that they do not count as length.
THEMES = frozenset(
    {"baseline", "outline", "round", "sharp", "twotone", "thin", "light", "bold", "fill", "duotone"}
    | {"linear", "line", "solid", "filled", "outlined"}
)


@dataclass
class Keywords:
    """The entries that can be found, and the numbers of those that have each word, in the set's order."""

    entries: list[Entry]
    by_word: dict[str, "array[int]"]
    lengths: list[int | None]  # of the entries' names without their theme; None where they have none
    themes: list[str]  # the longest first

    @classmethod
    def of(cls, listing: Listing, set_themes: Mapping[str, Mapping[str, str]], names: Iterable[str]) -> "Keywords":
        """The words of a set that has these prefixes and suffixes; `names` are those of all icons and aliases."""
        themes = _themes(set_themes, names)
        entries = [listing.visible[name] for name in listing.icons()]
        by_word: dict[str, array[int]] = {}
        for number, entry in enumerate(entries):
            for word in dict.fromkeys(word for name in entry.names for word in name.split("-")):
                by_word.setdefault(word, array("I")).append(number)
        return cls(entries, by_word, [without_theme(entry.names[0], themes) for entry in entries], themes)


def without_theme(name: str, themes: Iterable[str]) -> int | None:
    """The length of the name without the longest theme that it begins or ends with; None where it has none."""
    for theme in themes:
        if name.startswith(f"{theme}-") or name.endswith(f"-{theme}"):
            return len(name) - len(theme) - 1
    return None


def _themes(set_themes: Mapping[str, Mapping[str, str]], names: Iterable[str]) -> list[str]:
    themes = {
        theme: None for key in ("prefixes", "suffixes") for theme in ordered_keys(set_themes.get(key, {})) if theme
    }
    for name in names:
        first, *rest = name.split("-")
        if rest:
            themes.update({word: None for word in (first, rest[-1]) if word in THEMES})
    return sorted(themes, key=len, reverse=True)
