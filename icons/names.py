"""Public ids: `prefix:name`, both parts as Iconify writes them."""

import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z][a-z])")  # where the second word begins in arrowLeft
MAX_LENGTH = 200  # characters, of a prefix or a name

validate_name = RegexValidator(
    NAME, _("Use lower-case letters, digits and single hyphens between them, as in “arrow-left-2”.")
)


def is_name(text: str) -> bool:
    """Whether the text may be a prefix or a name: lower-case ASCII letters, digits, single hyphens between them."""
    return bool(NAME.match(text)) and len(text) <= MAX_LENGTH


def to_name(text: str) -> str:
    """The text as a name, or "" where nothing of it can be kept (Chinese characters, say).

    >>> to_name("Größe Arrow_Left.2")
    'grosse-arrow-left-2'
    """
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss")).encode("ascii", "ignore").decode()
    plain = HUMP.sub("-", plain)
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:MAX_LENGTH].strip("-")


def stem(file_name: str) -> str:
    """The file name without folders and extension; an empty one stays empty."""
    return PurePosixPath(file_name.replace("\\", "/")).stem


def split_id(public_id: str) -> tuple[str, str] | None:
    """(prefix, name) of `prefix:name`, or None where the text is not of that form."""
    prefix, _, name = public_id.partition(":")
    return (prefix, name) if is_name(prefix) and is_name(name) else None


@dataclass
class UniqueNames:
    """Gives icons unique names, made of texts that need be neither names nor unique.

    The same calls in the same order give the same names.
    """

    taken: set[str] = field(default_factory=set)
    numbers: dict[str, int] = field(default_factory=dict)  # the last that was added to a name

    def pick(self, *candidates: str) -> str:
        """A name made of the first candidate that gives one, else "icon"; a number is added to one already taken.

        >>> names = UniqueNames()
        >>> names.pick("图标", "Home"), names.pick("home"), names.pick("图标")
        ('home', 'home-2', 'icon')
        """
        base = next(filter(None, map(to_name, candidates)), "icon")
        name, number = base, self.numbers.get(base, 1)
        while name in self.taken:
            number += 1
            name = f"{base}-{number}"
        self.taken.add(name)
        self.numbers[base] = number
        return name
