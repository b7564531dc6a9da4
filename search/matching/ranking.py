"""How matches are ordered: the few hundred candidates of the first stage, by what speaks for each of them.

The first stage is the index over vectors. This is the second: the order is a conditional logit, the probability that
the library has what is shown a logistic regression, both fitted by training/second_stage.py.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from search.matching.edges import smeared_edges
from search.matching.features import FEATURES, correlatable, features
from search.matching.signature import SHAPE, Floats, unpack
from search.vision.readings import Reading

COEFFICIENTS_FILE = "second_stage_1.json"
SHARED = 50  # the number of best icons within which the shares of look-alikes are added up
LOOK_ALIKE = 0.97  # correlation of two icons from which they are look-alikes
# If the best icon of a reading scores lower than the best of all readings, that reading's list is moved down by BEHIND
# times the difference, at most BEHIND_MOST; both are added to the logarithm of the place.
BEHIND, BEHIND_MOST = 0.25, 1.6
LIKELY = 0.1  # score from which on an icon comes before all that score less, whatever they were found for
CLEAR = 0.8  # score from which on the best match is taken for the icon meant, so that its variants come next
VARIANTS_FIRST = 4  # of these, before the best icons of the other readings
MOST_LIKENED = 32  # icons that are compared with a clear winner

AHEAD_OF = 3, 10, 40  # places in a reading's list; a drawing that the library has scores far above these
ASSUMED_LEAD = 5.0  # the lead that is assumed where a list is shorter than the place
SINGLE = ("constant", "value", *(f"ahead of place {place}" for place in AHEAD_OF), *FEATURES)
# The same value means more for one picture than for another: how alike two shapes should be depends on the pixels there
# are.
TOGETHER = (
    *SINGLE[1 : 2 + len(AHEAD_OF)],
    "inner product",
    "shape as framed",
    "log shape distance",
    "log vector distance",
    "few pixels",
    "not clean",
)
PAIRS = np.array(
    [(SINGLE.index(left), SINGLE.index(right)) for i, left in enumerate(TOGETHER) for right in TOGETHER[i:]]
)
EVIDENCE = (*SINGLE, *(f"{SINGLE[left]} × {SINGLE[right]}" for left, right in PAIRS))


@dataclass(frozen=True, slots=True)
class Candidate:
    """An icon whose vector is among the nearest to a vector of the query: what the first stage finds."""

    icon_id: int
    query: int  # index of the query's vector, and of its reading
    inner_product: float  # of the two vectors
    signature: bytes  # as stored with the icon's vector


@dataclass(frozen=True, slots=True)
class Match:
    """An icon that may be the one meant: what the second stage makes of the candidates."""

    icon_id: int
    score: float  # 0 to 1: the probability that this is the icon meant
    present: float  # 0 to 1: the probability that the library has what the picture shows; equal for all its matches


@dataclass(frozen=True)
class Coefficients:
    """What training/second_stage.py has fitted."""

    order: Floats  # (len(FEATURES),)
    present: Floats  # (len(EVIDENCE),)

    @staticmethod
    def read(path: Path) -> "Coefficients":
        """The coefficients in a JSON file, by name.

        Raises OSError, ValueError or KeyError if the file is missing or another version's.
        """
        fitted = json.loads(path.read_text())
        order = [fitted["order"][name] for name in FEATURES]
        present = [fitted["present"][name] for name in EVIDENCE]
        return Coefficients(np.array(order, np.float32), np.array(present, np.float32))


@cache
def coefficients() -> Coefficients:
    """The coefficients in WEIGHTS_DIR, read once. Raises as `Coefficients.read` does."""
    return Coefficients.read(Path(settings.WEIGHTS_DIR) / COEFFICIENTS_FILE)


@dataclass(frozen=True)
class Comparison:
    """n pairs of a reading and a candidate near it, compared; n > 0. One icon may be near several readings."""

    icons: NDArray[np.int64]  # (n,): ids
    readings: NDArray[np.int64]  # (n,): indices
    rows: Floats  # (n, len(FEATURES))
    ink: Floats  # (n, SHAPE²): of the candidates


def compare(readings: Sequence[Reading], candidates: Sequence[Candidate]) -> Comparison:
    """Each candidate, at least one, compared with the reading that it was found for; in the order of the readings."""
    icons, of_reading, rows, ink = [], [], [], []
    for index, reading in enumerate(readings):
        near = [candidate for candidate in candidates if candidate.query == index]
        if near:
            signatures = unpack([candidate.signature for candidate in near])
            inner_products = np.array([candidate.inner_product for candidate in near], np.float32)
            icons.append(np.array([candidate.icon_id for candidate in near]))
            of_reading.append(np.full(len(near), index))
            rows.append(features(reading, readings[0], inner_products, signatures))
            ink.append(signatures.ink.reshape(len(near), -1))
    return Comparison(np.concatenate(icons), np.concatenate(of_reading), np.concatenate(rows), np.concatenate(ink))


def evidence(values: Floats, rows: Floats, readings: NDArray[np.int64]) -> Floats:
    """(len(EVIDENCE),): what speaks for the best of n pairs being right at all.

    `values`, (n,), are the logits of the pairs in the order; `rows` and `readings` are those of the comparison.
    """
    best = int(values.argmax())
    of_reading = np.sort(values[readings == readings[best]])[::-1]
    ahead = [values[best] - of_reading[place] if place < len(of_reading) else ASSUMED_LEAD for place in AHEAD_OF]
    single = np.array([1, values[best], *ahead, *rows[best]], np.float32)
    return np.concatenate([single, single[PAIRS].prod(axis=1)])


def merge_keys(values: Floats, readings: NDArray[np.int64]) -> Floats:
    """(n,) keys, the larger the better, by which the lists of the readings become one list.

    A plain shape, say the button under an icon, has a hundred icons just like it. They must not crowd out what
    the other readings found: the best icon of each reading comes among the first few, however much better
    another reading's is. `values` and `readings` are as for `evidence`.
    """
    order = np.lexsort((-values, readings))
    place = np.empty(len(values), np.int64)
    place[order] = np.arange(len(values)) - np.searchsorted(readings[order], readings[order])
    best = np.full(int(readings.max()) + 1, -np.inf)
    np.maximum.at(best, readings, values)
    behind = values.max() - best[readings]
    return np.asarray(-np.log1p(place) - np.minimum(BEHIND * behind, BEHIND_MOST), np.float32)


def unique_icons(comparison: Comparison, values: Floats) -> NDArray[np.int64]:
    """The indices of the pairs that are left when each icon stands once, where it is first; best first."""
    best = np.lexsort((-values, -merge_keys(values, comparison.readings)))
    return best[_firsts(comparison.icons[best])]


def variants_next(comparison: Comparison, chosen: NDArray[np.int64], likely: int) -> NDArray[np.int64]:
    """`chosen`, (n,), in the order for a winner, its first, that is surely the icon meant; its first `likely` stay.

    What resembles the winner as a whole (its outlines and filled variants, other weights and sets) comes next, while
    what a part of the picture resembles, such as a line or a dot, comes behind. The best icons of the other readings
    stay among the first, since the winner may be a part of what is meant.
    """
    winner, readings, icons = chosen[0], comparison.readings, comparison.icons
    near = comparison.rows[:, FEATURES.index("inner product")]
    of_reading = np.flatnonzero((readings == readings[winner]) & (icons != icons[winner]))
    of_reading = of_reading[np.argsort(-near[of_reading], kind="stable")]
    of_reading = of_reading[_firsts(icons[of_reading])][:MOST_LIKENED]
    edges = smeared_edges(comparison.ink[[winner, *of_reading]].reshape(-1, SHAPE, SHAPE))
    likest = of_reading[np.argsort(-(edges[1:] @ edges[0] + near[of_reading]), kind="stable")]
    others = chosen[readings[chosen] != readings[winner]]
    best_of_others = others[_firsts(readings[others])]
    order = np.concatenate([chosen[:likely], likest[:VARIANTS_FIRST], best_of_others, likest, chosen])
    return order[_firsts(icons[order])]


def _firsts(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """The indices at which a value stands for the first time."""
    return np.sort(np.unique(values, return_index=True)[1])


def shares(comparison: Comparison, values: Floats, chosen: NDArray[np.int64]) -> Floats:
    """(len(chosen),): each icon's share of the probability that the library has what is shown, with its look-alikes'.

    `values` are as for `evidence`, `chosen` as `unique_icons` gives it.
    """
    weight = np.exp(values[chosen] - values.max())
    share = weight / weight.sum()
    shapes = correlatable(comparison.ink[chosen[:SHARED]])
    share[:SHARED] = (shapes @ shapes.T > LOOK_ALIKE).astype(np.float32) @ share[:SHARED]
    return np.asarray(share.clip(0, 1), np.float32)


def best_matches(readings: Sequence[Reading], candidates: Sequence[Candidate]) -> list[Match]:
    """Each icon among the candidates, at least one, once, the most probable first.

    The score is the probability that the library has what is shown, times this icon's share of it, to which its
    look-alikes' shares are added. Raises as `coefficients` does.
    """
    fitted = coefficients()
    comparison = compare(readings, candidates)
    values = comparison.rows @ fitted.order
    logit = float(evidence(values, comparison.rows, comparison.readings) @ fitted.present)
    present = 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))
    chosen = unique_icons(comparison, values)
    scores = present * shares(comparison, values, chosen)
    score_of = dict(zip(comparison.icons[chosen].tolist(), scores.tolist(), strict=True))
    # What is likely comes by its score, whatever its reading, so that nothing unlikely stands between.
    by_score = np.argsort(-np.where(scores >= LIKELY, scores, 0)[1:], kind="stable") + 1
    chosen = chosen[[0, *by_score]]
    if scores[0] >= CLEAR:
        chosen = variants_next(comparison, chosen, max(1, int((scores >= LIKELY).sum())))
    icons = comparison.icons[chosen].tolist()
    scores = np.array([score_of[icon] for icon in icons], np.float32)
    # Scores fall with the order: another reading's best icon has at least the score of what follows it.
    scores = np.minimum(np.maximum.accumulate(scores[::-1])[::-1], scores[0])
    return [Match(icon, float(score), present) for icon, score in zip(icons, scores, strict=True)]
