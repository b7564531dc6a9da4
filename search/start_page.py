"""What the start page shows before anybody has searched: examples, the library, and how far the indexing is."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from icons.highlights import new_icons, sets_at_a_glance
from icons.models import IconSet
from icons.sample_sheets import START, place_on_sheet
from search.model_choice import active_model
from search.progress import answering_model, count_icons, findable_icons

KEPT_FOR = 60  # seconds for which the start page does not count the icons again
KEPT_WHILE_INDEXING = 2  # seconds


@dataclass(frozen=True)
class Example:
    """A picture of the site's own, for somebody who has none at hand."""

    key: str
    title: str | Promise
    width: int  # px, of the page
    height: int  # px, of the page
    is_sketch: bool = False

    @property
    def file(self) -> str:
        """Its static file."""
        return f"examples/{self.key}.png"

    def read(self) -> bytes:
        """Its contents."""
        return (Path(settings.BASE_DIR) / "static" / self.file).read_bytes()


EXAMPLES = {
    example.key: example
    for example in (
        Example("toolbar", _("A toolbar"), 515, 47),
        Example("button", _("A button with a label"), 269, 74),
        Example("sketch", _("A sketch"), 74, 74, is_sketch=True),
    )
}


def start_context() -> dict[str, Any]:
    """The context of the start page; what has to be counted is kept in the cache."""
    if (library := cache.get("start-page")) is None:
        library = _library()
        cache.set("start-page", library, KEPT_WHILE_INDEXING if library["pending"] else KEPT_FOR)
    return {"examples": EXAMPLES.values(), "library": library}


def _library() -> dict[str, Any]:
    counts = count_icons(active_model().id)
    glance, new = sets_at_a_glance(), new_icons()
    place_on_sheet(START, [*(summary.row for summary in glance), *(each.row for each in new)])
    return {
        "icons": findable_icons(answering_model().id),
        "sets": IconSet.objects.count(),
        "pending": counts.pending,
        "indexed": counts.finished,
        "total": counts.finished + counts.pending,
        "glance": glance,
        "new": new,
    }
