"""The icons of the files, and how they look when CairoSVG draws them: neither the browser that makes the
queries nor the rasteriser that the site usually searches with.
"""

import io
from collections.abc import Iterable
from pathlib import Path

import cairosvg
from PIL import Image

from icons.importing.drawings import Drawing
from icons.importing.iconify import read_file


def read_icons(files: Iterable[Path]) -> dict[str, str]:
    """The SVG of every visible icon of Iconify JSON files, by its id `prefix:name`. Raises SourceError."""
    icons: dict[str, str] = {}
    for file in files:
        pack = read_file(file)
        for item in pack.drawings:
            if isinstance(item, Drawing) and not item.hidden:
                icons[f"{pack.info.prefix}:{item.name}"] = str(item.svg)
    return icons


def on_white(svg: str, side: int) -> Image.Image:
    """The icon as RGB, side × side px, black where it has no colour; all white if it cannot be drawn."""
    try:
        png = cairosvg.svg2png(svg.encode(), output_width=side, output_height=side, background_color="white")
    except Exception:  # whatever a drawing may bring it to: one icon less, not the end of the benchmark
        return Image.new("RGB", (side, side), "white")
    return Image.open(io.BytesIO(png)).convert("RGB")
