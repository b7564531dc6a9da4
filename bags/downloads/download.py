"""What somebody downloads: the icons, how they are to look, what the files are called, and how long it may take."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from icons.exporting.look import PLAIN, Look
from icons.exporting.strokes import at_stroke
from icons.models import Icon
from icons.names import UniqueNames

PNG_SIDE = 128  # px, the size of a picture if none is asked for

T = TypeVar("T")


def _default_deadline() -> float:
    return time.monotonic() + settings.BAG_SECONDS


@dataclass(frozen=True)
class Download:
    """Icons with their sets, in the bag's order, and what to make of them.

    `name` is what the file, the font or the package is called, in the form of `icons.names`. `deadline` is a
    time.monotonic() value in seconds, by default BAG_SECONDS from now; every loop over icons or files keeps it.
    """

    icons: Sequence[Icon]
    name: str = "icons"
    look: Look = PLAIN
    colour_glyphs: bool = False  # whether icons of several colours keep them in a font
    # Called, from any thread, with the number of icons that have just been drawn or traced, which takes longest.
    on_progress: Callable[[int], None] = lambda count: None
    deadline: float = field(default_factory=_default_deadline)

    def in_time(self, items: Iterable[T]) -> Iterator[T]:
        """The items one by one. Raises ValidationError in place of the next one when the deadline is over."""
        for item in items:
            self.check_deadline()
            yield item

    def check_deadline(self) -> None:
        """Raises ValidationError if the deadline is over."""
        if time.monotonic() >= self.deadline:
            raise took_too_long()


def took_too_long() -> ValidationError:
    """The error of a download that is not ready at its deadline.

    Its sentence is translated when it is shown: a thread that raises it does not know the visitor's language.
    """
    return ValidationError(_("This download takes too long. Choose fewer icons or a smaller size."))


def with_strokes(icons: Iterable[Icon], strokes: Mapping[int, float]) -> list[Icon]:
    """The icons, those that have a stroke width of their own, by their ids, drawn with it."""
    drawn = list(icons)
    for icon in drawn:
        if (width := strokes.get(icon.pk)) is not None:
            icon.svg = at_stroke(icon.svg, width)
    return drawn


def long_names(icons: Sequence[Icon]) -> list[str]:
    """`prefix-name` for each icon, with a number after it if another icon has the same."""
    names = UniqueNames()
    return [names.pick(f"{icon.set.prefix}-{icon.name}") for icon in icons]


def short_names(icons: Sequence[Icon]) -> list[str]:
    """`name` for each icon that shares it with no other one, else `prefix-name`; no two are the same."""
    counts, names = Counter(icon.name for icon in icons), UniqueNames()
    return [names.pick(icon.name if counts[icon.name] == 1 else f"{icon.set.prefix}-{icon.name}") for icon in icons]
