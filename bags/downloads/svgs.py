"""Downloads as SVG: a file for each icon, or one sprite with all of them."""

from copy import copy

from django.utils.translation import gettext as _

from bags.downloads.archives import Files, zipped
from bags.downloads.download import Download, long_names
from bags.downloads.licence_texts import LICENCES, licences
from icons.exporting.credit import credit_line, in_comment
from icons.exporting.look import Look
from icons.exporting.svg_text import icon_svg_text, iconify_icon
from icons.models import Icon, IconSet


def svg_zip(download: Download) -> bytes:
    """A zip of SVG files in the download's look, in a folder for each set, with their licences.

    Raises ValidationError at the deadline.
    """
    files: Files = {
        f"{icon.set.prefix}/{icon.name}.svg": icon_svg_text(icon, download.look, credit_line(icon))
        for icon in download.in_time(download.icons)
    }
    return zipped(download, {**files, LICENCES: licences(download.icons)})


def sprite(download: Download) -> bytes:
    """One SVG with a symbol `prefix-name` for each icon; a comment has an example of its use, and the licences.

    Raises ValidationError at the deadline.
    """
    names = long_names(download.icons)
    icons = download.in_time(zip(names, download.icons, strict=True))
    symbols = [_symbol(icon, name, download.look.colour) for name, icon in icons]
    file_name = f"{download.name}-sprite.svg"
    example = f'<svg width="24" height="24"><use href="{file_name}#{names[0]}"/></svg>' if names else ""
    usage = _("Show an icon on a page with: %(example)s") % {"example": example}
    comment = in_comment(f"\n{usage}\n\n{licences(download.icons)}")
    lines = ['<svg xmlns="http://www.w3.org/2000/svg">', f"<!--{comment}-->", *symbols, "</svg>", ""]
    return "\n".join(lines).encode()


def _symbol(icon: Icon, name: str, colour: str) -> str:
    # The ids inside begin with the public id of the icon. This one's cannot be that of a symbol or of another icon.
    renamed = copy(icon)
    renamed.set, renamed.name = IconSet(prefix=name), "-"
    renamed.svg = icon_svg_text(renamed, Look(colour=colour))
    return f'<symbol id="{name}" viewBox="{icon.view_box}">{iconify_icon(renamed)["body"]}</symbol>'
