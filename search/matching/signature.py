"""Signatures: what is stored of each rendition of an icon, in about 1 KB, for the second stage to compare."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from search.vision.drawing import MARGIN, SIDE, Drawing
from search.vision.inks import LIGHTNESS

SHAPE = SIDE - 2 * MARGIN  # px: width and height of what is stored of a drawing, all but its margin
CHROMA = 11  # px: width and height of what is stored of its colours
SHAPE_BYTES = SHAPE * SHAPE // 2  # two pixels a byte
CHROMA_BYTES = 2 * CHROMA * CHROMA
COLOUR_AT = SHAPE_BYTES  # offset in bytes
CHROMA_AT = SHAPE_BYTES + 3  # offset in bytes

Floats = NDArray[np.float32]

LEVELS = np.arange(256, dtype=np.uint8)[:, None] >> np.array([4, 0], np.uint8) & 15
# For each byte of a shape the ink of its two pixels, as one number of 8 bytes, so that numpy looks both up at once.
INK_OF_BYTE = np.ascontiguousarray(1 - LEVELS.astype(np.float32) / 15).view(np.complex64)[:, 0]


def signature(drawing: Drawing) -> bytes:
    """What is stored of a drawing: 971 bytes, or 1,213 if it has several colours.

    They are 44 x 44 px of lightness in 4 bits, the mean colour as RGB, and 11 x 11 px of chroma if it has several
    colours.
    """
    inner = drawing.pixels[MARGIN:-MARGIN, MARGIN:-MARGIN]
    levels = (lightness(inner) / 17 + 0.5).astype(np.uint8).reshape(-1, 2)
    packed = (levels[:, 0] << 4 | levels[:, 1]).tobytes() + bytes(drawing.colour)
    return packed + chroma(inner).tobytes() if drawing.coloured else packed


def lightness(pixels: NDArray[np.uint8]) -> Floats:
    """(height, width), 0 to 255: the lightness of (height, width, 3) RGB, by ITU-R BT.601."""
    return (pixels.astype(np.float32) @ LIGHTNESS).clip(0, 255)


def chroma(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(CHROMA, CHROMA, 2): the red and the blue difference of RGB pixels, by ITU-R BT.601, 128 where there is none."""
    coarse = cv2.resize(pixels, (CHROMA, CHROMA), interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(cv2.cvtColor(coarse, cv2.COLOR_RGB2YCrCb)[..., 1:])


@dataclass(frozen=True)
class UnpackedSignatures:
    """The contents of n signatures, as arrays."""

    ink: Floats  # (n, SHAPE, SHAPE), 0 white to 1 black
    colour: Floats  # (n, 3) RGB, 0 to 255
    chroma: Floats  # (n, CHROMA_BYTES), -1 to 1; zeros for drawings of one colour
    coloured: NDArray[np.bool_]  # (n,): whether a drawing has several colours


def unpack(signatures: Sequence[bytes]) -> UnpackedSignatures:
    """The contents of signatures, in the same order. Raises ValueError if one is too short to be a signature."""
    count = len(signatures)
    packed = np.frombuffer(b"".join(packed[:CHROMA_AT] for packed in signatures), np.uint8).reshape(count, CHROMA_AT)
    ink = INK_OF_BYTE.take(packed[:, :SHAPE_BYTES]).view(np.float32).reshape(count, SHAPE, SHAPE)
    coloured = np.array([len(packed) > CHROMA_AT for packed in signatures], bool)
    differences = np.zeros((count, CHROMA_BYTES), np.float32)
    for index in np.flatnonzero(coloured).tolist():
        differences[index] = np.frombuffer(signatures[index], np.uint8, CHROMA_BYTES, CHROMA_AT)
    differences[coloured] = (differences[coloured] - 128) / 128
    return UnpackedSignatures(ink, packed[:, COLOUR_AT:].astype(np.float32), differences, coloured)
