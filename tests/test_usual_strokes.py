"""Drawings of strokes of any width are made as wide as most sets have them."""

import numpy as np
import pytest

from icons.rendering import render
from search.vision.drawing import Drawing
from search.vision.renditions import icon_renditions
from search.vision.usual_strokes import with_usual_strokes
from tests.conftest import svg_of

HOUSE = '<path d="M3 11l9-8 9 8v10h-6v-7H9v7H3z"/><path d="M16 3h4"/>'
USUAL = 1.8  # in a view box of 24, of which it fills 20


def drawn(width: float, colour: str = "#000") -> Drawing:
    """The house with strokes of this width in a view box of 24."""
    strokes = f'fill="none" stroke="{colour}" stroke-width="{width:g}" stroke-linejoin="round" stroke-linecap="round"'
    return icon_renditions(render(svg_of(f"<g {strokes}>{HOUSE}</g>"), 96))[0]


def likeness(one: np.ndarray, other: np.ndarray) -> float:
    """The correlation of two drawings."""
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1])


@pytest.mark.parametrize("width", [0.75, 1, 1.25, 3, 3.5])
def test_strokes_of_any_width_become_the_usual_ones(width: float) -> None:
    usual, other = drawn(USUAL).pixels, drawn(width).pixels
    made = with_usual_strokes(drawn(width))
    assert made is not None and made.shape == usual.shape and made.dtype == np.uint8
    assert 1 - likeness(made, usual) < min(0.06, 0.6 * (1 - likeness(other, usual)))


def test_what_is_usual_or_no_stroke_stays_as_it_is() -> None:
    area = icon_renditions(render(svg_of('<path d="M2 2h20v20H2z"/>'), 96))[0]
    coloured = svg_of('<path fill="#e00" d="M2 3h9v2H2z"/><path fill="#00e" d="M13 3h9v2h-9z"/>')
    speck = icon_renditions(render(svg_of('<circle cx="12" cy="12" r="0.6"/>'), 96))[0]
    for drawing in (drawn(USUAL), area, speck, icon_renditions(render(coloured, 96))[0]):
        assert with_usual_strokes(drawing) is None
