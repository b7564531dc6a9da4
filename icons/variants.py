"""The variants that names tell: the style and size in `home-outline-rounded`, `home-20-filled` or `baseline-home`."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

MIN_ICONS = 3  # icons of a set; a variant with fewer icons is not offered
MIN_SHARE = 0.01  # of a set's icons; a variant with a smaller share of them is not offered, either
PLAIN_VARIANT = "plain"  # the variant of names without a style word, in a set where other names have one

_STYLES = (
    "outline outlined outlines filled fill solid line linear lines bold thin light regular medium duotone twotone"
    " two-tone duo color colour mono broken bulk sharp rounded round baseline stroke straight remix flat glyph"
)
_STYLE = rf"(?:{'|'.join(_STYLES.split(' '))}|(?:10|12|14|15|16|18|20|24|28|30|32|36|40|48|64)(?:px|dp)?)"
# Variants that fewer people choose than those that sets show first: outline and baseline, filled, regular, plain names.
_UNUSUAL = frozenset(
    {"sharp", "round", "rounded", "twotone", "two", "duotone", "duo", "thin", "light", "bold", "broken", "bulk"}
)
_RUN = rf"{_STYLE}(?:-{_STYLE})*"
_leading = re.compile(rf"({_RUN})-").match
_trailing = re.compile(rf"-({_RUN})\Z").search
_numbered = re.compile(r"(?<=\D)-[2-9]\Z")  # home-2 is another drawing of home


def variant_of(name: str, leading: bool = False) -> str:
    """The run of style words and sizes that a name ends in, or begins with if `leading`; "" where it has none.

    >>> variant_of("home-outline-rounded"), variant_of("baseline-home", leading=True), variant_of("outline")
    ('outline-rounded', 'baseline', '')
    """
    match = _leading(name) if leading else _trailing(name)
    return match[1] if match else ""


def is_unusual(name: str) -> bool:
    """Whether a name begins or ends with a style that few people choose.

    >>> is_unusual("sharp-home"), is_unusual("baseline-home"), is_unusual("home-outline-rounded"), is_unusual("home")
    (True, False, True, False)
    """
    words = f"{variant_of(name, leading=True)}-{variant_of(name)}".split("-")
    return not _UNUSUAL.isdisjoint(words)


def stem_of(name: str) -> str:
    """What the variants of an icon have in common: the name without style words, sizes and the number of a drawing.

    >>> [stem_of(name) for name in ("home-2-filled", "baseline-home", "home", "home-heart", "number-12")]
    ['home', 'home', 'home', 'home-heart', 'number-12']
    """
    for leading in (True, False):
        variant = variant_of(name, leading)
        name = name.removeprefix(f"{variant}-") if leading else name.removesuffix(f"-{variant}")
    return _numbered.sub("", name)


@dataclass(frozen=True)
class Variants:
    """The variants of a set."""

    counts: dict[str, int]  # icons by variant
    leading: bool  # whether names begin with the variant, rather than end in it

    def patterns(self, variant: str) -> tuple[str, str]:
        """Two regular expressions: names of the variant match the first, unless it is "", and never the second."""
        if variant == PLAIN_VARIANT:
            return "", f"^{_STYLE}-" if self.leading else f"-{_STYLE}$"
        if self.leading:
            return f"^{variant}-", f"^{variant}-{_STYLE}-"
        return f"-{variant}$", f"-{_STYLE}-{variant}$"


def find_variants(names: Sequence[str]) -> Variants:
    """The variants of a set with these names, on the side where more names have one; none where all would be plain."""
    sides = [Counter(variant_of(name, leading) for name in names) for leading in (False, True)]
    leading = sides[True][""] < sides[False][""]
    counts = {variant or PLAIN_VARIANT: number for variant, number in sorted(sides[leading].items())}
    least = max(MIN_ICONS, MIN_SHARE * len(names))
    offered = {variant: number for variant, number in counts.items() if number >= least}
    return Variants(offered if set(offered) - {PLAIN_VARIANT} else {}, leading)
