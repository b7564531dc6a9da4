"""Which answers are right, and how many."""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bench.pictures import in_colour, on_white, opaque

ALIKE = 0.98  # the correlation above which two drawings look the same
SIDE = 32  # px of the drawings that are compared
INK = 0.25  # of the darkest: what belongs to the drawing
FIRST = 10  # answers that are looked at

Vector = NDArray[np.float32]
NONE = np.zeros(SIDE * SIDE, np.float32)  # resembles nothing, itself neither
NONE3 = np.zeros(3 * SIDE * SIDE, np.float32)  # the same in colour


@dataclass(frozen=True)
class Quality:
    """How well so many queries were answered; all 0 to 1."""

    queries: int
    first: float  # R@1: share with a right answer in the first place
    ten: float  # R@10: among the first ten
    mrr: float  # mean of 1 / the place of the first right answer, 0 where it is not among the first ten


def quality(places: Sequence[int]) -> Quality:
    """Of the place of the first right answer to each query, from 1; 0 where none is right."""
    ranks = np.asarray(places)
    inverse = np.divide(1.0, ranks, out=np.zeros(len(ranks)), where=ranks > 0)
    return Quality(len(ranks), float(np.mean(ranks == 1)), float(np.mean(ranks > 0)), float(inverse.mean()))


@dataclass(frozen=True)
class Judge:
    """Knows the icons, and holds an answer for right if it looks the same as the truth.

    Sets hold one drawing under several names, which no picture can tell apart.
    """

    icons: Mapping[str, str]  # SVG by id

    def place(self, truth: str, found: Sequence[str]) -> int:
        """The place of the first right answer among the first ten, from 1; 0 where none is right."""
        return next((i for i, icon in enumerate(found[:FIRST], 1) if self.same(truth, icon)), 0)

    def same(self, one: str, other: str) -> bool:
        return one == other or self.likeness(one, other) > ALIKE

    def likeness(self, one: str, other: str) -> float:
        """Correlation of both drawings, -1 to 1; 0 for an icon that is unknown or blank."""
        return float(self._shape(one) @ self._shape(other))

    def same_in_colour(self, one: str, other: str) -> bool:
        """Whether both are alike in colour too: flags may have one shape."""
        return one == other or float(self._colours(one) @ self._colours(other)) > ALIKE

    @functools.cached_property
    def _shape(self) -> Callable[[str], Vector]:
        return functools.cache(lambda icon: shape(on_white(self.icons[icon], 2 * SIDE)) if icon in self.icons else NONE)

    @functools.cached_property
    def _colours(self) -> Callable[[str], Vector]:
        return functools.cache(
            lambda icon: shape(opaque(in_colour(self.icons[icon], 2 * SIDE)), "RGB") if icon in self.icons else NONE3
        )


def shape(picture: Image.Image, mode: str = "L") -> Vector:
    """The trimmed drawing as (1024,) grey, or (3072,) RGB, of mean 0 and length 1: inner products are correlations."""
    ink = 255 - np.atleast_3d(np.asarray(picture.convert(mode), dtype=np.float32))
    darkest = ink.max(axis=2)
    rows, columns = np.nonzero(darkest > INK * max(float(ink.max()), 1))
    if not len(rows):
        return NONE if mode == "L" else NONE3
    ink = ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    down, across = (max(ink.shape[:2]) - length for length in ink.shape[:2])
    square = np.pad(ink, ((down // 2, down - down // 2), (across // 2, across - across // 2), (0, 0)))
    planes = (Image.fromarray(plane) for plane in np.moveaxis(square, 2, 0))
    values = np.concatenate([np.asarray(plane.resize((SIDE, SIDE), Image.Resampling.BOX)).ravel() for plane in planes])
    values = values - values.mean()
    return np.asarray(values / (np.linalg.norm(values) + 1e-6), dtype=np.float32)
