"""Which of many pictures, each of one icon, the library has: they share the network's batches and the query."""

from collections.abc import Sequence

from PIL import Image

from search.filters import ALL, Filter
from search.hits import Hit, hits_of
from search.nearest import nearest_icons
from search.picture_search import NEAREST_AT_LEAST, matches_by_area
from search.progress import answering_model

AT_ONCE = 8  # pictures whose readings are embedded together


def best_of_each(pictures: Sequence[Image.Image], within: Filter = ALL) -> list[Hit | None]:
    """For each picture, RGB or RGBA, of one icon: the likeliest icon, None where it is blank or nothing fits.

    Each picture is taken as a whole: icons are not looked for on it, as they are on a screenshot.
    """
    model = answering_model()
    readings = [model.of_query(picture) for picture in pictures]
    inputs = [network_input for of_picture in readings for network_input, _ in of_picture]
    if not inputs:
        return [None] * len(pictures)
    vectors = model.embed(inputs)
    candidates = nearest_icons(model.id, vectors, NEAREST_AT_LEAST, within)  # the best of each is all that counts
    matches = matches_by_area(model, readings, vectors, candidates)
    return [hits[0] if hits else None for hits in hits_of(matches, [1] * len(matches))]
