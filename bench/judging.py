"""Which answers are right, and how many."""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bench.pictures import draw_in_colour, draw_on_white, flatten

SAME_DRAWING = 0.98  # the correlation above which two drawings look the same
SIDE = 32  # px; the side of the drawings that are compared
FINE_SIDE = 256  # px; the side of the drawings that are made smaller, to the size at which a query shows them
LEAST_SIDE = 6  # px; the least side at which drawings are compared
INK = 0.25  # of the darkest pixel; a pixel at least this dark belongs to the drawing
TOP_K = 10  # how many answers are looked at

Vector = NDArray[np.float32]
BLANK_GREY = np.zeros(SIDE * SIDE, np.float32)  # correlates with nothing, not even with itself
BLANK_COLOUR = np.zeros(3 * SIDE * SIDE, np.float32)


@dataclass(frozen=True)
class Quality:
    """How well some queries were answered; all but the number of queries are from 0 to 1."""

    queries: int
    recall_at_1: float  # the share of queries with a right answer in the first place
    recall_at_10: float  # the share of queries with a right answer among the first ten
    mrr: float  # mean reciprocal rank of the first right answer; 0 counts where it is not among the first ten


def quality(ranks: Sequence[int]) -> Quality:
    """The quality of answers, from the rank of the first right answer to each query: from 1, and 0 where none is right.

    There must be at least one rank.
    """
    array = np.asarray(ranks)
    reciprocal = np.divide(1.0, array, out=np.zeros(len(array)), where=array > 0)
    return Quality(len(array), float(np.mean(array == 1)), float(np.mean(array > 0)), float(reciprocal.mean()))


@dataclass(frozen=True)
class Judge:
    """Knows the icons, and calls an answer right if it looks the same as the truth.

    Sets hold the same drawing under several names, which no picture can tell apart. In place of an icon's id, its
    methods take an SVG as well, for a drawing that the library has not as such.
    """

    icons: Mapping[str, str]  # SVG by id

    def rank(self, truth: str, ranking: Sequence[str]) -> int:
        """The rank of the first right answer among the first ten, from 1; 0 where none is right."""
        answers = enumerate(ranking[:TOP_K], 1)
        return next((rank for rank, answer in answers if self.looks_same(truth, answer)), 0)

    def looks_same(self, truth: str, answer: str) -> bool:
        """Whether both icons are the same, or look the same in grey."""
        return truth == answer or self.correlation(truth, answer) > SAME_DRAWING

    def correlation(self, truth: str, answer: str) -> float:
        """The correlation of both drawings in grey, -1 to 1; 0 for an icon that is unknown or blank."""
        return float(self._grey(truth) @ self._grey(answer))

    def looks_same_at(self, truth: str, answer: str, pixels: float) -> bool:
        """Whether both cannot be told apart where the truth is drawn in a square of so many pixels."""
        side = min(max(round(pixels * self._extent(truth)), LEAST_SIDE), FINE_SIDE // 2)
        return float(self._at(truth, side) @ self._at(answer, side)) >= SAME_DRAWING

    def looks_same_in_colour(self, truth: str, answer: str) -> bool:
        """Whether both icons are the same, or look the same in colour: flags often share their shapes."""
        return truth == answer or float(self._colour(truth) @ self._colour(answer)) > SAME_DRAWING

    @functools.cached_property
    def _grey(self) -> Callable[[str], Vector]:
        return functools.cache(
            lambda icon: drawing_vector(draw_on_white(svg, 2 * SIDE)) if (svg := self._svg(icon)) else BLANK_GREY
        )

    @functools.cached_property
    def _extent(self) -> Callable[[str], float]:
        """The longer side of an icon's ink, as a share of its view box."""
        return functools.cache(lambda icon: max(_trimmed(self._fine(icon)).shape[:2]) / FINE_SIDE)

    @functools.cached_property
    def _at(self) -> Callable[[str, int], Vector]:
        return functools.cache(lambda icon, side: drawing_vector(self._fine(icon), side=side))

    def _fine(self, icon: str) -> Image.Image:
        return draw_on_white(self._svg(icon), FINE_SIDE)

    def _svg(self, icon: str) -> str:
        """The SVG of an icon, or what is one already; nothing for an icon that is unknown."""
        return icon if icon.startswith("<") else self.icons.get(icon, "")

    @functools.cached_property
    def _colour(self) -> Callable[[str], Vector]:
        return functools.cache(
            lambda icon: (
                drawing_vector(flatten(draw_in_colour(svg, 2 * SIDE)), "RGB")
                if (svg := self._svg(icon))
                else BLANK_COLOUR
            )
        )


def drawing_vector(picture: Image.Image, mode: str = "L", side: int = SIDE) -> Vector:
    """The trimmed drawing on white as (side²,) in grey, mode L, or (3 side²,) in colour, mode RGB.

    The vector has mean 0 and length 1, so inner products are correlations; it is 0 for a blank picture.
    """
    ink = _trimmed(picture, mode)
    if not ink.size:
        return np.zeros(len(mode) * side * side, np.float32)
    down, right = (max(ink.shape[:2]) - length for length in ink.shape[:2])
    square = np.pad(ink, ((down // 2, down - down // 2), (right // 2, right - right // 2), (0, 0)))
    planes = (Image.fromarray(plane) for plane in np.moveaxis(square, 2, 0))
    values = np.concatenate([np.asarray(plane.resize((side, side), Image.Resampling.BOX)).ravel() for plane in planes])
    values = values - values.mean()
    return np.asarray(values / (np.linalg.norm(values) + 1e-6), dtype=np.float32)


def _trimmed(picture: Image.Image, mode: str = "L") -> Vector:
    """(h, w, channels) of the drawing, dark is 255, without its margins; nothing of a blank picture."""
    ink = 255 - np.atleast_3d(np.asarray(picture.convert(mode), dtype=np.float32))
    darkness = ink.max(axis=2)
    rows, columns = np.nonzero(darkness > INK * max(float(ink.max()), 1))
    if not len(rows):
        return ink[:0, :0]
    return ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
