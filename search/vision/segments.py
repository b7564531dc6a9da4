"""The clusters of ink on a picture, each of which may be the drawing meant."""

from collections.abc import Iterator

import cv2
import numpy as np

from search.vision.foreground import INK, Foreground, PixelMask

GAPS = (0.03, 0.06, 0.10)  # share of the picture's longer side: ink that is closer together than that is one cluster
AT_EDGE = 0.35  # factor on the rank of a cluster that touches the picture's edge: it is probably a neighbour, cut off


def clusters(foreground: Foreground) -> Iterator[Foreground]:
    """The cluster of ink that is most likely meant, at each of GAPS, wherever it differs and is not all the ink."""
    ink = foreground.coverage > INK
    sizes = [int(ink.sum())]
    for gap in GAPS:
        mask = _likeliest_cluster(foreground, ink, max(1, round(gap * max(ink.shape))))
        if mask is None:
            return
        size = int((mask & ink).sum())
        if size and size not in sizes:
            sizes.append(size)
            # The mask reaches beyond the ink, so that soft edges are not cut off.
            yield foreground.restricted_to(mask)


def _likeliest_cluster(foreground: Foreground, ink: PixelMask, gap: int) -> PixelMask | None:
    """The large cluster near the middle, with what it encloses; None if all ink is one cluster. `gap` is in px."""
    height, width = ink.shape
    near = cv2.dilate(ink.astype(np.uint8), np.ones((gap + 1, gap + 1), np.uint8))
    count, labels, stats, centres = cv2.connectedComponentsWithStats(near, connectivity=8)
    if count <= 2:  # the background is one of them
        return None
    mass = np.bincount(labels.ravel(), weights=(foreground.coverage * ink).ravel(), minlength=count)
    off_centre = np.abs((centres + 0.5) / (width, height) - 0.5).max(axis=1) * 2
    starts, ends = stats[:, :2], stats[:, :2] + stats[:, 2:4]
    at_edge = (starts <= 0).any(axis=1) | (ends >= (width, height)).any(axis=1)
    size = np.sqrt(stats[:, 2] * stats[:, 3] * np.maximum(mass, 1e-6))
    rank = size * (1.1 - off_centre) * np.where(at_edge, AT_EDGE, 1.0)
    rank[0] = -1
    best = int(rank.argmax())
    enclosed = ((starts >= starts[best]) & (ends <= ends[best])).all(axis=1)
    enclosed[0] = False
    return np.asarray(enclosed[labels])
