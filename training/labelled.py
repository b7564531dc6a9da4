"""Labelled screenshots, searched in a filled database: what the second stage is fitted to."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from search.matching.comparison import Comparison, compare
from search.matching.features import correlatable
from search.matching.signature import Floats, unpack

RIGHT = 0.98  # correlation of shapes from which another icon is as right
NEAR = 0.9  # correlation of shapes from which an icon is too similar to stand for one that the library lacks
SAME_COLOURS = 0.06  # root mean square difference of chroma, -1 to 1, up to which colours are the same

T = TypeVar("T")


@dataclass
class Query:
    """What is known of one screenshot and of the n candidates that were compared with its readings."""

    comparison: Comparison
    right: NDArray[np.bool_]  # (n,): whether a candidate is the icon, or looks the same
    near: NDArray[np.bool_]  # (n,): whether it is right, or too similar to be called wrong
    shows_icon: bool


def read_labelled(folder: Path, prefix: str) -> list[Query]:
    """The queries of a folder of labelled screenshots; of one set's icons, in that set alone, if `prefix` names it."""
    lines = [json.loads(line) for line in (folder / "queries.jsonl").read_text().splitlines()]
    lines = [line for line in lines if not prefix or line["icon"].startswith(f"{prefix}:")]
    queries = [_query(folder / line["file"], line["icon"], prefix) for line in _bar(lines, folder, prefix)]
    return [query for query in queries if query]


def read_nothing(folder: Path, prefix: str) -> list[Query]:
    """The queries of a folder of pictures that hold no icon; in one set alone, if `prefix` names it."""
    files = [path for path in sorted(folder.iterdir()) if path.suffix in (".png", ".jpg", ".webp")]
    return [query for path in _bar(files, folder, prefix) if (query := _query(path, None, prefix))]


def _bar(pictures: Sequence[T], folder: Path, prefix: str) -> Iterable[T]:
    return tqdm(pictures, desc=f"{folder.name} {prefix}", unit=" pictures")


def _query(path: Path, icon: str | None, prefix: str) -> Query | None:
    """Search by a picture, in one set if `prefix` names it; None if the picture is blank or the icon is missing."""
    from django.core.files import File

    from search.filters import ALL, Filter
    from search.model_choice import active_model
    from search.models import IconVector
    from search.nearest import nearest_icons
    from search.uploads import open_upload

    model = active_model()
    with open(path, "rb") as file:
        readings = list(model.of_query(open_upload(File(file))))
    if not readings:
        return None
    chosen = Filter(sets=(prefix,)) if prefix else ALL
    candidates = nearest_icons(model.id, model.embed([network_input for network_input, _ in readings]), within=chosen)
    likeness: Floats = np.zeros(len(candidates), np.float32)
    if icon:
        set_prefix, _, name = icon.partition(":")
        rows = IconVector.objects.filter(model=model.id, icon__set__prefix=set_prefix, icon__name=name, error="")
        renditions = [(pk, bytes(packed)) for pk, packed in rows.values_list("icon", "signature")]
        if not renditions:
            return None
        signatures = [bytes(candidate.signature) for candidate in candidates]
        likeness = likeness_to(signatures, [packed for _, packed in renditions])
        likeness[[candidate.icon_id == renditions[0][0] for candidate in candidates]] = 1
    if not candidates:
        return None
    comparison = compare([reading for _, reading in readings], candidates)
    without_signatures = replace(comparison, signatures=())  # which are large, and not needed
    return Query(without_signatures, likeness > RIGHT, likeness > NEAR, bool(icon))


def likeness_to(signatures: Sequence[bytes], renditions: Sequence[bytes]) -> Floats:
    """(n,): the correlation of each of n signatures with the rendition of an icon that it resembles most.

    Where the colours differ it is below RIGHT.
    """
    both = unpack([*renditions, *signatures])
    shapes, count = correlatable(both.ink.reshape(len(both.ink), -1)), len(renditions)
    correlation = shapes[count:] @ shapes[:count].T
    apart = np.sqrt(((both.chroma[count:, None] - both.chroma[None, :count]) ** 2).mean(axis=2))
    at_most = np.minimum(correlation, (RIGHT + NEAR) / 2)
    result: Floats = np.where(apart < SAME_COLOURS, correlation, at_most).max(axis=1)
    return result
