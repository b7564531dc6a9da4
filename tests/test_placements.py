"""Placements of a drawing, compared with OpenCV's own warp of it."""

import cv2
import numpy as np
import pytest

from search.matching.placements import PLACEMENTS, STEPS, placed
from search.matching.signature import SHAPE
from search.vision.drawing import MARGIN, SIDE


@pytest.mark.parametrize("reach", [0.5, 0.83, 1.6])
def test_a_drawing_is_moved_and_stretched_as_opencv_does(reach: float) -> None:
    drawing = np.random.default_rng(1).uniform(0, 1, (SIDE, SIDE)).astype(np.float32)
    centre = (SIDE - 1) / 2
    expected = []
    for down_step, across_step in PLACEMENTS:
        (taller, down), (wider, right) = STEPS[down_step], STEPS[across_step]
        across, along = 1 + 2 * reach * wider / SHAPE, 1 + 2 * reach * taller / SHAPE
        matrix = np.array(
            [
                [across, 0, centre - across * centre + right * reach],
                [0, along, centre - along * centre + down * reach],
            ],
            np.float32,
        )
        warped = cv2.warpAffine(drawing, matrix, (SIDE, SIDE), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
        expected.append(warped[MARGIN:-MARGIN, MARGIN:-MARGIN].ravel())
    np.testing.assert_allclose(placed(drawing, reach), np.stack(expected), atol=2e-5)


def test_one_placement_leaves_a_drawing_as_it_is() -> None:
    drawing = np.random.default_rng(2).uniform(0, 1, (SIDE, SIDE)).astype(np.float32)
    as_framed = drawing[MARGIN:-MARGIN, MARGIN:-MARGIN].ravel()
    assert np.abs(placed(drawing, 0.5) - as_framed).max(axis=1).min() < 1e-6
