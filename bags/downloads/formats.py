"""What a bag can be downloaded as: one small module for each group of forms, pure functions of what is wanted."""

from collections.abc import Callable
from dataclasses import dataclass

from bags.downloads.download import Wanted
from bags.downloads.fonts import font_zip
from bags.downloads.packages import iconify_json, npm_package
from bags.downloads.pngs import png_zip
from bags.downloads.svgs import sprite, svg_zip

ZIP = "application/zip"


@dataclass(frozen=True)
class Kind:
    """A form: what the file's name ends in after the bag's, its type, and who makes it."""

    ending: str
    content_type: str
    make: Callable[[Wanted], bytes]


KINDS = {
    "svg.zip": Kind("-svg.zip", ZIP, svg_zip),
    "png.zip": Kind("-png.zip", ZIP, png_zip),
    "sprite.svg": Kind("-sprite.svg", "image/svg+xml", sprite),
    "font.zip": Kind("-font.zip", ZIP, font_zip),
    "icons.json": Kind(".json", "application/json", iconify_json),
    "package.tgz": Kind("-1.0.0.tgz", "application/gzip", npm_package),
}
