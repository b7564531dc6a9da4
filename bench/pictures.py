"""How icons look when CairoSVG draws them: neither the browser that makes the queries nor the rasteriser that
the site usually searches with.
"""

import io

import cairosvg
from PIL import Image


def on_white(svg: str, side: int) -> Image.Image:
    """The icon as RGB, side × side px, black where it has no colour; all white if it cannot be drawn."""
    try:
        png = cairosvg.svg2png(svg.encode(), output_width=side, output_height=side, background_color="white")
    except Exception:  # whatever a drawing may bring it to: one icon less, not the end of the benchmark
        return Image.new("RGB", (side, side), "white")
    return Image.open(io.BytesIO(png)).convert("RGB")
