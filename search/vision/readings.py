"""The readings of a picture: the few drawings that a person may have meant with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from PIL import Image

from search.vision.badges import without_badge
from search.vision.drawing import Drawing, filled, ink_variants, main_ink_alone, nearly_equal
from search.vision.enclosures import enclosed
from search.vision.foreground import Foreground, border_colour, foreground_of
from search.vision.renditions import icon_renditions
from search.vision.segments import clusters

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
    """All of `likeliest_readings`. Empty if the picture is blank."""
    return list(likeliest_readings(picture))


def likeliest_readings(picture: Image.Image) -> Iterator[Reading]:
    """Up to MOST_READINGS readings of an RGB or RGBA picture, the likeliest first, no drawing twice.

    Of a transparent picture, what is opaque is the first reading. Each is made when it is asked for.
    """
    readings: list[Reading] = []
    for kind, drawing in _drawings(picture):
        if drawing is None or any(nearly_equal(drawing, reading.drawing) for reading in readings):
            continue
        readings.append(Reading(drawing, kind))
        yield readings[-1]
        if len(readings) == MOST_READINGS:
            return


def _drawings(picture: Image.Image) -> Iterator[tuple[Kind, Drawing | None]]:
    """What may be meant with a picture, the likeliest first, some of it nearly twice."""
    if picture.mode == "RGBA" and np.asarray(picture.getchannel("A")).min() < 128:
        for drawing in icon_renditions(_reduced(picture)):
            yield "whole", drawing
        page = Image.new("RGB", picture.size, "white")
        page.paste(picture, mask=picture)
        picture = page
    less_likely: list[Iterator[tuple[Kind, Drawing | None]]] = []
    for kind, foreground in _foregrounds(_reduced(picture.convert("RGB"))):
        variants = ink_variants(foreground)
        likeliest = next(variants)
        yield kind, likeliest
        less_likely.append(_less_likely(kind, foreground, likeliest, variants))
    for drawings in less_likely:
        yield from drawings


def _less_likely(
    kind: Kind, foreground: Foreground, likeliest: Drawing, variants: Iterator[Drawing]
) -> Iterator[tuple[Kind, Drawing | None]]:
    """What else a foreground may be meant as, beside the likeliest drawing of it."""
    variant = next(variants, None)
    yield kind, variant
    if kind == "whole" and (likeliest.coloured or variant):
        yield "filled", filled(foreground)
    if likeliest.coloured and not variant:
        yield "one ink", main_ink_alone(foreground)


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
    unbadged = list(without_badge(whole)) or list(without_badge(best) if best is not whole else ())
    for foreground in unbadged:
        yield "unbadged", foreground
    if best is not whole:
        yield "cluster", best
    for kind, foreground in enclosed(unbadged[0] if unbadged else best):
        yield kind, foreground
        if cluster := next(clusters(foreground), None):
            yield kind, cluster
    for cluster in other_clusters:
        yield "cluster", cluster
