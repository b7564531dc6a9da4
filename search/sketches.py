"""Finding icons by a sketch that somebody drew on the page."""

import time

from PIL import Image

from search.filters import ALL, Filter
from search.hits import hits_of
from search.nearest import nearest_icons
from search.picture_search import BLANK_PICTURE, Answer, why_nothing
from search.progress import answering_model

NEAREST_TO_SKETCH = 200  # icons for each reading: far more than for a screenshot, since a sketch is like many


def search_by_sketch(picture: Image.Image, limit: int, within: Filter = ALL) -> Answer:
    """The icons that come closest to a sketch, RGB or RGBA: at most `limit`. It is taken for one icon."""
    started = time.perf_counter()
    model = answering_model()
    readings = model.of_sketch(picture)
    if not readings:
        return Answer(model.id, reason=str(BLANK_PICTURE))
    vectors = model.embed([network_input for network_input, _ in readings])
    candidates = nearest_icons(model.id, vectors, NEAREST_TO_SKETCH, within)
    if not candidates:
        return Answer(model.id, reason=why_nothing(within))
    matches = model.best_sketch_matches([reading for _, reading in readings], candidates)[:limit]
    (hits,) = hits_of([matches], [limit])
    return Answer(model.id, hits, took_ms=1000 * (time.perf_counter() - started))
