"""Finding icons by picture: the one function that page, API and `/upload` call."""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np
from django.conf import settings
from django.core.exceptions import ValidationError
from PIL import Image

from icons.models import Icon, IconSet
from icons.names import is_name
from icons.rendering import render
from search.embedding import MODELS, active_model, by_inner_product
from search.models import NEAREST, IconVector
from search.progress import answering_model
from search.second_stage import Match

BLANK = "The picture shows no drawing: it is of one colour. Crop it so that the icon is in it."
NOTHING_INDEXED = "No icon is indexed yet. Import icons, and see in the admin how far the indexing is."
NOTHING_IN_SETS = "The chosen sets hold no indexed icons yet."


@dataclass(frozen=True)
class Hit:
    icon: Icon  # with its set, without its SVG source
    score: float  # 0 to 1


@dataclass(frozen=True)
class Answer:
    model: str
    hits: list[Hit] = field(default_factory=list)  # best first
    reason: str = ""  # why there are no hits
    took_ms: float = 0

    @property
    def confident(self) -> bool:
        return bool(self.hits) and self.hits[0].score >= settings.CONFIDENT_FROM


def similar_icons(picture: Image.Image, limit: int, sets: Collection[str] = ()) -> Answer:
    """The icons that a picture, RGB or RGBA, shows or comes closest to.

    `sets` are prefixes of icon sets to search in (none: all); see `validate_sets`.
    """
    started = time.perf_counter()
    model = answering_model()
    seen = model.of_query(picture)
    if not seen:
        return Answer(model.id, reason=BLANK)
    vectors = model.embed([view for view, _ in seen])
    found = IconVector.objects.nearest(model.id, vectors, NEAREST, sets)
    hits = _hits(model.best_matches([shown for _, shown in seen], found)[:limit])
    reason = "" if hits else NOTHING_IN_SETS if sets else NOTHING_INDEXED
    return Answer(model.id, hits, reason, 1000 * (time.perf_counter() - started))


def similar_to(icon: Icon, limit: int) -> list[Hit]:
    """The icons most like this one, itself left out; empty while it is not indexed."""
    model = answering_model()
    own = IconVector.objects.filter(icon=icon, model=model.id, vector__isnull=False).first()
    if own is None:
        return []
    found = IconVector.objects.nearest(model.id, np.array([own.vector], np.float32), limit + 1)
    return _hits([match for match in by_inner_product([], found) if match.icon_id != icon.pk][:limit])


def _hits(matches: Sequence[Match]) -> list[Hit]:
    """The matches with their icons; an icon that was deleted meanwhile is left out."""
    icons = Icon.objects.select_related("set").defer("svg").in_bulk([match.icon_id for match in matches])
    return [Hit(icons[match.icon_id], match.score) for match in matches if match.icon_id in icons]


def validate_sets(prefixes: Collection[str]) -> None:
    """Raise ValidationError, naming it, where a prefix is of no icon set."""
    asked = {prefix for prefix in prefixes if is_name(prefix)}
    known = set(IconSet.objects.filter(prefix__in=asked).values_list("prefix", flat=True))
    for prefix in prefixes:
        if prefix not in known:
            raise ValidationError(f"There is no icon set “{prefix[:100]}”.", code="unknown_set")


def warm_up() -> None:
    """Load the networks and start the rasteriser, so that the first search does not wait for them."""
    drawing = render('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 2"><path d="M0 0h1v1z"/></svg>', 64)
    for model in dict.fromkeys((answering_model().id, active_model().id)):
        MODELS[model].embed([view for view, _ in MODELS[model].of_query(drawing)])
