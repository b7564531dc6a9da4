"""Which names of a set are shown: icons, what are icons by their transformations, and what are mere other names.

The rules are those of the server @iconify/api 3.2.0, whose answers clients know.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from iconify.js import ordered_keys

Json = dict[str, Any]
TRANSFORMING = ("left", "top", "width", "height", "rotate", "hFlip", "vFlip")


@dataclass(eq=False, slots=True)
class Entry:
    """What is shown as an icon: its name, and the other names that show the same."""

    names: list[str]


@dataclass
class Listing:
    """All names of a set; `visible` and `hidden` have the entry of each name."""

    ids: Mapping[str, int]
    hidden_icons: Collection[str]
    aliases: Mapping[str, Json]
    categories: Mapping[str, list[str]]
    all_chars: Mapping[str, str]
    visible: dict[str, Entry] = field(default_factory=dict)
    hidden: dict[str, Entry] = field(default_factory=dict)
    titles: dict[str, list[Entry]] = field(default_factory=dict)  # the entries of each category
    uncategorised: list[Entry] = field(default_factory=list)
    chars: dict[str, str] = field(default_factory=dict)
    total: int = 0

    def __post_init__(self) -> None:
        """Work out the entries."""
        titles_of: dict[str, list[str]] = {}
        for title in ordered_keys(self.categories):
            self.titles[title] = []
            for name in dict.fromkeys(self.categories[title]):
                titles_of.setdefault(name, []).append(title)
        for name in ordered_keys(self.ids):
            entry = Entry([name])
            if name in self.hidden_icons:
                self.hidden[name] = entry
            else:
                self._show(entry, titles_of.get(name))
        for name in ordered_keys(self.aliases):
            self._add_alias(name, titles_of)
        for entries in [*self.titles.values(), self.uncategorised]:
            entries.sort(key=lambda entry: entry.names[0])
        self.visible = {name: self.visible[name] for name in ordered_keys(self.visible)}
        self.hidden = {name: self.hidden[name] for name in ordered_keys(self.hidden)}
        for char in ordered_keys(self.all_chars):
            shown = self.entry(self.all_chars[char])
            if shown and not self.entry(char):
                self.chars[char] = shown.names[0]

    def entry(self, name: str) -> Entry | None:
        """The entry of a name, visible or hidden."""
        return self.visible.get(name) or self.hidden.get(name)

    def icons(self) -> Iterable[str]:
        """The names of the visible entries, in order."""
        return (name for name, entry in self.visible.items() if entry.names[0] == name)

    def _show(self, entry: Entry, titles: list[str] | None) -> None:
        self.total += 1
        self.visible[entry.names[0]] = entry
        for title in titles or ():
            self.titles[title].append(entry)
        if not titles:
            self.uncategorised.append(entry)

    def _add_alias(self, name: str, titles_of: dict[str, list[str]]) -> None:
        chain = [name]  # aliases, each followed by its parent
        while (parent := self.aliases[chain[-1]]["parent"]) in self.aliases and not self.entry(parent):
            chain.append(parent)
        for each in reversed(chain):
            if not self.entry(each):
                self._add_resolved(each, titles_of)

    def _add_resolved(self, name: str, titles_of: dict[str, list[str]]) -> None:
        alias = self.aliases[name]
        parent = self.entry(alias["parent"])
        if parent is None:
            return
        parent_visible = alias["parent"] in self.visible
        visible = not alias["hidden"] if "hidden" in alias else parent_visible
        if visible == parent_visible and not any(key in alias for key in TRANSFORMING):
            parent.names.append(name)
            (self.visible if visible else self.hidden)[name] = parent
        elif visible:
            titles = titles_of.get(name) or titles_of.get(parent.names[0])
            if titles:
                titles_of.setdefault(name, titles)
            self._show(Entry([name]), titles)
        else:
            self.hidden[name] = Entry([name])


def collection(prefix: str, info: Json | None, listing: Listing) -> Json:
    """All names of a set, by category."""
    result: Json = {"prefix": prefix, "total": listing.total}
    if info is not None:
        result |= {"title": info.get("name"), "info": info} if "name" in info else {"info": info}
    if listing.uncategorised:
        result["uncategorized"] = [entry.names[0] for entry in listing.uncategorised]
    if any(listing.titles.values()):
        result["categories"] = {
            title: [entry.names[0] for entry in entries] for title, entries in listing.titles.items() if entries
        }
    hidden = [name for name, entry in listing.hidden.items() if entry.names[0] == name]
    if hidden:
        result["hidden"] = hidden
    shown = {**listing.visible, **listing.hidden}
    aliases = {name: entry.names[0] for name, entry in shown.items() if entry.names[0] != name}
    if aliases:
        result["aliases"] = aliases
    return {**result, "chars": listing.chars}
