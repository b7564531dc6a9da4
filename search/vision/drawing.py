"""The drawing on a picture: freed from background, margins and, where it has one colour only, from that colour.

Icons and screenshots go through the same functions, so that both end as the same pixels.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

SIDE = 48  # px of a drawing
MARGIN = 2  # px left free around it
FAINTEST = 8  # of 255: a picture with less contrast is blank
INK = 0.25  # coverage from which a pixel belongs to the drawing
NOISE = 4  # times what varies in the border: smaller differences are noise
DARK = 32  # of 255: grey of a dark page
SAME = 4  # of 255: drawings that differ by less on average are the same
SAME_LOOK = 8  # the same for the looks of an icon, of which each takes a row in the index
OFF_LINE = 38  # of 255: a colour as far from those between background and ink is another ink
OFF_LINE_COMPRESSED = 85  # the same after lossy compression, which spreads and loses colour
SECOND_INK = 0.04  # share of the ink that must be of another colour in a drawing of several
MAIN_INK = 0.4  # share of the ink that its most frequent colour must have to be a drawing by itself
SURELY = 0.3  # from this share on, lossy compression does not explain it
HOLES = 0.03  # share of a drawing that must be as the background is, for it to be seen with and without
SHADED = 0.15  # share of the ink that must be weaker than the rest in a drawing of several shades

SHARP = 0.7  # of the change over two px, what happens from one px to the next, from which edges are sharp
LIGHT_ENOUGH = 50  # of 255: as different in lightness, the ink is seen by that alone
LIGHTNESS = np.array([0.299, 0.587, 0.114], np.float32)  # of RGB, ITU-R BT.601

Pixels = NDArray[np.float32]  # (height, width, 3) RGB, 0 to 255
Coverage = NDArray[np.float32]  # (height, width), 0 where the background shows to 1 where there is ink


@dataclass(frozen=True)
class Drawing:
    """What a picture shows, framed alike for all pictures."""

    pixels: NDArray[np.uint8]  # (SIDE, SIDE, 3) RGB: on white; black if of one colour, else in its colours
    coloured: bool
    scale: float  # px of the picture a px of the drawing
    colour: tuple[int, int, int]  # the (mean) RGB colour of its ink
    clean: bool  # whether no lossy compression, noise or photograph has touched it


def icon_drawings(picture: Image.Image) -> list[Drawing]:
    """How an icon rendered on transparent looks on white and, where that differs, on colours and on a dark page.

    On white, what is white in an icon is not seen, and two shades of one colour may as well be one that is
    half transparent; on a dark page, what is black. Empty if the icon is blank.
    """
    rgba = np.asarray(picture.convert("RGBA"), dtype=np.float32)
    rgba = np.pad(rgba, ((1, 1), (1, 1), (0, 0)))
    several = _several_colours(rgba)
    looks: list[Drawing] = []
    for look in (_on_white(rgba, several), *(_elsewhere(rgba) if several else [])):
        if look and not any(alike(look, other, SAME_LOOK) for other in looks):
            looks.append(look)
    return looks


def alike(one: Drawing, other: Drawing, most: float = SAME) -> bool:
    """Whether the pixels of two drawings differ by less than `most`, of 255, on average."""
    return float(np.abs(one.pixels.astype(np.int16) - other.pixels).mean()) < most


def _several_colours(rgba: Pixels) -> bool:
    opaque = rgba[rgba[..., 3] > 127, :3]
    if len(opaque) == 0 or np.ptp(opaque, axis=0).max() <= OFF_LINE:
        return False
    apart = np.abs(opaque - np.median(opaque, axis=0)).max(axis=1) > OFF_LINE
    return bool(apart.mean() > SECOND_INK)


def _on_white(rgba: Pixels, several: bool) -> Drawing | None:
    """Icons are seen on white, and only if they are blank there (a white icon) on black."""
    for backdrop in (255, 0):
        flat, background = _on(rgba, backdrop)
        if (found := coverage(flat, background, noise=0)) is not None:
            return framed(flat, background, found) if several else _framed(flat, background, found, True, False)
    return None


def _on(rgba: Pixels, grey: float) -> tuple[Pixels, Pixels]:
    """An icon on a page of one grey, and that as a colour."""
    alpha = rgba[..., 3:] / 255
    return rgba[..., :3] * alpha + grey * (1 - alpha), np.full(3, grey, np.float32)


def _elsewhere(rgba: Pixels) -> list[Drawing]:
    """An icon of several colours with all that is opaque, and with what is seen of it on a dark page."""
    opacity = rgba[..., 3] / 255
    colour = rgba[rgba[..., 3] > 127, :3].mean(axis=0)
    looks = [_in_frame(_on(rgba, 255)[0], opacity, colour, coloured=True, clean=True)]
    flat, background = _on(rgba, DARK)
    if (found := coverage(flat, background, noise=0)) is not None:
        looks.append(framed(flat, background, found))
    return looks


def largest(pixels: Pixels) -> NDArray[np.float32]:
    """(height, width): the largest of each pixel's three values; several times as fast as max(axis=2)."""
    result: NDArray[np.float32] = np.maximum(np.maximum(pixels[..., 0], pixels[..., 1]), pixels[..., 2])
    return result


def _length(pixels: Pixels) -> NDArray[np.float32]:
    """(height, width): the Euclidean length of each pixel's three values."""
    return np.sqrt(_inner_product(pixels, pixels))


def _inner_product(one: Pixels, other: Pixels) -> NDArray[np.float32]:
    """(height, width), of each pixel's three values."""
    result: NDArray[np.float32] = np.einsum("ijk,ijk->ij", one, other)
    return result


def coverage(pixels: Pixels, background: Pixels, noise: float) -> Coverage | None:
    """How far each pixel is from the background, (3,) or (height, width, 3); None if nothing stands out.

    Differences up to `noise`, of 255, are taken for background.
    """
    difference = largest(np.abs(pixels - background))
    if (most := float(difference.max())) < FAINTEST:
        return None
    ink = float(np.quantile(difference[difference > most / 2], 0.9))  # not `most`: a few pixels overshoot
    noise = min(noise, 0.3 * ink)  # the drawing itself may touch the border
    result: Coverage = ((difference - noise) / (ink - noise)).clip(0, 1).astype(np.float32)
    return result


def border_colour(pixels: Pixels) -> tuple[Pixels, float]:
    """The median colour of the outermost pixels, (3,), and up to which difference they vary from it."""
    border = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    background = np.median(border, axis=0).astype(np.float32)
    return background, NOISE * float(np.quantile(np.abs(border - background).max(axis=1), 0.75))


def framed(pixels: Pixels, background: Pixels, found: Coverage) -> Drawing:
    """The drawing alone, trimmed, the aspect kept, centred, in canonical colours."""
    clean, second = _inks(pixels, background, found)
    return _framed(pixels, background, found, clean, second > SECOND_INK)


def ink_readings(pixels: Pixels, background: Pixels, found: Coverage) -> list[Drawing]:
    """The framed drawing; where it may as well have one colour as several, both, the likelier first.

    Compression spreads and loses colour; and on a dark page, two shades look like one ink in two strengths.
    """
    clean, second = _inks(pixels, background, found)
    coloured = second > SECOND_INK
    sure = _is_flat(found) or coloured if clean else second > SURELY
    ways = (coloured,) if sure else (coloured, not coloured)
    return [_framed(pixels, background, found, clean, way) for way in ways]


def _inks(pixels: Pixels, background: Pixels, found: Coverage) -> tuple[bool, float]:
    """Whether the picture is clean, and the share of the drawing that is of a second ink."""
    clean = _is_clean(pixels, background, found)
    return clean, _second_ink(pixels - background, found, clean)


def _is_flat(found: Coverage) -> bool:
    """Whether a drawing, apart from its edges, is of one strength."""
    inner = found[cv2.erode((found > 0.1).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0]
    return len(inner) == 0 or float((inner < 0.75).mean()) < SHADED


def one_ink(pixels: Pixels, background: Pixels, found: Coverage) -> Drawing | None:
    """The part of a drawing that has its most frequent colour, without shadows, badges and other inks."""
    ink = pixels - background
    present = found > 0.5 * found.max()
    strong = ink[present]
    bins, counts = np.unique((strong + 255).astype(int) // 32, axis=0, return_counts=True)
    centre = 32 * bins[counts.argmax()] - 239
    own = np.abs(strong - centre).max(axis=1) < 40
    if own.mean() < MAIN_INK:
        return None
    colour = strong[own].mean(axis=0)
    along = ink @ colour / max(float(colour @ colour), 1e-6)
    off = _length(ink - along[..., None] * colour)
    opacity: Coverage = np.where(off < 2 * OFF_LINE, along.clip(0, 1), 0).astype(np.float32)
    if not (opacity > INK).any():
        return None
    clean = _is_clean(pixels, background, found)
    return _in_frame(255 * (1 - opacity), opacity, pixels[present][own].mean(axis=0), coloured=False, clean=clean)


def filled(pixels: Pixels, background: Pixels, found: Coverage) -> Drawing | None:
    """The drawing in colour with all that its outline encloses; None if that shows no more.

    What has the colour of the page within a flag or a face is part of it as often as it is a hole.
    """
    clean = _is_clean(pixels, background, found)
    opacity = _opacity(pixels, background, found, clean)
    weak = cv2.blur(found, (3, 3)) > (0.06 if clean else 0.12)
    closed = cv2.morphologyEx(np.pad(weak.astype(np.uint8), 3), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    cv2.floodFill(closed, None, (0, 0), 2)
    inside = cv2.erode((closed != 2).astype(np.uint8), np.ones((3, 3), np.uint8))[3:-3, 3:-3] > 0
    if not inside.any() or float((opacity[inside] < 0.5).mean()) < HOLES:
        return None
    opacity = np.where(inside, 1, opacity).astype(np.float32)
    canonical = pixels + (1 - opacity)[..., None] * (255 - background)
    return _in_frame(canonical, opacity, pixels[opacity > 0.5].mean(axis=0), True, clean)


def _framed(pixels: Pixels, background: Pixels, found: Coverage, clean: bool, coloured: bool) -> Drawing:
    ink = pixels - background
    if coloured:
        opacity = _opacity(pixels, background, found, clean)
        canonical = pixels + (1 - opacity)[..., None] * (255 - background)
    else:
        opacity = found
        canonical = 255 * (1 - _one_ink(ink, found))
    return _in_frame(canonical, opacity, pixels[found > 0.5 * found.max()].mean(axis=0), coloured, clean)


def _opacity(pixels: Pixels, background: Pixels, found: Coverage, clean: bool) -> Coverage:
    """How opaque a drawing in colour is.

    Near the background, a pixel that is a mixture of it and of the strongest colour around is a soft edge.
    Any other that differs from the background is opaque.
    """
    nothing, present = (0.03 if clean else 0.2), found
    reach = 1 if _is_sharp(pixels) else 2
    if not clean:
        found = cv2.medianBlur(found, 3)  # the specks around what is compressed
    ink = pixels - background
    strongest, around = found, ink
    for axis in (0, 1):
        for step in (-1, 1, -2, 2)[: 2 * reach]:
            other, colour = np.roll(strongest, step, axis), np.roll(around, step, axis)
            stronger = other > strongest
            strongest = np.where(stronger, other, strongest)
            around = np.where(stronger[..., None], colour, around)
    share = (_inner_product(ink, around) / np.maximum(_inner_product(around, around), 1)).clip(0, 1)
    off = _length(ink - share[..., None] * around)
    around_nothing = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
    edge = cv2.dilate((found < nothing).astype(np.uint8), around_nothing, borderValue=1) > 0
    opaque = ~edge | (off > OFF_LINE)
    opacity: Coverage = np.where(found < nothing, 0, np.where(opaque, 1, share)).astype(np.float32)
    return opacity if (opacity > INK).any() else present


def _is_sharp(pixels: Pixels) -> bool:
    """Whether edges are a pixel wide, as a browser draws them; in an enlarged or blurred picture they are wider."""
    two = largest(np.abs(pixels[:, 2:] - pixels[:, :-2]))
    one = largest(np.abs(np.diff(pixels, axis=1)))
    steep = two > two.max(initial=1) / 2
    if not steep.any():
        return True
    return float(np.median(np.maximum(one[:, :-1], one[:, 1:])[steep] / two[steep])) > SHARP


def _in_frame(canonical: Pixels, opacity: Coverage, colour: Pixels, coloured: bool, clean: bool) -> Drawing:
    """The drawing on white, (height, width, 3) or, of one colour, (height, width), trimmed and centred."""
    top, bottom = extent(opacity.max(axis=1))
    left, right = extent(opacity.max(axis=0))
    rows, columns = slice(math.floor(top), math.ceil(bottom)), slice(math.floor(left), math.ceil(right))
    canonical = canonical[rows, columns].clip(0, 255).astype(np.uint8)
    half = max(bottom - top, right - left) / 2 * SIDE / (SIDE - 2 * MARGIN)
    pad = math.ceil(half) + 1
    x = (left + right) / 2 - columns.start + pad
    y = (top + bottom) / 2 - rows.start + pad
    padding = ((pad, pad), (pad, pad), (0, 0))[: canonical.ndim]
    padded = Image.fromarray(np.pad(canonical, padding, constant_values=255))
    view = np.asarray(padded.resize((SIDE, SIDE), Image.Resampling.LANCZOS, (x - half, y - half, x + half, y + half)))
    if canonical.ndim == 2:
        view = np.repeat(view[..., None], 3, axis=2)
    red, green, blue = (int(v) for v in colour.clip(0, 255))
    return Drawing(view, coloured, 2 * half / SIDE, (red, green, blue), clean)


def _is_clean(pixels: Pixels, background: Pixels, found: Coverage) -> bool:
    """Whether the background is even, as on a screenshot that no lossy compression has touched."""
    off = largest(np.abs(pixels - background))[found < 0.05]
    return len(off) == 0 or float(np.quantile(off, 0.75)) < 1.5


def _second_ink(ink: Pixels, found: Coverage, clean: bool) -> float:
    """The share of the drawing whose colour is no mixture of the background and one ink.

    `ink` is the (height, width, 3) difference to the background. It is averaged over the neighbourhood
    first: JPEG moves colour, but not lightness, from a pixel to the next ones.
    """
    present = found > (0.15 if clean else 0.5) * found.max()
    most = OFF_LINE if clean else OFF_LINE_COMPRESSED
    direction = ink[found > 0.5 * found.max()].sum(axis=0)
    direction /= max(float(np.linalg.norm(direction)), 1e-6)
    along = ink @ direction
    off_line = cv2.blur(ink - along[..., None] * direction, (5, 5), borderType=cv2.BORDER_CONSTANT)
    density = cv2.blur(found, (5, 5), borderType=cv2.BORDER_CONSTANT)[present]
    other = np.linalg.norm(off_line[present], axis=1) > most * density + 2
    opposite = along[present] < -most
    return float((other | opposite).mean())


def _one_ink(ink: Pixels, found: Coverage) -> Coverage:
    """The coverage again, by lightness where that differs enough: it is what pictures keep sharpest."""
    strong = found > 0.5 * found.max()
    lightness = ink @ LIGHTNESS
    typical = float(np.median(lightness[strong]))
    if abs(typical) < LIGHT_ENOUGH:
        return found
    scaled = lightness / typical
    scaled /= max(float(np.quantile(scaled[strong], 0.75)), 1e-6)
    result: Coverage = np.where(found > 0, scaled, 0).clip(0, 1).astype(np.float32)
    return result


def extent(profile: Coverage) -> tuple[float, float]:
    """Where the ink begins and ends along one axis, in px and fractions of px.

    A half covered outermost pixel counts as half: on a 16 px icon whole pixels would be off by 3 %.
    """
    inked = np.flatnonzero(profile > INK)
    first, last = int(inked[0]), int(inked[-1])
    return first + 1 - float(profile[first]), last + float(profile[last])
