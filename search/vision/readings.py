"""The readings of a picture: the few drawings that a person may have meant with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from PIL import Image

from search.vision.drawing import Drawing, filled, ink_variants, main_ink_alone, nearly_equal
from search.vision.enclosures import enclosed
from search.vision.foreground import Foreground, border_colour, foreground_of
from search.vision.renditions import icon_renditions
from search.vision.segments import clusters, without_badge

MOST_READINGS = 6
MOST_PIXELS_A_SIDE = 320  # px; a larger picture is reduced first, which bounds the time

# What of the picture is taken for the drawing: all of it, a cluster of ink, what lies on a button or in a ring,
# all but a badge, all with what its outline encloses, or what has its most frequent colour.
Kind = Literal["whole", "cluster", "inside", "ring", "unbadged", "filled", "one ink"]


@dataclass(frozen=True)
class Reading:
    """One drawing that may be meant with a picture."""

    drawing: Drawing
    kind: Kind


def readings_of(picture: Image.Image) -> list[Reading]:
    """Up to MOST_READINGS readings of an RGB or RGBA picture, the likeliest first, no drawing twice.

    Of a transparent picture, what is opaque is the first reading. Empty if the picture is blank.
    """
    readings: list[Reading] = []

    def add(kind: Kind, drawing: Drawing | None) -> None:
        if drawing is None or len(readings) == MOST_READINGS:
            return
        if not any(nearly_equal(drawing, reading.drawing) for reading in readings):
            readings.append(Reading(drawing, kind))

    if picture.mode == "RGBA" and np.asarray(picture.getchannel("A")).min() < 128:
        for drawing in icon_renditions(_reduced(picture)):
            add("whole", drawing)
        page = Image.new("RGB", picture.size, "white")
        page.paste(picture, mask=picture)
        picture = page
    less_likely: list[tuple[Kind, Drawing | None]] = []
    for kind, foreground in _foregrounds(_reduced(picture.convert("RGB"))):
        likeliest, *variants = ink_variants(foreground)
        add(kind, likeliest)
        if len(readings) == MOST_READINGS:
            break
        less_likely += [(kind, variant) for variant in variants]
        if kind == "whole" and (likeliest.coloured or variants):
            less_likely.append(("filled", filled(foreground)))
        if likeliest.coloured and not variants:
            less_likely.append(("one ink", main_ink_alone(foreground)))
    for kind, variant in less_likely:
        add(kind, variant)
    return readings


def _reduced(picture: Image.Image) -> Image.Image:
    return picture.reduce(max(1, -(-max(picture.size) // MOST_PIXELS_A_SIDE)))


def _foregrounds(picture: Image.Image) -> Iterator[tuple[Kind, Foreground]]:
    """The parts of a picture that may be the drawing meant, the likeliest first."""
    pixels = np.asarray(picture, dtype=np.float32)
    whole = foreground_of(pixels, *border_colour(pixels))
    if whole is None:
        return
    yield "whole", whole
    best, *other_clusters = list(clusters(whole)) or [whole]
    if best is not whole:
        yield "cluster", best
    for kind, foreground in enclosed(best):
        yield kind, foreground
        if cluster := next(clusters(foreground), None):
            yield kind, cluster
    if unbadged := without_badge(best):
        yield "unbadged", unbadged
    for cluster in other_clusters:
        yield "cluster", cluster
