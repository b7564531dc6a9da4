"""What every source yields: packs of drawings, not yet cleaned."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from icons.names import to_name


class SourceError(Exception):
    """A source that cannot be read at all; the message is a sentence for a person."""


@dataclass(frozen=True, slots=True)
class SetInfo:
    """What a source knows of an icon set; an empty field leaves what the database has."""

    prefix: str
    title: str = ""
    licence: str = ""
    licence_spdx: str = ""
    author: str = ""
    source: str = ""
    version: str = ""
    palette: bool | None = None


@dataclass(frozen=True, slots=True)
class Drawing:
    name: str
    svg: str | bytes
    name_en: str = ""
    name_zh: str = ""
    file_name: str = ""
    tags: tuple[str, ...] = ()
    category: str = ""
    aliases: tuple[str, ...] = ()
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Rejected:
    """An icon of the source that cannot be read, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Pack:
    info: SetInfo
    drawings: Iterable[Drawing | Rejected]
    expected: int | None = None


@dataclass
class UniqueNames:
    """Names for drawings whose own names need not be ids, nor unique; the same source gives the same names."""

    taken: set[str] = field(default_factory=set)

    def pick(self, *candidates: str) -> str:
        """The first candidate of which an id can be made, made unique; "icon" where there is none."""
        base = next(filter(None, map(to_name, candidates)), "icon")
        name, number = base, 1
        while name in self.taken:
            number += 1
            name = f"{base}-{number}"
        self.taken.add(name)
        return name


def guarded(
    items: Iterable[object], read: Callable[[object], Drawing | None], name_of: Callable[[object], str]
) -> Iterator[Drawing | Rejected]:
    """Read each item of a list that somebody else wrote; what is not of the expected form is rejected by name."""
    for item in items:
        try:
            drawing = read(item)
        except (TypeError, KeyError, ValueError, AttributeError) as error:
            yield Rejected(name_of(item), _("The entry is not of the expected form (%(why)s).") % {"why": error})
        else:
            if drawing:
                yield drawing
