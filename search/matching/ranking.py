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

from search.matching.comparison import Compared, Comparison, unique_icons
from search.matching.features import FEATURES
from search.matching.matches import Match, Twin
from search.matching.pairs import side_by_side
from search.matching.signature import Floats, unpack
from search.matching.twins import Shapes, palette_suits, twin_groups
from search.vision.readings import Reading

COEFFICIENTS_FILE = "second_stage_2.json"
LOOKED_AGAIN = 20  # icons, the likeliest, that are looked at side by side with their reading
NEAR = 4.0  # the logit that they may be behind the likeliest for that
TRUSTED = 0.8  # of what this tells: other people's screens differ from those that the network has learnt from
SHARED = 100  # the number of best icons among which twins are looked for, and the shares of look-alikes added up
LOOK_ALIKE = 0.97  # correlation of two icons from which they are look-alikes
# What an icon at another stroke width than its own must have ahead, so that it does not come before one that is as good
# as it is: most icons are shown as they are.
OTHER_WIDTH = 0.7
UNSUITABLE = 3.0  # what an icon that cannot have the picture's colours must have ahead of its look-alikes
LIKELY = 0.1  # score from which on an icon comes before all that score less, whatever they were found for

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


@dataclass(frozen=True)
class Coefficients:
    """What training/second_stage.py has fitted."""

    order: Floats  # (len(FEATURES),)
    prior: float  # how much the log prior of an icon counts beside what is seen
    present: Floats  # (len(EVIDENCE),)

    @staticmethod
    def read(path: Path) -> "Coefficients":
        """The coefficients in a JSON file, by name.

        Raises OSError, ValueError or KeyError if the file is missing or another version's.
        """
        fitted = json.loads(path.read_text())
        order = [fitted["order"][name] for name in FEATURES]
        present = [fitted["present"][name] for name in EVIDENCE]
        return Coefficients(np.array(order, np.float32), float(fitted["prior"]), np.array(present, np.float32))


@cache
def coefficients() -> Coefficients:
    """The coefficients in WEIGHTS_DIR, read once. Raises as `Coefficients.read` does."""
    return Coefficients.read(Path(settings.WEIGHTS_DIR) / COEFFICIENTS_FILE)


def evidence(values: Floats, rows: Floats, readings: NDArray[np.int64]) -> Floats:
    """(len(EVIDENCE),): what speaks for the best of n pairs being right at all.

    `values`, (n,), are the logits of the pairs in the order; `rows` and `readings` are those of the comparison.
    """
    best = int(values.argmax())
    of_reading = np.sort(values[readings == readings[best]])[::-1]
    ahead = [values[best] - of_reading[place] if place < len(of_reading) else ASSUMED_LEAD for place in AHEAD_OF]
    single = np.array([1, values[best], *ahead, *rows[best]], np.float32)
    return np.concatenate([single, single[PAIRS].prod(axis=1)])


def present_in(comparison: Comparison) -> float:
    """The probability that the library has what is shown. Raises as `coefficients` does."""
    fitted = coefficients()
    likelihoods = _likelihoods(comparison)
    logit = float(evidence(likelihoods, comparison.rows, comparison.readings) @ fitted.present)
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


def best_matches(queries: Sequence[Compared]) -> list[list[Match]]:
    """For each query, its readings and the candidates compared with them, each icon once: as a match or a twin of one.

    The most probable comes first. The score is the probability that the library has what is shown, times this icon's
    share of it, to which the shares of its twins and look-alikes are added. How often icons are used at all, their
    prior, counts as well. Raises as `coefficients` and `side_by_side` do.
    """
    fitted = coefficients()
    likelihoods = [_likelihoods(comparison) for _, comparison in queries]
    values = [
        seen + fitted.prior * comparison.priors for seen, (_, comparison) in zip(likelihoods, queries, strict=True)
    ]
    added = _seen_side_by_side(queries, values)
    return [
        _matches(readings, comparison, likelihoods[index] + added[index], values[index] + added[index])
        for index, (readings, comparison) in enumerate(queries)
    ]


def _likelihoods(comparison: Comparison) -> Floats:
    """(n,): the logits of the pairs, the priors of the icons and the network of pairs aside."""
    handicaps = np.where(np.isnan(comparison.strokes), 0, OTHER_WIDTH)
    return np.asarray(comparison.rows @ coefficients().order - handicaps, np.float32)


def _matches(readings: Sequence[Reading], comparison: Comparison, likelihoods: Floats, values: Floats) -> list[Match]:
    """The matches of one query; `values`, (n,), are the logits of its pairs, `likelihoods` those without the priors."""
    present = present_in(comparison)
    chosen = unique_icons(comparison, values)
    groups, share, suits, likes = _grouped(readings, comparison, chosen, values)
    scores = present * share[[head for head, *_ in groups]]
    # What is likely comes by its score, whatever its reading, so that nothing unlikely stands between.
    order = [0, *(np.argsort(-np.where(scores >= LIKELY, scores, 0)[1:], kind="stable") + 1).tolist()]
    # A picture tells little about which of some look-alikes it shows: there the whole prior counts.
    posterior = likelihoods[chosen] + comparison.priors[chosen] - UNSUITABLE * ~suits
    likely = int((scores >= LIKELY).sum())
    order = [*_likeliest_first(order[:likely], groups, likes, posterior), *order[likely:]]
    groups, scores = [groups[place] for place in order], falling(scores[order])
    ids, ordered = comparison.icons[chosen].tolist(), likelihoods[chosen].tolist()
    found_for = comparison.readings[chosen].tolist()
    strokes = [None if np.isnan(width) else float(width) for width in comparison.strokes[chosen]]
    earlier = comparison.earlier[chosen].tolist()
    return [
        Match(
            ids[head],
            float(score),
            present,
            bool(suits[head]),
            tuple(Twin(ids[twin], ordered[head] - ordered[twin], strokes[twin], earlier[twin]) for twin in twins),
            strokes[head],
            earlier[head],
            readings[found_for[head]].kind in ("whole", "unbadged"),
        )
        for (head, *twins), score in zip(groups, scores, strict=True)
    ]


def _seen_side_by_side(queries: Sequence[Compared], values: Sequence[Floats]) -> list[Floats]:
    """For each query, (n,): what the network of pairs adds to the logits of its likeliest icons; less to the others.

    `values` are the logits without it. Where none comes near the likeliest, nothing is added.
    """
    added = [np.zeros(len(logits), np.float32) for logits in values]
    near: dict[int, NDArray[np.int64]] = {}
    for index, ((_, comparison), logits) in enumerate(zip(queries, values, strict=True)):
        likeliest = unique_icons(comparison, logits)[:LOOKED_AGAIN]
        likeliest = likeliest[logits[likeliest] > logits[likeliest[0]] - NEAR]
        if len(likeliest) > 1:
            near[index] = likeliest
    told = side_by_side([(*queries[index], pairs) for index, pairs in near.items()]) if near else []
    for (index, pairs), logits in zip(near.items(), told, strict=True):
        added[index][:] = TRUSTED * logits.min()
        added[index][pairs] = TRUSTED * logits
    return added


def _likeliest_first(
    order: Sequence[int], groups: Sequence[Sequence[int]], likes: NDArray[np.bool_], values: Floats
) -> list[int]:
    """The order of the groups, of look-alikes the one first that has the icon with the largest of these values."""
    left, ordered = list(order), []
    while left:
        head = groups[left[0]][0]
        similar = [place for place in left if likes[head, groups[place][0]]]
        ordered += sorted(similar, key=lambda place: -max(values[icon] for icon in groups[place]))
        left = [place for place in left if place not in similar]
    return ordered


def falling(scores: Floats) -> Floats:
    """Scores, (n,), that fall with the order: another reading's best icon has at least that of what follows it."""
    return np.asarray(np.minimum(np.maximum.accumulate(scores[::-1])[::-1], scores[0]), np.float32)


def _grouped(
    readings: Sequence[Reading], comparison: Comparison, chosen: NDArray[np.int64], values: Floats
) -> tuple[list[list[int]], Floats, NDArray[np.bool_], NDArray[np.bool_]]:
    """The n chosen pairs in groups of twins, lists of places among them, the likeliest first.

    And for each of them, (n,), its share of the probability that the library has what is shown, with that of its twins
    and look-alikes, 0 to 1, whether it may have the colours of the picture, and, (m, m), which of the first m are
    look-alikes at its resolution.
    """
    weight = np.exp(values[chosen] - values.max())
    share = weight / weight.sum()
    icons = unpack([comparison.signatures[pair] for pair in chosen[:SHARED]])
    shapes = Shapes(icons)
    likes = shapes.correlations(readings[comparison.readings[chosen[0]]]) > LOOK_ALIKE
    of_reading = comparison.readings[chosen]
    groups = twin_groups([readings[index] for index in of_reading[:SHARED]], shapes)
    for head, *twins in groups:
        likes[head, twins] = True
    share[:SHARED] = likes.astype(np.float32) @ share[:SHARED]
    suits = np.ones(len(chosen), bool)
    for index in np.unique(of_reading[:SHARED]):
        of_this = np.flatnonzero(of_reading[:SHARED] == index)
        suits[of_this] = palette_suits(readings[index], icons)[of_this]
    groups += [[place] for place in range(len(icons.ink), len(chosen))]
    return groups, np.asarray(share.clip(0, 1), np.float32), suits, likes
