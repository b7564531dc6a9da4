"""What the stages of a search hand on: candidates as the first found them, matches as the second ordered them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Candidate:
    """An icon whose vector is among the nearest to a vector of the query: what the first stage finds."""

    icon_id: int
    query: int  # index of the query's vector, and of its reading
    inner_product: float  # of the two vectors
    signature: bytes  # as stored with the icon's vector
    stroke: float | None = None  # the stroke width at which it was drawn for this query; None: as it is stored
    prior: float = 0  # logarithm of how likely it is, beside others, that a screen shows this icon, whatever is seen
    set_id: int = 0  # of its set
    earlier: int = 0  # the number of the earlier drawing of the icon that its vector is of; 0: its present drawing

    def found_for(self, query: int) -> "Candidate":
        """The same candidate as one of the vector of this index; `replace` takes four times as long."""
        if query == self.query:
            return self
        unlike_query = self.inner_product, self.signature, self.stroke, self.prior, self.set_id, self.earlier
        return Candidate(self.icon_id, query, *unlike_query)


@dataclass(frozen=True, slots=True)
class Twin:
    """An icon that looks like a match at the picture's resolution."""

    icon_id: int
    behind: float  # how much less likely than the match the picture makes it, as a difference of logarithms
    stroke: float | None = None  # as of a match
    earlier: int = 0  # as of a match


@dataclass(frozen=True, slots=True)
class Match:
    """An icon that may be the one meant: what the second stage makes of the candidates."""

    icon_id: int
    score: float  # 0 to 1: the probability that this is the icon meant
    present: float  # 0 to 1: the probability that the library has what the picture shows; equal for all its matches
    suits: bool = True  # whether the icon may have the colours of the picture
    twins: tuple[Twin, ...] = ()  # icons that look the same at the picture's resolution, the likeliest first
    stroke: float | None = None  # the stroke width that the picture shows, in units of the view box; None: the icon's
    earlier: int = 0  # the number of the earlier drawing of the icon that the picture shows; 0: its present one
    whole: bool = False  # whether it was found for all that is drawn, but for a badge, not for a part of that

    @property
    def icon_ids(self) -> list[int]:
        """The ids of the icon and of its twins."""
        return [self.icon_id, *(twin.icon_id for twin in self.twins)]
