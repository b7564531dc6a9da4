"""Whether a score is the probability that it claims to be, and whether `confident` says what it should."""

from collections.abc import Sequence
from dataclasses import dataclass

BINS = 10


@dataclass(frozen=True)
class Bin:
    """The answers whose score is from `low` to less than `high`; the last bin holds 1 as well."""

    low: float
    high: float
    answers: int
    predicted: float  # their mean score
    right: float  # the share that is right


def reliability(scores: Sequence[float], right: Sequence[bool], bins: int = BINS) -> list[Bin]:
    """Bins of equal width over 0 to 1, the empty ones left out; scores beyond count at the ends."""
    members: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for score, good in zip(scores, right, strict=True):
        members[min(max(int(score * bins), 0), bins - 1)].append((score, good))
    return [
        Bin(i / bins, (i + 1) / bins, len(rows), *(sum(column) / len(rows) for column in zip(*rows, strict=True)))
        for i, rows in enumerate(members)
        if rows
    ]


def expected_error(bins: Sequence[Bin]) -> float:
    """Expected calibration error: the mean distance from what was predicted to what came, over all answers."""
    answers = sum(each.answers for each in bins)
    return sum(each.answers * abs(each.predicted - each.right) for each in bins) / answers if answers else 0.0


def diagram(bins: Sequence[Bin]) -> str:
    """The reliability diagram as SVG: bars for the share that is right, dots at the mean score, and the diagonal."""
    side, edge = 300, 40

    def at(x: float, y: float) -> str:
        return f"{edge + side * x:.1f} {edge / 2 + side * (1 - y):.1f}"

    bars = "".join(
        f'<path d="M{at(each.low + 0.005, 0)}L{at(each.low + 0.005, each.right)}L{at(each.high - 0.005, each.right)}'
        f'L{at(each.high - 0.005, 0)}Z"><title>{each.answers} answers</title></path>'
        for each in bins
    )
    dots = "".join(f'<path d="M{at(each.predicted, each.right)}h.01"/>' for each in bins)
    marks = "".join(
        f'<text x="{edge + side * i / 5:.0f}" y="{side + edge - 4}" text-anchor="middle">{i / 5:g}</text>'
        f'<text x="{edge - 6}" y="{edge / 2 + side * (1 - i / 5) + 4:.0f}" text-anchor="end">{i / 5:g}</text>'
        for i in range(6)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side + 1.5 * edge:g} {side + 1.5 * edge:g}" '
        f'width="{side + 1.5 * edge:g}" font-family="sans-serif" font-size="11">'
        f'<rect width="100%" height="100%" fill="#fff"/><g fill="#9ec5fe">{bars}</g>'
        f'<path d="M{at(0, 0)}L{at(1, 1)}" stroke="#888" stroke-dasharray="4"/>'
        f'<path d="M{at(0, 1)}L{at(0, 0)}L{at(1, 0)}" fill="none" stroke="#333"/>'
        f'<g stroke="#0a4fb5" stroke-width="7" stroke-linecap="round">{dots}</g>{marks}'
        f'<text x="{edge + side / 2:g}" y="{side + 1.4 * edge:g}" text-anchor="middle">score</text>'
        f'<text transform="rotate(-90)" x="{-edge / 2 - side / 2:g}" y="11" text-anchor="middle">share right</text>'
        "</svg>\n"
    )
