"""The input of the old system's network: the whole picture, as Keras loads pictures for VGG16."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

IMAGENET_SIDE = 224  # px: width and height of the pictures that VGG16 was trained with


def imagenet_input(picture: Image.Image) -> NDArray[np.uint8]:
    """A picture of any size and mode, whole and on white, as (IMAGENET_SIDE, IMAGENET_SIDE, 3) RGB.

    It is stretched to its nearest pixels, as Keras' load_img() does it.
    """
    flat = _flattened(_with_8_bits(picture))
    return np.asarray(flat.resize((IMAGENET_SIDE, IMAGENET_SIDE), Image.Resampling.NEAREST))


def _with_8_bits(picture: Image.Image) -> Image.Image:
    """A picture with 8 bits a channel; deeper grey is scaled, which Pillow would cut off at 255."""
    if picture.mode[0] not in "IF":
        return picture
    deep = np.asarray(picture, dtype=np.float32)
    return Image.fromarray((deep * (255 / max(deep.max(), 1))).clip(0, 255).astype(np.uint8))


def _flattened(picture: Image.Image) -> Image.Image:
    """The picture as RGB; what is transparent is white."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    picture = picture.convert("RGBA")
    flat = Image.new("RGB", picture.size, "white")
    flat.paste(picture, mask=picture)
    return flat
