"""The styles that a set's names tell: `home-outline-rounded`, `home-20-filled`, `baseline-home`."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

LEAST, SHARE = 3, 0.01  # icons, and part of the set, from which a style is worth a link
PLAIN = "plain"  # names without a style, beside others that have one

_STYLES = (
    "outline outlined outlines filled fill solid line linear lines bold thin light regular medium duotone twotone"
    " two-tone duo color colour mono broken bulk sharp rounded round baseline stroke straight remix flat glyph"
)
_STYLE = rf"(?:{'|'.join(_STYLES.split(' '))}|(?:10|12|14|15|16|18|20|24|28|30|32|36|40|48|64)(?:px|dp)?)"
_RUN = rf"{_STYLE}(?:-{_STYLE})*"
_leading = re.compile(rf"({_RUN})-").match
_trailing = re.compile(rf"-({_RUN})\Z").search


def variant_of(name: str, leading: bool = False) -> str:
    """The run of style words and sizes that a name ends in, or begins with; "" where it has none.

    >>> variant_of("home-outline-rounded"), variant_of("baseline-home", leading=True), variant_of("outline")
    ('outline-rounded', 'baseline', '')
    """
    found = _leading(name) if leading else _trailing(name)
    return found[1] if found else ""


@dataclass(frozen=True)
class Variants:
    """The styles of a set, by name, with how many icons each has; they lead the names or end them."""

    counts: dict[str, int]
    leading: bool

    def patterns(self, variant: str) -> tuple[str, str]:
        """Two regular expressions: names of the variant match the first, where it has one, and never the second."""
        if variant == PLAIN:
            return "", f"^{_STYLE}-" if self.leading else f"-{_STYLE}$"
        if self.leading:
            return f"^{variant}-", f"^{variant}-{_STYLE}-"
        return f"-{variant}$", f"-{_STYLE}-{variant}$"


def variants(names: Sequence[str]) -> Variants:
    """The styles of a set of these names, on the side where more names have one; none where all would be plain."""
    sides = [Counter(variant_of(name, leading) for name in names) for leading in (False, True)]
    leading = sides[True][""] < sides[False][""]
    counts = {variant or PLAIN: number for variant, number in sorted(sides[leading].items())}
    offered = {variant: number for variant, number in counts.items() if number >= max(LEAST, SHARE * len(names))}
    return Variants(offered if set(offered) - {PLAIN} else {}, leading)
