"""The answers of a site as they come: typed dictionaries, which may have more members in later versions of the site."""

from typing import Any, NotRequired

from typing_extensions import TypedDict  # pydantic wants these before Python 3.12


class SeenIcon(TypedDict):
    """An icon that a search found; `size` is in units of its view box, `svg` the address of its SVG."""

    icon: str
    set: str
    licence: str
    size: list[float]
    svg: str
    url: str
    earlier: bool


class Hit(SeenIcon):
    """A result of a search by picture: `score` is the probability that it, or one of its twins, is the icon meant."""

    score: float
    confident: bool
    twins: list[SeenIcon]
    stroke: NotRequired[float]
    replaced_by: NotRequired[str]


class SetShare(TypedDict):
    """A set that has `icons` of `of` icons."""

    prefix: str
    icons: int
    of: int


class Region(TypedDict):
    """One of several icons on a picture; `box` is x, y, width, height in fractions of the picture."""

    box: list[float]
    confidence: float
    confident: bool
    results: list[Hit]


class PictureAnswer(TypedDict):
    """The answer to one picture."""

    model: str
    took_ms: float
    confident: bool
    results: list[Hit]
    regions: list[Region]
    sets: list[SetShare]
    in_style: NotRequired[list[SeenIcon]]
    reason: NotRequired[str]


class WordAnswer(TypedDict):
    """Icons that words find; `left_out` are the words that no icon fits together with the others."""

    total: int
    left_out: list[str]
    results: list[SeenIcon]


class Having(TypedDict):
    """Whether the library has one of many pictures; `name` is the one that it was sent with."""

    name: str
    have: bool
    best: NotRequired[Hit]
    problem: NotRequired[dict[str, Any]]


class IconSet(TypedDict):
    """An icon set; `icons` is there where one set was asked for."""

    prefix: str
    title: str
    licence: str
    licence_spdx: str
    author: str
    source: str
    palette: str
    version: str
    url: str
    icons: NotRequired[int]


class ListedIcon(TypedDict):
    """An icon of a list; `svg` is its source, where that was asked for."""

    icon: str
    set: str
    name: str
    licence: str
    size: list[float]
    hidden: bool
    svg: NotRequired[str]


class Import(TypedDict):
    """Where an import stands; `problems` are the icons left out, each with its reason."""

    id: int
    status: str
    reason: str
    finished: bool
    expected: int | None
    added: int
    changed: int
    unchanged: int
    rejected: int
    problems: list[dict[str, str]]


class Status(TypedDict):
    """What a site says of itself: whether it is ready, and which of its parts are."""

    ready: bool
    parts: dict[str, bool]


class IconFile(TypedDict):
    """An icon in one of its forms: the content as it came, and its type."""

    content: bytes
    content_type: str
