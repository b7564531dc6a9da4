"""Which of many pictures, each of one icon, the library has: they share the network's batches and the query."""

from collections.abc import Sequence

from PIL import Image

from search.areas import NEAREST_AT_LEAST, search_pictures
from search.filters import ALL, Filter
from search.hits import Hit, hits_of
from search.progress import answering_model
from search.stroke_widths import with_other_widths

AT_ONCE = 8  # pictures whose readings are embedded together


def best_of_each(pictures: Sequence[Image.Image], within: Filter = ALL) -> list[Hit | None]:
    """For each picture, RGB or RGBA, of one icon: the likeliest icon, None where it is blank or nothing fits.

    Each picture is taken as a whole: icons are not looked for on it, as they are on a screenshot.
    """
    if not pictures:
        return []
    model = answering_model()
    areas = with_other_widths(model, search_pictures(model, pictures, NEAREST_AT_LEAST, within), within)
    return [hits[0] if hits else None for hits in hits_of([area.matches for area in areas], [1] * len(areas))]
