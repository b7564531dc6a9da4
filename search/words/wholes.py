"""Whole names: what an icon is called altogether, apart from its style and the order of the words."""

from collections.abc import Iterable

from icons.variants import stem_of
from search.words.tokens import split_words

# Words in names that say nothing of the drawing: whose platform or brand it is of, or that it is another drawing.
EMPTY_WORDS = frozenset(["brand", "logo", "icon", "ios", "md", "alt", "o", "rounded"])


def wholes_of(names: Iterable[str], titles: Iterable[str]) -> list[str]:
    """What the icon with these names and titles is called altogether, each way once.

    >>> wholes_of(["shopping-cart-filled", "brand-github"], ["Home page"])
    ['cart shopping', 'cart filled shopping', 'github', 'home page']
    """
    wholes: dict[str, None] = {}
    for name in names:
        wholes.update(dict.fromkeys((whole_of(name), whole(split_words(name)))))
    wholes.update(dict.fromkeys(whole(split_words(title)) for title in titles))
    wholes.pop("", None)
    return list(wholes)


def whole_of(name: str) -> str:
    """What the variants of an icon of this name are called altogether."""
    return whole(split_words(stem_of(name)))


def whole(words: Iterable[str]) -> str:
    """The words as one text in alphabetical order, without empty ones unless all are: "left arrow" is "arrow left"."""
    kept = list(words)
    return " ".join(sorted([word for word in kept if word not in EMPTY_WORDS] or kept))
