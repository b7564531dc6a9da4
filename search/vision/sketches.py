"""What a sketch shows: a drawing by hand, in one pen, on a blank sheet.

A hand wobbles and gets proportions wrong, and a pen has not the width of an icon's strokes. The readings of a sketch
are therefore the same lines in several ways: as icons may show them, and as they may have been meant.
"""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from search.vision.drawing import framed_in_one_colour
from search.vision.foreground import Coverage, border_colour, foreground_of
from search.vision.readings import MOST_PIXELS_A_SIDE, Kind, Reading
from search.vision.strokes import edge_distances, line_widths, widened

STROKE = 0.1  # width of the strokes that most icons have, as a share of the drawing's longer side
GAP = 0.5  # widths of a stroke up to which a gap is closed before an outline is filled
SQUEEZED = 0.88  # of its width, or of its height, that a sketch may have been meant to have
BORDER = 40  # px around the sketch, in which it may grow

Mask = NDArray[np.uint8]


def sketch_readings(picture: Image.Image) -> list[Reading]:
    """The readings of a sketch, RGB or RGBA, the likeliest first; empty if the sheet is blank.

    They are the sketch in strokes of the usual width, as it was drawn, filled, lower and narrower.
    """
    coverage = _coverage(picture)
    if coverage is None:
        return []
    usual = _with_usual_stroke(coverage)
    height, width = usual.shape
    lower = cv2.resize(usual, (width, round(SQUEEZED * height)), interpolation=cv2.INTER_AREA)
    narrower = cv2.resize(usual, (round(SQUEEZED * width), height), interpolation=cv2.INTER_AREA)
    ways: list[tuple[Kind, Coverage]] = [("whole", usual), ("whole", coverage), ("filled", _filled(usual))]
    ways += [("whole", np.asarray(lower, np.float32)), ("whole", np.asarray(narrower, np.float32))]
    return list(_readings(ways))


def _coverage(picture: Image.Image) -> Coverage | None:
    """How much of each pixel of the sheet is drawn on, 0 to 1; None if the sheet is blank."""
    page = Image.new("RGB", picture.size, "white")
    page.paste(picture, mask=picture.getchannel("A") if picture.mode == "RGBA" else None)
    pixels = np.asarray(page.reduce(max(1, -(-max(page.size) // MOST_PIXELS_A_SIDE))), np.float32)
    foreground = foreground_of(pixels, *border_colour(pixels))
    return None if foreground is None else np.pad(foreground.coverage, BORDER)


def _with_usual_stroke(coverage: Coverage) -> Coverage:
    """The same lines in strokes of STROKE, whatever the width of the pen was."""
    drawn = coverage > 0.5
    distances = edge_distances(drawn)
    widths = line_widths(distances)
    if not len(widths):
        return coverage
    pen = float(np.median(widths))
    rows, columns = np.nonzero(drawn)
    lines = float(max(np.ptp(rows), np.ptp(columns))) + 1 - pen  # px from line to line, without the strokes' width
    # What stays of a dot is a dot: its strokes are as wide as all of it.
    usual = STROKE * lines / (1 - STROKE) if lines > pen else pen
    thinned = widened(distances, usual - pen)
    return thinned if _mask(thinned).any() else coverage


def _filled(coverage: Coverage) -> Coverage:
    """The drawing with all that its lines enclose, apart from small gaps in them."""
    drawn = _mask(coverage)
    rows, columns = np.nonzero(drawn)
    reach = round(GAP * STROKE * float(max(np.ptp(rows), np.ptp(columns)) + 1))
    ellipse = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    closed = cv2.morphologyEx(drawn, cv2.MORPH_CLOSE, ellipse)
    cv2.floodFill(closed, None, (0, 0), 2)
    filled: Coverage = np.where(closed != 2, 1, coverage).astype(np.float32)
    return filled


def _mask(coverage: Coverage) -> Mask:
    """1 where more than half of a pixel is drawn on."""
    return (coverage > 0.5).astype(np.uint8)


def _readings(ways: list[tuple[Kind, Coverage]]) -> Iterator[Reading]:
    white = np.full(3, 255, np.float32)
    for kind, coverage in ways:
        pixels = np.repeat(255 * (1 - coverage)[..., None], 3, axis=2).astype(np.float32)
        if foreground := foreground_of(pixels, white, noise=0):
            yield Reading(framed_in_one_colour(foreground, clean=True), kind)
