"""Icons as glyphs of the fonts that their authors publish, which are hinted and drawn in another way than SVG."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass

from bench import packages

GLYPH = re.compile(r'\.[a-z]+-([a-z0-9-]+)::?before\s*\{\s*content:\s*"\\([0-9a-f]+)"')


@dataclass(frozen=True)
class Font:
    """An icon font on npm whose icons are a set of Iconify, too."""

    prefix: str  # of the set
    package: str  # `name@version`; all are under the MIT licence
    css: str  # path in the package of the names and code points
    file: str  # path in the package of the font


FONTS = (
    Font("tabler", "@tabler/icons-webfont@3.48.0", "dist/tabler-icons.css", "dist/fonts/tabler-icons.woff2"),
    Font("bi", "bootstrap-icons@1.13.1", "font/bootstrap-icons.css", "font/fonts/bootstrap-icons.woff2"),
)


def glyphs(icons: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """HTML of the glyphs of these icons by id, and the CSS that the glyphs need. Raises SourceError."""
    prefixes = {icon.partition(":")[0] for icon in icons}
    html: dict[str, str] = {}
    css = ""
    for font in FONTS:
        if font.prefix not in prefixes:
            continue
        folder = packages.package(font.package)
        code_points = {f"{font.prefix}:{name}": point for name, point in GLYPH.findall((folder / font.css).read_text())}
        html |= {
            icon: f'<i class="{font.prefix}">&#x{code_point};</i>'
            for icon, code_point in code_points.items()
            if icon in icons
        }
        data = base64.b64encode((folder / font.file).read_bytes()).decode()
        css += f"@font-face {{ font-family: f-{font.prefix}; src: url(data:font/woff2;base64,{data}) }}\n"
        css += f".{font.prefix} {{ font-family: f-{font.prefix} }}\n"
    return html, css
