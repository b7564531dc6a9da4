"""The few drawings that a person may have meant with one picture."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from search.vision.drawing import (
    INK,
    Coverage,
    Drawing,
    Pixels,
    alike,
    border_colour,
    coverage,
    filled,
    icon_drawings,
    ink_readings,
    largest,
    one_ink,
)

MOST_READINGS = 6
MOST_PIXELS_A_SIDE = 320  # bounds the time that a large picture takes
GAPS = (0.03, 0.06, 0.10)  # of the longer side: ink closer than that belongs together
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Reading:
    drawing: Drawing
    kind: str  # "whole", "cluster", "inside", "ring", "unbadged", "filled" or "one ink"


@dataclass(frozen=True)
class _Scene:
    """Part of a picture: what is drawn on which background."""

    pixels: Pixels
    background: Pixels  # (3,) or (height, width, 3)
    found: Coverage


def readings_of(picture: Image.Image) -> list[Reading]:
    """At least one drawing, the likeliest first, none twice; empty if the picture is blank.

    Takes RGB and RGBA pictures; of a transparent one, what is opaque is the drawing.
    """
    views: list[Reading] = []

    def add(kind: str, drawing: Drawing | None) -> None:
        if drawing and len(views) < MOST_READINGS and not any(alike(drawing, view.drawing) for view in views):
            views.append(Reading(drawing, kind))

    if picture.mode == "RGBA" and picture.getchannel("A").getextrema()[0] < 128:
        for drawing in icon_drawings(_reduced(picture)):
            add("whole", drawing)
        background = Image.new("RGB", picture.size, "white")
        background.paste(picture, mask=picture)
        picture = background
    later: list[tuple[str, Drawing | None]] = []
    for kind, scene in _scenes(_reduced(picture.convert("RGB"))):
        likeliest, *others = ink_readings(scene.pixels, scene.background, scene.found)
        add(kind, likeliest)
        if len(views) == MOST_READINGS:
            break
        later += [(kind, drawing) for drawing in others]
        if kind == "whole" and (likeliest.coloured or others):
            later.append(("filled", filled(scene.pixels, scene.background, scene.found)))
        if likeliest.coloured and not others:
            later.append(("one ink", one_ink(scene.pixels, scene.background, scene.found)))
    for kind, other in later:
        add(kind, other)
    return views


def _reduced(picture: Image.Image) -> Image.Image:
    return picture.reduce(max(1, -(-max(picture.size) // MOST_PIXELS_A_SIDE)))


def _scenes(picture: Image.Image) -> Iterator[tuple[str, _Scene]]:
    pixels = np.asarray(picture, dtype=np.float32)
    background, noise = border_colour(pixels)
    found = coverage(pixels, background, noise)
    if found is None:
        return
    whole = _Scene(pixels, background, found)
    yield "whole", whole
    clusters = list(_clusters(whole))
    best = clusters[0] if clusters else whole
    if clusters:
        yield "cluster", best
    for kind, scene in _inner(best):
        yield kind, scene
        for cluster in list(_clusters(scene))[:1]:
            yield kind, cluster
    for scene in _without_badge(best):
        yield "unbadged", scene
    for scene in clusters[1:]:
        yield "cluster", scene


def _erased(scene: _Scene, keep: Mask) -> _Scene:
    """The same scene, showing background wherever nothing is to be kept."""
    pixels = np.where(keep[..., None], scene.pixels, scene.background).astype(np.float32)
    return _Scene(pixels, scene.background, scene.found * keep)


def _clusters(scene: _Scene) -> Iterator[_Scene]:
    """The most likely cluster of ink at each gap width, where it is not all the ink."""
    ink = (scene.found > INK).astype(np.uint8)
    height, width = ink.shape
    taken: list[int] = [int(ink.sum())]
    for gap in GAPS:
        reach = max(1, round(gap * max(height, width)))
        near = cv2.dilate(ink, np.ones((reach + 1, reach + 1), np.uint8))
        count, labels, stats, centres = cv2.connectedComponentsWithStats(near, connectivity=8)
        if count <= 2:
            return
        mass = np.bincount(labels.ravel(), weights=(scene.found * ink).ravel(), minlength=count)
        off_centre = np.abs((centres + 0.5) / (width, height) - 0.5).max(axis=1) * 2
        starts, ends = stats[:, :2], stats[:, :2] + stats[:, 2:4]
        at_edge = (starts <= 0).any(axis=1) | (ends >= (width, height)).any(axis=1)
        area = np.sqrt(stats[:, 2] * stats[:, 3] * np.maximum(mass, 1e-6))
        rank = area * (1.1 - off_centre) * np.where(at_edge, 0.35, 1.0)
        rank[0] = -1
        best = int(rank.argmax())
        within = ((starts >= starts[best]) & (ends <= ends[best])).all(axis=1)
        within[0] = False
        keep = within[labels]  # what a ring or frame encloses belongs to it
        size = int((keep & (ink > 0)).sum())
        if size and size not in taken:
            taken.append(size)
            # What reached into the kept region from outside the ink (soft edges) stays with it.
            yield _erased(scene, keep)


def _inner(scene: _Scene) -> Iterator[tuple[str, _Scene]]:
    """What lies on a button, or within an outline ring."""
    ink = (scene.found > INK).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    if count < 2:
        return
    outer = 1 + int((stats[1:, 2] * stats[1:, 3]).argmax())
    left, top, width, height = (int(v) for v in stats[outer, :4])
    if min(width, height) < 12 or max(width, height) > 4 * min(width, height):
        return
    shape = np.zeros((height + 2, width + 2), np.uint8)
    shape[1:-1, 1:-1] = labels[top : top + height, left : left + width] == outer
    flooded = shape.copy()
    cv2.floodFill(flooded, None, (0, 0), 2)
    solid = (flooded != 2).astype(np.uint8)  # the outer component with its holes filled
    if solid.sum() < 0.7 * width * height:
        return
    distance = cv2.distanceTransform(solid, cv2.DIST_L2, 3)[1:-1, 1:-1]
    rows, columns = slice(top, top + height), slice(left, left + width)
    pixels, around = scene.pixels[rows, columns], scene.background
    around = around if around.ndim == 1 else around[rows, columns]
    ring = shape[1:-1, 1:-1] > 0
    side = min(width, height)
    edge = (distance > 0) & (distance < max(2.0, 0.06 * side))
    hole = (solid[1:-1, 1:-1] > 0) & ~ring
    if hole.sum() > 0.35 * solid.sum():
        # A ring: the page shows within it, and the drawing is whatever else is inked there.
        inside = labels[rows, columns]
        keep = (inside > 0) & (inside != outer) & (solid[1:-1, 1:-1] > 0)
        if keep.sum() >= 9:
            keep = cv2.dilate(keep.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool) & ~ring
            part = _Scene(pixels, around, scene.found[rows, columns])
            yield "ring", _erased(part, keep)
        # A drawing that touches the ring is found by what is left of the ring's own thickness.
        thick = _thickness(ring, distance)
        keep = distance > thick + 1
        left_over = np.where(keep, scene.found[rows, columns], 0)
        if thick < 0.2 * side and (left_over > INK).sum() >= 9:
            part = _Scene(pixels, around, scene.found[rows, columns])
            yield "ring", _erased(part, keep)
        if not _is_frame_filled(ring, edge):
            return
    for depth in (0.05, 0.14):
        rim = depth * side + 1
        inside = distance > rim
        band = inside & (distance <= rim + max(2.0, 0.07 * side))
        if inside.sum() < 25 or band.sum() < 8:
            continue
        ground = _ground(pixels, band)
        spread = largest(np.abs(pixels - ground))
        noise = 3.0 * float(np.quantile(spread[band], 0.6))
        if noise > 90:
            continue
        masked = np.where(inside[..., None], pixels, ground).astype(np.float32)
        found = coverage(masked, ground, max(noise, 6.0))
        if found is None or float(np.abs(masked - ground).max()) < 30:
            continue
        share = float((found > INK).sum()) / max(float(inside.sum()), 1)
        if (found > INK).sum() < 9 or share > 0.85:
            continue
        yield "inside", _Scene(masked, ground, found)
        return


def _thickness(ring: Mask, distance: Coverage) -> float:
    """How deep a ring is inked, px: the depth at which its ink has fallen to half."""
    depths = np.arange(1, max(2, int(distance.max())))
    for depth in depths:
        band = (distance > depth - 0.5) & (distance <= depth + 0.5)
        if not band.any() or ring[band].mean() < 0.5:
            return float(depth)
    return float(distance.max())


def _is_frame_filled(ring: Mask, edge: Mask) -> bool:
    return bool(ring[edge].mean() > 0.8)


def _ground(pixels: Pixels, band: Mask) -> Pixels:
    """The colour of a button, which may be a gradient, from a band along its edge: a plane a channel."""
    rows, columns = np.nonzero(band)
    height, width = band.shape
    system = np.stack([np.ones(len(rows)), rows / height, columns / width], axis=1).astype(np.float32)
    colours = pixels[rows, columns]
    near = np.abs(colours - np.median(colours, axis=0)).max(axis=1)
    use = near <= max(16.0, 2 * float(np.median(near)))
    plane, *_ = np.linalg.lstsq(system[use], colours[use], rcond=None)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    ground: Pixels = (plane[0] + (y / height)[..., None] * plane[1] + (x / width)[..., None] * plane[2]).astype(
        np.float32
    )
    return ground


def _without_badge(scene: _Scene) -> Iterator[_Scene]:
    """The drawing without the dot or number that sits on its corner in a colour of its own."""
    strong = scene.found > 0.6
    if strong.sum() < 30:
        return
    colours = scene.pixels[strong]
    main = np.median(colours, axis=0)
    other = (np.linalg.norm(scene.pixels - main, axis=2) > 70) & (scene.found > INK)
    other &= np.linalg.norm(scene.pixels - np.broadcast_to(scene.background, scene.pixels.shape), axis=2) > 60
    opened = cv2.morphologyEx(other.astype(np.uint8), cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    count, labels, stats, centres = cv2.connectedComponentsWithStats(opened, connectivity=8)
    ys, xs = np.nonzero(scene.found > INK)
    left, top, right, bottom = xs.min(), ys.min(), xs.max() + 1, ys.max() + 1
    for index in range(1, count):
        x, y, width, height, area = (int(v) for v in stats[index])
        share = width * height / ((right - left) * (bottom - top))
        round_enough = area > 0.6 * width * height and max(width, height) < 2.2 * min(width, height)
        cx, cy = (centres[index] - (left, top)) / (right - left, bottom - top)
        corner = min(cx, 1 - cx) < 0.35 and min(cy, 1 - cy) < 0.35
        if 0.02 < share < 0.36 and round_enough and corner:
            badge = np.zeros(labels.shape, np.uint8)
            badge[y : y + height, x : x + width] = 1
            badge = cv2.dilate(badge, np.ones((3, 3), np.uint8))
            keep = badge == 0
            if ((scene.found > INK) & keep).sum() >= 25:
                yield _erased(scene, keep)
                return
