"""What somebody downloads: the icons, how they are to look, and what the files are called."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from icons.exporting.look import PLAIN, Look
from icons.models import Icon
from icons.names import UniqueNames

PNG_SIDE = 128  # pixels, where nothing else is asked for


def _some_time() -> float:
    return time.monotonic() + settings.BAG_SECONDS


@dataclass(frozen=True)
class Wanted:
    """Icons with their sets, in the bag's order; `name` is of the form of icons.names; `deadline` monotonic."""

    icons: Sequence[Icon]
    name: str = "icons"
    look: Look = PLAIN
    deadline: float = field(default_factory=_some_time)


def took_too_long() -> ValidationError:
    return ValidationError(
        _("This would take longer than %(seconds)s seconds: take fewer icons, or smaller pictures.")
        % {"seconds": settings.BAG_SECONDS}
    )


def long_names(icons: Sequence[Icon]) -> list[str]:
    """`prefix-name` of each, numbered where two would be the same."""
    names = UniqueNames()
    return [names.pick(f"{icon.set.prefix}-{icon.name}") for icon in icons]


def short_names(icons: Sequence[Icon]) -> list[str]:
    """`name` of each where no other icon has it, else `prefix-name`; no two are the same."""
    often, names = Counter(icon.name for icon in icons), UniqueNames()
    return [names.pick(icon.name if often[icon.name] == 1 else f"{icon.set.prefix}-{icon.name}") for icon in icons]
