"""Which icons took the place of hidden ones: sets hide what they have renamed or redrawn."""

from collections.abc import Iterator, Sequence

from django.db.models import Q

from icons.models import Icon
from icons.variants import variant_of

# Words that names of one drawing begin or end with in one version of a set and not in another. Ionicons had `ios-add`
# and `md-add` before `add`, Octicons `alert` before `alert-16` and `alert-24`.
PLATFORMS = ("ios", "md", "android")
ENDINGS = ("alt", "old", "variant", "var", *"abc123456789")
ADDED = ("24", "16", "outline", "line", "regular", "24-regular", "fill", "filled")


def replacements(icons: Sequence[Icon]) -> dict[int, Icon]:
    """By the id of each hidden icon among these, the visible one of its set that took its place, if a name tells it.

    Names of the same stem tell it, and names that the visible icon also has. At most one query.
    """
    names_of = {icon: list(_names(icon.name)) for icon in icons if icon.hidden}
    if not names_of:
        return {}
    condition = Q()
    for icon, names in names_of.items():
        condition |= Q(Q(name__in=names) | Q(aliases__overlap=names), set_id=icon.set_id)
    visible = list(Icon.objects.visible().filter(condition).select_related("set").defer("svg").order_by("pk"))
    replaced_by: dict[int, Icon] = {}
    for icon, names in names_of.items():
        places = {
            name: other
            for other in reversed(visible)
            if other.set_id == icon.set_id
            for name in (*other.aliases, other.name)
        }
        if name := next((name for name in names if name in places), None):
            replaced_by[icon.pk] = places[name]
    return replaced_by


def _names(name: str) -> Iterator[str]:
    """The names that an icon of this name may have today, the likeliest first; the name itself may be another's alias.

    >>> list(_names("md-add-2"))[::9]
    ['md-add-2', 'md-add', 'add']
    """
    for stem in _stems(name):
        yield stem
        yield from (f"{stem}-{variant}" for variant in ADDED)


def _stems(name: str) -> Iterator[str]:
    yield name
    first, _, rest = name.partition("-")
    start, _, last = name.rpartition("-")
    variant = variant_of(name)
    if start and last in ENDINGS:
        yield from _stems(start)
    elif rest and first in PLATFORMS:
        yield from _stems(rest)
    elif variant and name != variant:
        yield from _stems(name.removesuffix(f"-{variant}"))
