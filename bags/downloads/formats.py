"""What a bag can be downloaded as. A pure function of the download makes each format, in one of the modules here."""

from collections.abc import Callable
from dataclasses import dataclass

from bags.downloads.download import Download
from bags.downloads.fonts import font_seconds, font_zip
from bags.downloads.packages import iconify_json, npm_package
from bags.downloads.pngs import png_seconds, png_zip
from bags.downloads.svgs import sprite, svg_zip

ZIP = "application/zip"


SECONDS_OF_TEXT = 0.0005  # of the processor's time for each icon, measured on Tabler's icons


def text_seconds(download: Download) -> float:
    """About how many seconds of the processor's time a format takes that draws nothing."""
    return len(download.icons) * SECONDS_OF_TEXT


@dataclass(frozen=True)
class DownloadFormat:
    """What the file's name ends in after the bag's name, its media type, and the function that makes it.

    The function raises ValidationError if the download cannot be made, or not before its deadline. `seconds` tells
    about how many it takes of the processor's time, before it is made; it raises ValidationError, too.
    """

    ending: str
    content_type: str
    make: Callable[[Download], bytes]
    seconds: Callable[[Download], float] = text_seconds


# By the last part of the address.
DOWNLOAD_FORMATS = {
    "svg.zip": DownloadFormat("-svg.zip", ZIP, svg_zip),
    "png.zip": DownloadFormat("-png.zip", ZIP, png_zip, png_seconds),
    "sprite.svg": DownloadFormat("-sprite.svg", "image/svg+xml", sprite),
    "font.zip": DownloadFormat("-font.zip", ZIP, font_zip, font_seconds),
    "icons.json": DownloadFormat(".json", "application/json", iconify_json),
    "package.tgz": DownloadFormat("-1.0.0.tgz", "application/gzip", npm_package),
}
