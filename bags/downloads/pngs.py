"""PNG: a picture an icon."""

import io
import time
from dataclasses import replace

from PIL import Image

from bags.downloads.archives import LICENCES, Files, left_out, licences, zipped
from bags.downloads.download import PNG_SIDE, Wanted, took_too_long
from icons.batches import batched
from icons.exporting.svg_text import drawn
from icons.models import Icon
from icons.rendering import RenderError, render_many

AT_ONCE = 16  # pictures in memory, 4 MB each at most


def png_zip(wanted: Wanted) -> bytes:
    """A zip with a folder a set; what cannot be drawn is named in a file. Raises ValidationError at the deadline."""
    side = wanted.look.size or PNG_SIDE
    look = replace(wanted.look, size=None)
    files: Files = {}
    missing: dict[Icon, str] = {}
    for icons in batched(wanted.icons, AT_ONCE):
        svgs = [drawn(icon, look) for icon in icons]
        pictures = list(render_many(svgs, side, wanted.deadline))
        if len(pictures) < len(icons) or time.monotonic() > wanted.deadline:
            raise took_too_long()
        for icon, picture in zip(icons, pictures, strict=True):
            if isinstance(picture, RenderError):
                missing[icon] = str(picture)
            else:
                files[f"{icon.set.prefix}/{icon.name}.png"] = _png(picture)
    return zipped({**files, **left_out(missing), LICENCES: licences(wanted.icons)})


def _png(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()
