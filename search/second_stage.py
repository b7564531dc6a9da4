"""The second stage: the best few hundred of the first, ordered again with what is stored beside the vectors."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from search.drawing import MARGIN, Drawing
from search.query_views import QueryView


@dataclass(frozen=True, slots=True)
class Found:
    """One icon near one view of the query, as the first stage found it."""

    icon_id: int
    view: int  # index of the view
    inner_product: float
    signature: bytes  # as stored with the vector


@dataclass(frozen=True, slots=True)
class Match:
    icon_id: int
    score: float  # 0 to 1: how probable it is that this is the icon meant


def best_matches(views: Sequence[QueryView], found: Sequence[Found]) -> list[Match]:
    """Each icon found once, the most probable first."""
    best: dict[int, float] = {}
    for one in found:
        best[one.icon_id] = max(best.get(one.icon_id, -1.0), one.inner_product)
    return sorted((Match(icon, max(0.0, score)) for icon, score in best.items()), key=lambda match: -match.score)


def signature(drawing: Drawing) -> bytes:
    """What is stored of an icon's drawing: grey without its margin, 4 bits a pixel, 968 bytes."""
    grey = drawing.pixels[MARGIN:-MARGIN, MARGIN:-MARGIN].mean(axis=2).astype(np.uint8) >> 4
    pairs = grey.reshape(-1, 2)
    return (pairs[:, 0] << 4 | pairs[:, 1]).tobytes()
