"""`{{ box|thumbnail:picture }}`: a part of the picture, within the page itself."""

import base64
from io import BytesIO

from django import template
from PIL import Image

from search.vision.crops import FractionBox, part_of

register = template.Library()

SIDE = 96  # px at most


@register.filter
def thumbnail(box: FractionBox, picture: Image.Image) -> str:
    """The part as a PNG in a data: address."""
    part = part_of(picture, box, margin=0.1)
    part.thumbnail((SIDE, SIDE))
    buffer = BytesIO()
    part.save(buffer, "PNG")
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"
