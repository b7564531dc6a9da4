"""The line of credit: where an icon comes from."""

import re

from icons.models import Icon

UNKNOWN = "unknown"  # stands for a licence or an author; not translated, since it goes where the icons go


def credit_line(icon: Icon) -> str:
    """One line for people who use the icon: its name, set, author, licence and source, as far as they are known."""
    icon_set = icon.set
    origin = f"{icon.public_id} from {icon_set.title}" + (f" by {icon_set.author}" if icon_set.author else "")
    licence = icon_set.licence_label or f"licence {UNKNOWN}"
    line = ", ".join(text for text in (origin, licence, icon_set.source) if text)
    return "".join(character if character.isprintable() else " " for character in line)


def in_comment(text: str) -> str:
    """The text as it may stand in a comment of XML and its kin, which two hyphens would end."""
    return re.sub("-(?=-)", "- ", text)
