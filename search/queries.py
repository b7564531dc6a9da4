"""Finding icons by picture: the one function that page, API and `/upload` call."""

import time
from collections.abc import Collection
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from PIL import Image

from icons.models import Icon, IconSet
from icons.names import is_name
from icons.rendering import render
from search.embedding import active_model
from search.models import IconVector

BLANK = "The picture shows no drawing: it is of one colour. Crop it so that the icon is in it."
NOTHING_INDEXED = "No icon is indexed yet. Import icons, and see in the admin how far the indexing is."
NOTHING_IN_SETS = "The chosen sets hold no indexed icons yet."


@dataclass(frozen=True)
class Answer:
    model: str
    hits: list[IconVector] = field(default_factory=list)  # best first, each with `score` and `icon`
    reason: str = ""  # why there are no hits
    took_ms: float = 0


def similar_icons(picture: Image.Image, limit: int, sets: Collection[str] = ()) -> Answer:
    """The icons whose embedding has the largest inner product with that of the picture.

    `sets` are prefixes of icon sets to search in (none: all); see `validate_sets`.
    """
    started = time.perf_counter()
    model = active_model()
    view = model.view(picture)
    if view is None:
        return Answer(model.id, reason=BLANK)
    vector = model.embed([view])[0]
    hits = IconVector.objects.nearest(model.id, vector, limit, sets)
    reason = "" if hits else NOTHING_IN_SETS if sets else NOTHING_INDEXED
    return Answer(model.id, hits, reason, 1000 * (time.perf_counter() - started))


def similar_to(icon: Icon, limit: int) -> list[IconVector]:
    """The icons most like this one, itself left out; empty while it is not indexed."""
    model = active_model()
    own = IconVector.objects.filter(icon=icon, model=model.id, vector__isnull=False).first()
    if own is None:
        return []
    hits = IconVector.objects.nearest(model.id, own.vector, limit + 1)
    return [hit for hit in hits if hit.icon_id != icon.pk][:limit]


def validate_sets(prefixes: Collection[str]) -> None:
    """Raise ValidationError, naming it, where a prefix is of no icon set."""
    asked = {prefix for prefix in prefixes if is_name(prefix)}
    known = set(IconSet.objects.filter(prefix__in=asked).values_list("prefix", flat=True))
    for prefix in prefixes:
        if prefix not in known:
            raise ValidationError(f"There is no icon set “{prefix[:100]}”.", code="unknown_set")


def warm_up() -> None:
    """Load the network and start the rasteriser, so that the first search does not wait for them."""
    model = active_model()
    drawing = render('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 2"><path d="M0 0h1v1z"/></svg>', 64)
    view = model.view(drawing)
    assert view is not None
    model.embed([view])
