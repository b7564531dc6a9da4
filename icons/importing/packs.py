"""What every source yields: packs of drawings, not yet cleaned."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _


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
