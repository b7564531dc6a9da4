"""Whether a score is the probability that it claims to be, and how that is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass

BINS = 10


@dataclass(frozen=True)
class Bin:
    """The answers whose score is from `low` to less than `high`; the last bin holds 1 as well."""

    low: float
    high: float
    answers: int
    predicted: float  # the mean score of the answers
    right: float  # the share of answers that are right


def reliability(scores: Sequence[float], right: Sequence[bool], bins: int = BINS) -> list[Bin]:
    """Bins of equal width from 0 to 1 without the empty ones; a score beyond 0 to 1 counts in the first or last bin."""
    members: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for score, is_right in zip(scores, right, strict=True):
        members[min(max(int(score * bins), 0), bins - 1)].append((score, is_right))
    return [
        Bin(
            index / bins,
            (index + 1) / bins,
            len(rows),
            *(sum(column) / len(rows) for column in zip(*rows, strict=True)),
        )
        for index, rows in enumerate(members)
        if rows
    ]


def expected_error(bins: Sequence[Bin]) -> float:
    """The expected calibration error: the mean distance of the score from the share that is right, over all answers."""
    answers = sum(score_bin.answers for score_bin in bins)
    error = sum(score_bin.answers * abs(score_bin.predicted - score_bin.right) for score_bin in bins)
    return error / answers if answers else 0.0


def diagram(bins: Sequence[Bin]) -> str:
    """The reliability diagram as SVG: bars for the share that is right, dots at the mean score, and the diagonal."""
    side, edge = 300, 40

    def point(x: float, y: float) -> str:
        return f"{edge + side * x:.1f} {edge / 2 + side * (1 - y):.1f}"

    def bar(score_bin: Bin) -> str:
        left, right, top = score_bin.low + 0.005, score_bin.high - 0.005, score_bin.right
        outline = f"M{point(left, 0)}L{point(left, top)}L{point(right, top)}L{point(right, 0)}Z"
        return f'<path d="{outline}"><title>{score_bin.answers} answers</title></path>'

    bars = "".join(map(bar, bins))
    dots = "".join(f'<path d="M{point(score_bin.predicted, score_bin.right)}h.01"/>' for score_bin in bins)
    marks = "".join(
        f'<text x="{edge + side * step / 5:.0f}" y="{side + edge - 4}" text-anchor="middle">{step / 5:g}</text>'
        f'<text x="{edge - 6}" y="{edge / 2 + side * (1 - step / 5) + 4:.0f}" text-anchor="end">{step / 5:g}</text>'
        for step in range(6)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side + 1.5 * edge:g} {side + 1.5 * edge:g}" '
        f'width="{side + 1.5 * edge:g}" font-family="sans-serif" font-size="11">'
        f'<rect width="100%" height="100%" fill="#fff"/><g fill="#9ec5fe">{bars}</g>'
        f'<path d="M{point(0, 0)}L{point(1, 1)}" stroke="#888" stroke-dasharray="4"/>'
        f'<path d="M{point(0, 1)}L{point(0, 0)}L{point(1, 0)}" fill="none" stroke="#333"/>'
        f'<g stroke="#0a4fb5" stroke-width="7" stroke-linecap="round">{dots}</g>{marks}'
        f'<text x="{edge + side / 2:g}" y="{side + 1.4 * edge:g}" text-anchor="middle">score</text>'
        f'<text transform="rotate(-90)" x="{-edge / 2 - side / 2:g}" y="11" text-anchor="middle">share right</text>'
        "</svg>\n"
    )
