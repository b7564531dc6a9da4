"""Candidates beside the readings that they were found for: what speaks for each pair, and each icon once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.matching.features import features
from search.matching.matches import Candidate
from search.matching.signature import Floats, unpack
from search.vision.readings import Reading

# If the best icon of a reading scores lower than the best of all readings, that reading's list is moved down by BEHIND
# times the difference, at most BEHIND_MOST; both are added to the logarithm of the place.
BEHIND, BEHIND_MOST = 0.25, 1.6


@dataclass(frozen=True)
class Comparison:
    """n pairs of a reading and a candidate near it, compared; n > 0. One icon may be near several readings."""

    icons: NDArray[np.int64]  # (n,): ids
    readings: NDArray[np.int64]  # (n,): indices
    rows: Floats  # (n, len(FEATURES))
    signatures: Sequence[bytes]  # n, of the candidates
    strokes: NDArray[np.float64]  # (n,): the candidates' stroke widths; NaN where they are as stored
    priors: Floats  # (n,): of the candidates
    earlier: NDArray[np.int64]  # (n,): the numbers of their earlier drawings; 0 where they are as their icons are now


Compared = tuple[Sequence[Reading], Comparison]  # the readings of a query, and its candidates beside them


def compare(
    readings: Sequence[Reading], candidates: Sequence[Candidate], known: Comparison | None = None
) -> Comparison:
    """Each candidate, at least one, compared with the reading that it was found for; in the order of the readings.

    With a `known` comparison, which is of earlier ones of these readings and of other candidates, theirs come first.
    """
    icons, of_reading, rows, strokes, priors, earlier = (
        ([known.icons], [known.readings], [known.rows], [known.strokes], [known.priors], [known.earlier])
        if known
        else ([], [], [], [], [], [])
    )
    packed: list[bytes] = [*known.signatures] if known else []
    for index, reading in enumerate(readings):
        near = [candidate for candidate in candidates if candidate.query == index]
        if near:
            packed += [candidate.signature for candidate in near]
            signatures = unpack(packed[-len(near) :])
            inner_products = np.array([candidate.inner_product for candidate in near], np.float32)
            icons.append(np.array([candidate.icon_id for candidate in near]))
            of_reading.append(np.full(len(near), index))
            rows.append(features(reading, readings[0], inner_products, signatures))
            strokes.append(np.array([candidate.stroke or np.nan for candidate in near]))
            priors.append(np.array([candidate.prior for candidate in near], np.float32))
            earlier.append(np.array([candidate.earlier for candidate in near]))
    return Comparison(
        np.concatenate(icons),
        np.concatenate(of_reading),
        np.concatenate(rows),
        packed,
        np.concatenate(strokes),
        np.concatenate(priors),
        np.concatenate(earlier),
    )


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
    return best[first_places(comparison.icons[best])]


def first_places(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """The indices at which a value stands for the first time."""
    return np.sort(np.unique(values, return_index=True)[1])
