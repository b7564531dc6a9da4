"""SVG: a file an icon, or all in one sprite."""

from copy import copy

from bags.downloads.archives import LICENCES, Files, licences, zipped
from bags.downloads.download import Wanted, long_names
from icons.exporting.credit import credit, in_comment
from icons.exporting.look import Look
from icons.exporting.svg_text import drawn, iconify_icon
from icons.models import Icon, IconSet


def svg_zip(wanted: Wanted) -> bytes:
    """A zip with a folder a set, the icons in the look wanted, and whose they are."""
    files: Files = {
        f"{icon.set.prefix}/{icon.name}.svg": drawn(icon, wanted.look, credit(icon)) for icon in wanted.icons
    }
    return zipped({**files, LICENCES: licences(wanted.icons)})


def sprite(wanted: Wanted) -> bytes:
    """One SVG with a symbol an icon, `prefix-name`, and how to use them in a comment, from a file that is called as
    the download is.
    """
    names = long_names(wanted.icons)
    symbols = [_symbol(icon, name, wanted.look.colour) for icon, name in zip(wanted.icons, names, strict=True)]
    example = f'<svg width="24" height="24"><use href="{wanted.name}-sprite.svg#{names[0]}"/></svg>' if names else ""
    told = in_comment(f"\nUse: {example}\n\n{licences(wanted.icons)}")
    lines = ['<svg xmlns="http://www.w3.org/2000/svg">', f"<!--{told}-->", *symbols, "</svg>", ""]
    return "\n".join(lines).encode()


def _symbol(icon: Icon, name: str, colour: str) -> str:
    apart = copy(icon)  # the ids inside begin with the public id: this one is like no symbol's and no other icon's
    apart.set, apart.name = IconSet(prefix=name), "-"
    apart.svg = drawn(apart, Look(colour=colour))
    return f'<symbol id="{name}" viewBox="{icon.view_box}">{iconify_icon(apart)["body"]}</symbol>'
