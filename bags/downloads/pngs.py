"""Downloads as PNG: a picture for each icon."""

import io
from dataclasses import replace

from PIL import Image

from bags.downloads.archives import Files, zipped
from bags.downloads.download import PNG_SIDE, Download, took_too_long
from bags.downloads.left_out import left_out
from bags.downloads.licence_texts import LICENCES, licences
from icons.batches import batched
from icons.exporting.svg_text import icon_svg_text
from icons.models import Icon
from icons.rendering import RenderError, render_many

SECONDS_PER_PIXEL, SECONDS_PER_PICTURE = 1e-7, 0.001  # of the processor's time, measured on Tabler's icons
AT_ONCE = 16  # pictures in memory, of at most 4 MB each


def png_seconds(download: Download) -> float:
    """About how many seconds of the processor's time the pictures take."""
    return len(download.icons) * ((download.look.size or PNG_SIDE) ** 2 * SECONDS_PER_PIXEL + SECONDS_PER_PICTURE)


def png_zip(download: Download) -> bytes:
    """A zip of square pictures, in a folder for each set, with their licences and a list of icons that cannot be drawn.

    Raises ValidationError at the deadline.
    """
    side = download.look.size or PNG_SIDE
    look = replace(download.look, size=None)
    files: Files = {}
    missing: dict[Icon, str] = {}
    for icons in download.in_time(batched(download.icons, AT_ONCE)):
        svgs = [icon_svg_text(icon, look) for icon in icons]
        pictures = list(render_many(svgs, side, download.deadline))
        if len(pictures) < len(icons):
            raise took_too_long()
        download.on_progress(len(icons))
        for icon, picture in zip(icons, pictures, strict=True):
            if isinstance(picture, RenderError):
                missing[icon] = str(picture)
            else:
                files[f"{icon.set.prefix}/{icon.name}.png"] = _png(picture)
    return zipped(download, {**files, **left_out(missing), LICENCES: licences(download.icons)})


def _png(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()
