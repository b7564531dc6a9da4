"""Rows and columns of icons at equal distances: what stands in one of their places is an icon too."""

from collections.abc import Iterator

import numpy as np

from search.vision.pixel_boxes import (
    Numbers,
    PixelBoxes,
    box_centres,
    box_size,
    box_sizes,
    enclosing_box,
    usual_side,
    within,
)

# All but PART are multiples of the usual side of an icon.
ROOM = 1.5  # a left-out icon may be as large, and two icons in a row are farther apart
ASKEW = 0.3  # how far an icon may be off a line, or off equal distances
FARTHEST = 6.0  # icons in a row are no farther apart
LEAST = 0.3  # a left-out icon must be as large
PART = 0.8  # share of the area of all that stands in a place: an icon that takes less is only part of it


def complete_rows(icons: PixelBoxes, components: PixelBoxes, size: tuple[int, int]) -> PixelBoxes:
    """The icons, larger where they were only part of what stands in their place, and those that were left out.

    Where icons stand at equal distances, what stands between them is one that does not look like an icon by
    itself: a wordmark, something flat. `size` is the picture's width and height, px.
    """
    icons = icons.copy()
    if len(icons) < 3:
        return icons
    added: list[PixelBoxes] = []
    side = usual_side(icons)
    small = components[np.maximum(*box_sizes(components)) <= ROOM * side]
    for axis in (0, 1):
        for line, step in _lines(icons, axis, side):
            for centre in _places(icons[line], axis, step, size[axis]):
                contents = _contents(small, centre, side)
                if contents is None:
                    continue
                away = np.abs(box_centres(icons[line]) - centre)[:, axis]
                if away.min() < 0.5 * step:
                    _complete(icons, line[int(away.argmin())], contents, centre)
                elif (square := _square(contents, centre, side, size)) is not None and all(
                    np.abs(square - icon).max() > 0.5 * side for icon in added
                ):
                    added.append(square)
    return np.concatenate([icons, np.array(added, np.int32).reshape(-1, 4)])


def _contents(components: PixelBoxes, centre: Numbers, side: float) -> PixelBoxes | None:
    """The box around the components that stand in the place with this centre; None if there are none."""
    place = np.concatenate([centre - ROOM / 2 * side, centre + ROOM / 2 * side])
    standing = components[within(components, place)]
    return np.array(enclosing_box(standing), np.int32) if len(standing) else None


def _complete(icons: PixelBoxes, index: int, contents: PixelBoxes, centre: Numbers) -> None:
    """Enlarge an icon, in place, to the contents of its place if it is only part of them."""
    icon = icons[index]
    better_centred = np.abs(box_centres(contents) - centre).max() < np.abs(box_centres(icon) - centre).max()
    if better_centred and np.prod(box_size(icon)) < PART * np.prod(box_size(contents)):
        icon[:] = [*np.minimum(icon[:2], contents[:2]), *np.maximum(icon[2:], contents[2:])]


def _square(contents: PixelBoxes, centre: Numbers, side: float, size: tuple[int, int]) -> PixelBoxes | None:
    """The square of a left-out icon around the contents of a place; None if these are too small or not centred."""
    middle = box_centres(contents)
    if float(np.abs(middle - centre).max()) >= ASKEW * side or max(box_size(contents)) <= LEAST * side:
        return None
    corner = (middle - side / 2).round()
    return np.concatenate([corner, corner + round(side)]).astype(np.int32).clip(0, np.array(size * 2))


def _places(icons: PixelBoxes, axis: int, step: float, length: int) -> Iterator[Numbers]:
    """The centres of all places of a line of icons, and of up to two at each end, within the picture's `length`, px."""
    centres = box_centres(icons)
    across, taken = float(np.median(centres[:, 1 - axis])), centres[:, axis]
    first = taken[0] + float(np.median((taken - taken[0] + step / 2) % step)) - step / 2
    for place in np.arange(first % step, length, step):
        if np.abs(taken - place).min() <= 2.2 * step:
            yield np.array([place, across] if axis == 0 else [across, place])


def _lines(icons: PixelBoxes, axis: int, side: float) -> Iterator[tuple[list[int], float]]:
    """The icons of each row (axis 0) or column (axis 1) and their distance, px, if it is always the same."""
    centres = box_centres(icons)
    across = centres[:, 1 - axis]
    in_line = [np.flatnonzero(np.abs(across - position) < ASKEW * side).tolist() for position in across]
    lines = [list(line) for line in dict.fromkeys(map(tuple, in_line))]
    gaps = np.concatenate([np.diff(np.sort(centres[line, axis])) for line in lines])
    gaps = gaps[gaps > ROOM * side]
    if len(gaps) < 2:
        return
    step = float(np.median(gaps[gaps < 1.15 * gaps.min()]))
    off = np.abs(gaps / step - np.round(gaps / step)) * step
    if step <= FARTHEST * side and (off < ASKEW * side).mean() >= 0.8:
        for line in lines:
            yield line, step
