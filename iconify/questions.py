"""Questions about icons of one set: which drawings an answer needs, and the answer.

They know nothing of requests, so that they can be asked before Django is (`first_answers.py`) and by its views.
"""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from iconify.bodies import Texts
from iconify.css import icons_css
from iconify.drawing import svg_of
from iconify.js import as_data
from iconify.resolving import bases_of, icons_reply, whole_icon, with_aliases
from iconify.served_set import ServedSet
from iconify.texts import Parameters, Query, as_json, callback_of, encoded, query_of, with_callback

OLD_CALLBACK = "SimpleSVG._loaderCallback"  # of the first clients, which do not name theirs
# The contract has Cache-Control on all answers, a week long. Caches that many share would hide with it what is imported
# after somebody has asked for it, and are told otherwise (RFC 9213).
ABSENT = {"CDN-Cache-Control": "no-cache"}
# The drawing is cleaned, but colour and size come from whoever wrote the address.
SVG_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@dataclass(frozen=True)
class Answer:
    """What a question is answered with; `headers` are those that only such answers have."""

    text: str
    media_type: str
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def content_type(self) -> str:
        """The header Content-Type."""
        return f"{self.media_type}; charset=utf-8"

    @property
    def body(self) -> bytes:
        """The text as it is sent."""
        return encoded(self.text)


NOT_FOUND = Answer("Not found", "text/plain", 404)


class Question(Protocol):
    """What somebody asks of the set `prefix`."""

    prefix: str

    @property
    def is_sound(self) -> bool:
        """Whether the set is asked for anything."""

    def bases(self, served: ServedSet) -> Iterable[str]:
        """The names of the icons whose drawings the answer needs."""

    def answer(self, served: ServedSet | None, texts: Texts) -> Answer:
        """The answer, with the JSON of the icons of bases(); None for a set that is not there or not asked."""


class IconsData:
    """Icons as Iconify JSON, or with the ending `js` as a call of a function."""

    def __init__(self, parameters: Parameters, prefix: str, ending: str) -> None:
        """`parameters` are those of the address."""
        self.prefix = prefix
        self.query = query_of(parameters)
        self.callback = callback_of(self.query, OLD_CALLBACK) if ending == "js" else ""
        asked = parameters.get("icons", [])
        self.names = asked[0].split(",") if len(asked) == 1 else asked

    @property
    def is_sound(self) -> bool:
        """Whether icons are asked for, and the function has a name that may be called."""
        return bool(self.names) and self.callback is not None

    def bases(self, served: ServedSet) -> Iterable[str]:
        """The icons, and those that their aliases lead to."""
        return with_aliases(served, self.names)[0]

    def answer(self, served: ServedSet | None, texts: Texts) -> Answer:
        """The JSON; errors have status 200, as the original has it."""
        if self.callback is None:
            return Answer("400", "application/json")
        if served is None:
            return Answer("404", "application/json", headers=ABSENT)
        reply, icons = icons_reply(served, self.names, texts)
        if self.query.get("pretty"):
            text = as_json({**reply, "icons": json.loads(icons)}, self.query)
        else:
            text = f'{as_data(reply)[:-1]},"icons":{icons}}}'
        return Answer(*with_callback(text, self.callback))


class Drawing:
    """One icon as SVG."""

    is_sound = True

    def __init__(self, parameters: Parameters, prefix: str, name: str) -> None:
        """`parameters` are those of the address."""
        self.prefix, self.name = prefix, name
        self.query = query_of(parameters)

    def bases(self, served: ServedSet) -> Iterable[str]:
        """The icon that the name leads to."""
        return bases_of(served, [self.name])

    def answer(self, served: ServedSet | None, texts: Texts) -> Answer:
        """The SVG."""
        icon = whole_icon(served, self.name, texts) if served else None
        if icon is None:
            return NOT_FOUND
        headers = {"Content-Security-Policy": SVG_POLICY, **_download(self.query, f"{self.name}.svg")}
        return Answer(svg_of(icon, self.query), "image/svg+xml", headers=headers)


def drawing_by_id(parameters: Parameters, name: str) -> Drawing:
    """One icon as SVG, named `prefix:name` or, where the prefix has no hyphen, `prefix-name`."""
    prefix, _, rest = name.partition(":" if ":" in name else "-")
    return Drawing(parameters, prefix, rest)


class StyleSheet:
    """Icons as a style sheet."""

    def __init__(self, parameters: Parameters, prefix: str) -> None:
        """`parameters` are those of the address."""
        self.prefix = prefix
        self.query: Query = query_of(parameters)
        self.names = self.query.get("icons", "").split(",")

    @property
    def is_sound(self) -> bool:
        """Whether icons are asked for."""
        return "icons" in self.query

    def bases(self, served: ServedSet) -> Iterable[str]:
        """The icons that the names lead to."""
        return bases_of(served, self.names)

    def answer(self, served: ServedSet | None, texts: Texts) -> Answer:
        """The style sheet."""
        if served is None:
            return NOT_FOUND
        headers = _download(self.query, f"{self.prefix}.css")
        return Answer(icons_css(served, self.names, texts, self.query), "text/css", headers=headers)


# The addresses of questions below the API's own, the names of the views that answer them, and how they are made.
ROUTES: list[tuple[re.Pattern[str], str, Callable[..., Question]]] = [
    (re.compile(r"(?P<prefix>[a-z0-9-]+)/(?P<name>[a-z0-9-]+)\.svg\Z"), "svg", Drawing),
    (re.compile(r"(?P<name>[a-z0-9-]+:?[a-z0-9-]+)\.svg\Z"), "svg_by_id", drawing_by_id),
    (re.compile(r"(?P<prefix>[a-z0-9-]+)(?:/icons)?\.(?P<ending>json|js)\Z"), "icons_data", IconsData),
    (re.compile(r"(?P<prefix>[a-z0-9-]+)\.css\Z"), "css", StyleSheet),
]


def _download(query: Query, file_name: str) -> dict[str, Any]:
    return {"Content-Disposition": f'attachment; filename="{file_name}"'} if query.get("download") else {}
