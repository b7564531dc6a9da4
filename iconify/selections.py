"""Which icons are to be exported: sets, those of a bag, or what a search by words finds."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from iconify.exporting import Selection
from icons.models import Icon, IconSet
from search.words.look_up import rank_by_words

MOST_MATCHES = 100_000  # icons of a query


def all_sets() -> list[Selection]:
    """All sets. Raises ValidationError where there are none."""
    selections = [Selection(icon_set) for icon_set in IconSet.objects.order_by("prefix")]
    if not selections:
        raise ValidationError(_("There are no icon sets yet."))
    return selections


def sets_named(prefixes: Iterable[str]) -> list[Selection]:
    """The sets of these prefixes, in this order. Raises ValidationError where there is none of one."""
    wanted = list(dict.fromkeys(prefixes))
    sets = {icon_set.prefix: icon_set for icon_set in IconSet.objects.filter(prefix__in=wanted)}
    for prefix in wanted:
        if prefix not in sets:
            raise ValidationError(_("There is no icon set “%s”.") % prefix[:100])
    return [Selection(sets[prefix]) for prefix in wanted]


def icons_of_bag(key: str) -> list[Selection]:
    """The icons of the bag with this key, by set. Raises ValidationError where there are none."""
    # This app does not import that of the bags; the database knows the way.
    selections = of_icons(Icon.objects.filter(bagicon__bag__key=key).values_list("pk", flat=True))
    if not selections:
        raise ValidationError(_("There is no such bag, or it is empty."))
    return selections


def icons_of_query(words: str) -> list[Selection]:
    """The icons that a search by these words finds, by set. Raises ValidationError where there are none."""
    selections = of_icons([pk for pk, _score in rank_by_words(words, MOST_MATCHES)])
    if not selections:
        raise ValidationError(_("No icon is found for these words."))
    return selections


def of_icons(pks: Iterable[int]) -> list[Selection]:
    """The icons with these ids in the database, by set."""
    by_set: dict[int, set[int]] = defaultdict(set)
    for pk, set_pk in Icon.objects.filter(pk__in=list(pks)).values_list("pk", "set_id"):
        by_set[set_pk].add(pk)
    sets = IconSet.objects.filter(pk__in=by_set).order_by("prefix")
    return [Selection(icon_set, frozenset(by_set[icon_set.pk])) for icon_set in sets]


def count(selections: Sequence[Selection]) -> int:
    """How many icons are to be exported."""
    whole = [selection.icon_set.pk for selection in selections if selection.pks is None]
    parts = sum(len(selection.pks) for selection in selections if selection.pks is not None)
    return Icon.objects.filter(set__in=whole).count() + parts
