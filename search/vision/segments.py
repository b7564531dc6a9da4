"""The parts of a picture that may be the drawing meant: a cluster of ink, or all of it but a badge."""

from collections.abc import Iterator

import cv2
import numpy as np

from search.vision.foreground import INK, Foreground, PixelMask

GAPS = (0.03, 0.06, 0.10)  # share of the picture's longer side: ink that is closer together than that is one cluster
AT_EDGE = 0.35  # factor on the rank of a cluster that touches the picture's edge: it is probably a neighbour, cut off
BADGE_SHARE = 0.02, 0.36  # least and most share of the drawing's box that the box of a badge takes
LEAST_BESIDE_BADGE = 25  # px of ink that must remain without the badge


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


def without_badge(foreground: Foreground) -> Foreground | None:
    """The drawing without the dot or number that sits on its corner in a colour of its own; None if there is none."""
    if (foreground.coverage > 0.6).sum() < 30:
        return None
    ink = foreground.coverage > INK
    ys, xs = np.nonzero(ink)
    corner, far_corner = np.array([xs.min(), ys.min()]), np.array([xs.max() + 1, ys.max() + 1])
    opened = cv2.morphologyEx(_in_other_colour(foreground).astype(np.uint8), cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    count, labels, stats, centres = cv2.connectedComponentsWithStats(opened, connectivity=8)
    for component in range(1, count):
        x, y, width, height, area = (int(v) for v in stats[component])
        share = width * height / np.prod(far_corner - corner)
        is_round = area > 0.6 * width * height and max(width, height) < 2.2 * min(width, height)
        across, down = (centres[component] - corner) / (far_corner - corner)
        on_corner = min(across, 1 - across) < 0.35 and min(down, 1 - down) < 0.35
        if BADGE_SHARE[0] < share < BADGE_SHARE[1] and is_round and on_corner:
            badge = np.zeros(labels.shape, np.uint8)
            badge[y : y + height, x : x + width] = 1
            mask = cv2.dilate(badge, np.ones((3, 3), np.uint8)) == 0
            if (ink & mask).sum() >= LEAST_BESIDE_BADGE:
                return foreground.restricted_to(mask)
    return None


def _in_other_colour(foreground: Foreground) -> PixelMask:
    """The ink whose colour is far from that of most of the drawing, and from the background."""
    pixels, background = foreground.pixels, np.broadcast_to(foreground.background, foreground.pixels.shape)
    main = np.median(pixels[foreground.coverage > 0.6], axis=0)
    off_main = np.linalg.norm(pixels - main, axis=2) > 70
    off_background = np.linalg.norm(pixels - background, axis=2) > 60
    return np.asarray(off_main & off_background & (foreground.coverage > INK))
