"""Which answers are right, and how many."""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bench.conditions import CONDITIONS
from bench.pictures import on_white
from bench.screenshots import Query

ALIKE = 0.98  # the correlation above which two drawings look the same
SIDE = 32  # px of the drawings that are compared
INK = 0.25  # of the darkest: what belongs to the drawing
FIRST = 10  # answers that are looked at

Recall = dict[str, tuple[float, float]]  # condition, or "all": R@1 and R@10, 0 to 1


@dataclass(frozen=True)
class Judge:
    """Knows the icons, and holds an answer for right if it looks the same as the truth.

    Sets hold one drawing under several names, which no picture can tell apart.
    """

    icons: Mapping[str, str]  # SVG by id

    def recall(self, queries: Sequence[Query], answers: Sequence[Sequence[str]]) -> Recall:
        """R@1 and R@10 for each condition and over all, in that order."""
        hits = [self._hits(query.icon, found) for query, found in zip(queries, answers, strict=True)]
        of = {
            name: [hit for hit, q in zip(hits, queries, strict=True) if q.condition == name]
            for name in CONDITIONS
        }
        of["all"] = hits
        return {name: _means(rows) for name, rows in of.items() if rows}

    def _hits(self, truth: str, found: Sequence[str]) -> tuple[bool, bool]:
        same = functools.partial(self._same, truth)
        first = any(map(same, found[:1]))
        return first, first or truth in found[:FIRST] or any(map(same, found[1:FIRST]))

    def _same(self, one: str, other: str) -> bool:
        return one == other or float(self._shape(one) @ self._shape(other)) > ALIKE

    @functools.cached_property
    def _shape(self) -> Callable[[str], NDArray[np.float32]]:
        return functools.cache(
            lambda icon: shape(on_white(self.icons[icon], 2 * SIDE)) if icon in self.icons else NONE
        )


NONE = np.zeros(SIDE * SIDE, np.float32)  # resembles nothing, itself neither


def shape(picture: Image.Image) -> NDArray[np.float32]:
    """The trimmed drawing as (1024,) grey of mean 0 and length 1: inner products are correlations."""
    ink = 255 - np.asarray(picture.convert("L"), dtype=np.float32)
    rows, columns = np.nonzero(ink > INK * max(float(ink.max()), 1))
    if not len(rows):
        return NONE
    ink = ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    down, across = (max(ink.shape) - length for length in ink.shape)
    square = np.pad(ink, ((down // 2, down - down // 2), (across // 2, across - across // 2)))
    grey = np.asarray(Image.fromarray(square).resize((SIDE, SIDE), Image.Resampling.BOX)).ravel()
    grey = grey - grey.mean()
    return np.asarray(grey / (np.linalg.norm(grey) + 1e-6), dtype=np.float32)


def _means(hits: Sequence[tuple[bool, bool]]) -> tuple[float, float]:
    first, ten = np.mean(hits, axis=0)
    return float(first), float(ten)
