"""What every source yields: packs of icons, whose drawings are not yet cleaned."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


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
    public: bool = False  # whether it comes from a public registry, so that it is nobody's own set


File = tuple[str, str]  # the category and the name of the file that an icon comes from, as the database has them


@dataclass(frozen=True, slots=True)
class SourceIcon:
    """An icon as its source has it; the fields are those of the model Icon."""

    name: str
    svg: str | bytes
    name_en: str = ""
    name_zh: str = ""
    file_name: str = ""
    tags: tuple[str, ...] = ()
    category: str = ""
    aliases: tuple[str, ...] = ()
    hidden: bool = False

    @property
    def file(self) -> File:
        """What tells the icon's file from the others of its source."""
        return self.category, self.file_name


@dataclass(frozen=True, slots=True)
class Rejected:
    """An entry of a source that cannot be read: what the source calls it, and why, in a sentence."""

    name: str
    reason: str
    icon: str = ""  # the name of the icon that it would have been, where the source calls it something else
    file: File = ("", "")


@dataclass(frozen=True, slots=True)
class Pack:
    """An icon set as its source has it; the icons are read one by one, while they are imported."""

    info: SetInfo
    icons: Iterable[SourceIcon | Rejected]
    expected: int | None = None  # how many icons there are, as far as known
    complete: bool = True  # whether every icon of the source is named; only then may others be pruned
    files: frozenset[File] = frozenset()  # the files of the source, where names are made of theirs
    note: str = ""  # what a person should know of how the source was read, in a sentence
    iconify: dict[str, Any] | None = None  # what Iconify JSON says beside the drawings; see icons.importing.kept_fields
