"""What a bag can be downloaded as. A pure function of the download makes each format, in one of the modules here."""

from collections.abc import Callable
from dataclasses import dataclass

from bags.downloads.download import Download
from bags.downloads.fonts import font_zip
from bags.downloads.packages import iconify_json, npm_package
from bags.downloads.pngs import png_zip
from bags.downloads.svgs import sprite, svg_zip

ZIP = "application/zip"


@dataclass(frozen=True)
class DownloadFormat:
    """What the file's name ends in after the bag's name, its media type, and the function that makes it.

    The function raises ValidationError if the download cannot be made, or not before its deadline.
    """

    ending: str
    content_type: str
    make: Callable[[Download], bytes]


# By the last part of the address.
DOWNLOAD_FORMATS = {
    "svg.zip": DownloadFormat("-svg.zip", ZIP, svg_zip),
    "png.zip": DownloadFormat("-png.zip", ZIP, png_zip),
    "sprite.svg": DownloadFormat("-sprite.svg", "image/svg+xml", sprite),
    "font.zip": DownloadFormat("-font.zip", ZIP, font_zip),
    "icons.json": DownloadFormat(".json", "application/json", iconify_json),
    "package.tgz": DownloadFormat("-1.0.0.tgz", "application/gzip", npm_package),
}
