"""How an icon looks to the judge of the answers.

Usually CairoSVG draws it: neither the browser that makes the queries nor the rasteriser that the site searches with
by default. CairoSVG draws masks wrong, which round flags are made with; where colour counts, resvg draws.
"""

import io

import cairosvg
import resvg_py
from PIL import Image


def draw_on_white(svg: str, side: int) -> Image.Image:
    """The icon as RGB, side × side px, black where it has no colour; all white if it cannot be drawn."""
    try:
        png = cairosvg.svg2png(svg.encode(), output_width=side, output_height=side, background_color="white")
    except Exception:  # Whatever a drawing raises costs one icon and does not end the benchmark.
        return Image.new("RGB", (side, side), "white")
    return Image.open(io.BytesIO(png)).convert("RGB")


def draw_in_colour(svg: str, side: int) -> Image.Image:
    """The icon as RGBA that fits into side × side px; transparent if it cannot be drawn."""
    try:
        png = resvg_py.svg_to_bytes(svg_string=svg, width=side, height=side, skip_system_fonts=True)
    except Exception:  # The reason is that of `draw_on_white`.
        return Image.new("RGBA", (side, side))
    return Image.open(io.BytesIO(bytes(png))).convert("RGBA")


def flatten(picture: Image.Image, background: str = "white") -> Image.Image:
    """The picture as RGB, with this colour where it is transparent."""
    rgba = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", rgba.size, background), rgba).convert("RGB")
