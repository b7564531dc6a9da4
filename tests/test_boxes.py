"""How much boxes have in common."""

import numpy as np

from search.detection.boxes import areas_of, overlap_of, shared_areas

BOXES = np.array([(0, 0, 4, 2), (2, 0, 6, 2), (9, 9, 9, 9)], np.float32)


def test_boxes_share_what_lies_in_both() -> None:
    assert areas_of(BOXES).tolist() == [8, 8, 0]
    assert shared_areas(BOXES[:1], BOXES).tolist() == [[8, 4, 0]]
    assert np.allclose(overlap_of(BOXES, BOXES), np.array([[3, 1, 0], [1, 3, 0], [0, 0, 0]]) / 3)


def test_no_boxes_share_nothing() -> None:
    assert overlap_of(BOXES[:0], BOXES).shape == (0, 3) and overlap_of(BOXES, BOXES[:0]).shape == (3, 0)
