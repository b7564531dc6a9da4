"""Names of icons that come from files: each depends on its file, never on the order or the number of the files.

A name is made of the file's own name. Where several files would give the same, each is told apart by a folder, or by a
short hash of its path, and none gets the bare name, which would be another drawing's once a file is added. What a set
has already keeps its name: see `keep_names`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from icons.importing.packs import File, Rejected, SourceIcon
from icons.names import MAX_LENGTH, short_hash, to_name

HASH_LENGTH = 7  # characters, with the hyphen before it


@dataclass(frozen=True, slots=True)
class Named:
    """What names an icon in its source."""

    path: str  # tells it from all others
    texts: tuple[str, ...]  # that a name may be made of, the best first
    folders: tuple[str, ...] = ()  # around it, from the outermost on


def names_of(sources: Sequence[Named]) -> list[str]:
    """A name for each, in the same order; no two are equal.

    >>> names_of([Named("a/x.svg", ("x",), ("a",)), Named("b/x.svg", ("x",), ("b",)), Named("y.svg", ("y",))])
    ['a-x', 'b-x', 'y']
    """
    groups: dict[str, list[Named]] = defaultdict(list)
    for source in sources:
        groups[_base(source)].append(source)
    names: dict[str, str] = {}
    for base, group in groups.items():
        exact = [source for source in group if source.texts[0] == base]
        if len(group) == 1 or len(exact) == 1:
            names[(exact or group)[0].path] = base
    taken = set(names.values())
    for base, group in groups.items():
        clashing = [source for source in group if source.path not in names]
        for source, name in zip(clashing, _told_apart(base, clashing), strict=True):
            names[source.path] = with_hash(base, source.path) if not name or name in taken else name
        taken.update(names[source.path] for source in clashing)
    return [names[source.path] for source in sources]


def with_hash(name: str, path: str) -> str:
    """The name with a hash of the path behind it, not longer than a name may be."""
    return f"{name[: MAX_LENGTH - HASH_LENGTH].strip('-')}-{short_hash(path)}"


def _base(source: Named) -> str:
    name = next(filter(None, map(to_name, source.texts)), "")
    if not name:
        return f"icon-{short_hash(source.path)}"
    return with_hash(name, source.path) if len(name) >= MAX_LENGTH else name


def _told_apart(base: str, group: Sequence[Named]) -> list[str]:
    """Names with the nearest folder in which all of the group differ, else with all folders; "" where none helps."""
    depth = max((len(source.folders) for source in group), default=0)
    levels = [[source.folders[-level:][:1] for source in group] for level in range(1, depth + 1)]
    for folders in [*levels, [source.folders for source in group]]:
        names = [to_name(" ".join((*some, base))) if some else "" for some in folders]
        if all(names) and len(set(names)) == len(names) and all(len(name) < MAX_LENGTH for name in names):
            return names
    return [""] * len(group)


def keep_names(
    icons: Iterable[SourceIcon | Rejected], stored: Iterable[tuple[str, File]], present: Set[File]
) -> Iterator[SourceIcon | Rejected]:
    """The icons, lazily; those whose files the set has already are called as they are called there.

    `stored` are the names of the set's icons, each with the file that it came from; `present` are the files that the
    source has now. A name whose file is gone is free, since files are moved, too.
    """
    known: dict[File, str] = {}
    for name, file in stored:
        if file in present:
            known.setdefault(file, name)
    reserved = set(known.values())
    for icon in icons:
        yield _renamed(icon, known, reserved)


def _renamed(icon: SourceIcon | Rejected, known: Mapping[File, str], reserved: Set[str]) -> SourceIcon | Rejected:
    name = icon.icon if isinstance(icon, Rejected) else icon.name
    path = "/".join(icon.file)
    new = known.get(icon.file) or (with_hash(name, path) if name in reserved else name)
    if new == name:
        return icon
    return replace(icon, icon=new) if isinstance(icon, Rejected) else replace(icon, name=new)
