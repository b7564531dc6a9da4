"""Words that ask for a style rather than for a drawing."""

from collections.abc import Mapping

# The value of search.styles.Style that a word stands for.
STYLE_WORDS: Mapping[str, str] = {
    **dict.fromkeys(("outline", "outlined", "linear", "线性", "描边", "轮廓", "空心", "线框"), "outline"),
    **dict.fromkeys(("filled", "solid", "实心", "面性"), "filled"),
    **dict.fromkeys(("duotone", "twotone", "双色"), "duotone"),
}
# Words in names by which icons have the style that is not stored for them yet.
NAME_WORDS: Mapping[str, list[str]] = {
    "outline": ["outline", "outlined", "line", "linear"],
    "filled": ["filled", "fill", "solid"],
    "duotone": ["duotone", "twotone"],
}


def split_off_style(words: list[str]) -> tuple[list[str], str]:
    """The words without one that asks for a style, and that word; all words and "" where none does.

    It is the last word, or the first of two: what a "solid state drive" is made of is no style.

    >>> split_off_style(["home", "filled"]), split_off_style(["outline"])
    ((['home'], 'filled'), (['outline'], ''))
    """
    if len(words) > 1 and words[-1] in STYLE_WORDS:
        return words[:-1], words[-1]
    if len(words) == 2 and words[0] in STYLE_WORDS:
        return words[1:], words[0]
    return words, ""
