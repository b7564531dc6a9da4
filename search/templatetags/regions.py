"""How pages show one of several icons on a picture."""

import base64
from io import BytesIO

from django import template
from PIL import Image

from search.picture_shapes import LIMITS
from search.vision.crops import FractionBox, part_of

register = template.Library()

SIDE = 96  # px of the longer side at most
MARGIN = 0.1  # of the region's longer side


@register.filter
def thumbnail(box: FractionBox, picture: Image.Image) -> str:
    """`{{ region.box|thumbnail:picture }}`: what the box holds, as a PNG in a data: address."""
    cutting = part_of(picture, box, MARGIN)
    cutting.thumbnail((SIDE, SIDE))
    buffer = BytesIO()
    cutting.save(buffer, "PNG")
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"


@register.simple_tag
def shape_limits() -> str:
    """The limits of picture_shapes, for the script of the page."""
    return LIMITS
