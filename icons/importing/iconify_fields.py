"""What Iconify JSON says of a whole set. A field of another type is named as a problem, and the rest is used."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _

from icons.importing.packs import Rejected, SetInfo

Json = dict[str, Any]
Value = TypeVar("Value", dict[str, Any], list[Any], str, bool)

EXPECTED = {
    dict: _("The field must be an object."),
    list: _("The field must be a list of names of icons."),
    str: _("The field must be text."),
    bool: _("The field must be true or false."),
}


@dataclass
class Fields:
    """Reads fields of JSON objects, and collects those of another type than expected in `rejected`."""

    rejected: list[Rejected] = field(default_factory=list)

    def get(self, owner: Json, path: str, expected: type[Value]) -> Value | None:
        """The field of `owner` that is last in the path, as "name" in "info.name"; None if it has another type."""
        return self.check(owner.get(path.rpartition(".")[2]), path, expected)

    def check(self, value: object, path: str, expected: type[Value]) -> Value | None:
        """The value, if it has the expected type, else None. `path` is what the problem calls the field."""
        if isinstance(value, expected):
            return value
        # PHP writes an empty object as [].
        if value is not None and not (expected is dict and value == []):
            self.reject(path, expected)
        return None

    def reject(self, path: str, expected: type[Value]) -> None:
        """Note that the field does not have the expected type."""
        self.rejected.append(Rejected(path, str(EXPECTED[expected])))


def read_info(data: Json, fields: Fields) -> SetInfo:
    """What data that is_iconify says of the set."""
    info = fields.get(data, "info", dict) or {}
    licence = fields.get(info, "info.license", dict) or {}
    author = fields.get(info, "info.author", dict) or {}
    licence_url = fields.get(licence, "info.license.url", str)
    return SetInfo(
        prefix=data["prefix"],
        title=fields.get(info, "info.name", str) or data["prefix"],
        licence=fields.get(licence, "info.license.title", str) or "",
        licence_spdx=fields.get(licence, "info.license.spdx", str) or "",
        author=fields.get(author, "info.author.name", str) or "",
        source=fields.get(author, "info.author.url", str) or licence_url or "",
        version=fields.get(info, "info.version", str) or "",
        palette=fields.get(info, "info.palette", bool),
    )


def read_categories(data: Json, fields: Fields) -> dict[str, list[str]]:
    """The titles of the categories that each icon is in, by its name."""
    categories: dict[str, list[str]] = defaultdict(list)
    for title, value in (fields.get(data, "categories", dict) or {}).items():
        names = fields.check(value, f"categories.{title}", list) or []
        for name in names:
            if isinstance(name, str):
                categories[name].append(title)
        if not all(isinstance(name, str) for name in names):  # then the others are used
            fields.reject(f"categories.{title}", list)
    return categories
