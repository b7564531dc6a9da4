"""How the page lays a picture out: beside the icons, or above them where it would be too small there."""

import json

# width / height above which a picture has a shape, the narrowest first: one that is scrolled sideways everywhere, or on
# a phone, since it would be too low if all of its width was shown; and one that stands above the icons.
RATIOS = {"long strip": 15, "long low": 6, "long": 3}
WIDE = 480  # px: a picture wider than this would be too small beside the icons
LIMITS = json.dumps([RATIOS, WIDE])  # for the script of the page, which lays a picture out before it is answered


def shape_of(width: int, height: int) -> str:
    """The classes of a picture of that width and height, px."""
    if height > width:
        return "tall"
    for shape, ratio in RATIOS.items():
        if width > ratio * height:
            return shape
    return "wide" if width > WIDE else "flat"


def shown_size(width: int, height: int) -> tuple[int, int]:
    """How large a picture is shown where there is room, px: one that is low is enlarged."""
    scale = 2 if shape_of(width, height).startswith("long") else 1
    return scale * width, scale * height
