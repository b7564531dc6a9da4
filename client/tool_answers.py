"""What the tools for agents answer: the answers of the site, cut down to what a model needs next."""

from typing import NotRequired

from typing_extensions import TypedDict  # pydantic wants these before Python 3.12

from .answers import Hit, IconSet, PictureAnswer, Region, SeenIcon, SetShare, WordAnswer


class Icon(TypedDict):
    """An icon of the library."""

    icon: str
    set: str
    licence: str
    svg: str


class Match(Icon):
    """An icon that looks like a picture; `score` is the probability that it or one of `same_look` is the one meant."""

    score: float
    confident: bool
    same_look: list[str]
    stroke_width: NotRequired[float]
    replaced_by: NotRequired[str]


class PictureMatches(TypedDict):
    """The icons for one picture, the likeliest first; `sets` hold most of its icons where it shows several."""

    confident: bool
    icons: list[Match]
    sets: list[SetShare]
    reason: NotRequired[str]


class Place(TypedDict):
    """One icon on a screenshot; `box` is x, y, width, height in fractions of the screenshot."""

    box: list[float]
    confident: bool
    icons: list[Match]


class Screenshot(TypedDict):
    """The icons on a screenshot, and which sets hold most of them, the likeliest first."""

    places: list[Place]
    sets: list[SetShare]


class Named(TypedDict):
    """Icons that words find; `left_out` are words that no icon fits together with the others."""

    total: int
    left_out: list[str]
    icons: list[Icon]


class IconInForm(TypedDict):
    """An icon as code; empty where it was asked for as a picture."""

    icon: str
    form: str
    licence: str
    code: str


class Set(TypedDict):
    """An icon set."""

    prefix: str
    title: str
    licence: str


class Sets(TypedDict):
    """All icon sets of the library."""

    sets: list[Set]


def icon_of(seen: SeenIcon) -> Icon:
    """An icon that a search found."""
    return {"icon": seen["icon"], "set": seen["set"], "licence": seen["licence"], "svg": seen["svg"]}


def match_of(hit: Hit) -> Match:
    """A result of a search by picture."""
    match: Match = {
        "icon": hit["icon"],
        "set": hit["set"],
        "licence": hit["licence"],
        "svg": hit["svg"],
        "score": hit["score"],
        "confident": hit["confident"],
        "same_look": [twin["icon"] for twin in hit["twins"]],
    }
    if "stroke" in hit:
        match["stroke_width"] = hit["stroke"]
    if "replaced_by" in hit:
        match["replaced_by"] = hit["replaced_by"]
    return match


def matches_of(answer: PictureAnswer) -> PictureMatches:
    """The answer to one picture."""
    matches: PictureMatches = {
        "confident": answer["confident"],
        "icons": [match_of(hit) for hit in answer["results"]],
        "sets": answer["sets"],
    }
    if reason := answer.get("reason"):
        matches["reason"] = reason
    return matches


def place_of(region: Region, limit: int) -> Place:
    """One icon on a screenshot."""
    icons = [match_of(hit) for hit in region["results"][:limit]]
    return {"box": region["box"], "confident": region["confident"], "icons": icons}


def screenshot_of(answer: PictureAnswer, limit: int) -> Screenshot:
    """The icons on a screenshot; where the whole shows a single one, its box is the whole."""
    places = [place_of(region, limit) for region in answer["regions"]]
    if not places and answer["results"]:
        icons = [match_of(hit) for hit in answer["results"][:limit]]
        places = [{"box": [0.0, 0.0, 1.0, 1.0], "confident": answer["confident"], "icons": icons}]
    return {"places": places, "sets": answer["sets"]}


def named_in(answer: WordAnswer) -> Named:
    """The answer to words."""
    icons = [icon_of(seen) for seen in answer["results"]]
    return {"total": answer["total"], "left_out": answer["left_out"], "icons": icons}


def set_of(icon_set: IconSet) -> Set:
    """An icon set; its licence as an SPDX id where it has one."""
    licence = icon_set["licence_spdx"] or icon_set["licence"]
    return {"prefix": icon_set["prefix"], "title": icon_set["title"], "licence": licence}
