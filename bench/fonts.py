"""Icons as glyphs of the fonts that their authors publish: hinted and drawn in another way than SVG."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass

from bench import packages

GLYPH = re.compile(r'\.[a-z]+-([a-z0-9-]+)::?before\s*\{\s*content:\s*"\\([0-9a-f]+)"')


@dataclass(frozen=True)
class Font:
    prefix: str  # of the same icons in Iconify
    package: str  # of npm; both are under the MIT licence
    css: str  # names and code points
    file: str


FONTS = (
    Font("tabler", "@tabler/icons-webfont@3.48.0", "dist/tabler-icons.css", "dist/fonts/tabler-icons.woff2"),
    Font("bi", "bootstrap-icons@1.13.1", "font/bootstrap-icons.css", "font/fonts/bootstrap-icons.woff2"),
)


def glyphs(icons: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """HTML of the glyphs of these icons by id, and the CSS that it needs. Raises SourceError."""
    prefixes = {icon.partition(":")[0] for icon in icons}
    found: dict[str, str] = {}
    css = ""
    for font in FONTS:
        if font.prefix not in prefixes:
            continue
        folder = packages.package(font.package)
        points = {f"{font.prefix}:{name}": point for name, point in GLYPH.findall((folder / font.css).read_text())}
        found |= {i: f'<i class="{font.prefix}">&#x{point};</i>' for i, point in points.items() if i in icons}
        data = base64.b64encode((folder / font.file).read_bytes()).decode()
        css += f"@font-face {{ font-family: f-{font.prefix}; src: url(data:font/woff2;base64,{data}) }}\n"
        css += f".{font.prefix} {{ font-family: f-{font.prefix} }}\n"
    return found, css
