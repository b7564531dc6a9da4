"""LICENSES.txt: whose the icons of a download are, and under which licences.

It is in English whoever asks for it: whoever passes the icons on passes this file on with them.
"""

from collections.abc import Sequence

from icons.exporting.credit import UNKNOWN
from icons.models import Icon, IconSet

LICENCES = "LICENSES.txt"  # the name of the file


def licences(icons: Sequence[Icon]) -> str:
    """A paragraph for each set, with its licence, its author, its source, and the names of its icons."""
    names: dict[IconSet, list[str]] = {}
    for icon in icons:
        names.setdefault(icon.set, []).append(icon.name)
    return "\n".join(_paragraph(icon_set, names[icon_set]) for icon_set in names)


def _paragraph(icon_set: IconSet, names: Sequence[str]) -> str:
    lines = [f"{icon_set.title} ({icon_set.prefix})", f"Licence: {icon_set.licence_label or UNKNOWN}"]
    lines += [f"Author: {icon_set.author}"] if icon_set.author else []
    lines += [f"Source: {icon_set.source}"] if icon_set.source else []
    return "\n".join([*lines, f"Icons: {', '.join(names)}", ""])
