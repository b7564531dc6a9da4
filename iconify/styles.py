"""Whether icons are painted with fills or with strokes, for searches that want one of them.

It is told by the attributes `fill` and `stroke` alone, as Iconify's own server tells it.
"""

from dataclasses import dataclass

from django.db.models import BooleanField, ExpressionWrapper, Q

from iconify.listing import Entry
from iconify.served_set import ServedSet
from icons.models import Icon

MIXED = "mixed"
# A value that paints; the attribute's name is written so in every cleaned drawing.
PAINTS = '{}="(?!(none|transparent|inherit)?")[^"]'


@dataclass(frozen=True)
class Styles:
    """The style of a set: "fill", "stroke" or MIXED, or nothing where none can be told; and that of its entries."""

    style: str
    entries: dict[int, str]  # by the entry's number in the set's keywords

    def of_entry(self, number: int) -> str:
        """The style of the entry, or nothing where it cannot be told."""
        return self.entries.get(number, "")


_known: dict[int, tuple[ServedSet, Styles]] = {}  # by the set's id, with the set that they were read of


def styles_of(served: ServedSet) -> Styles:
    """The styles of a set as it is served now, read from its drawings the first time."""
    known = _known.get(served.pk)
    if known is None or known[0] is not served:
        known = _known[served.pk] = served, _read(served)
    return known[1]


def _read(served: ServedSet) -> Styles:
    def paints(attribute: str) -> ExpressionWrapper:
        return ExpressionWrapper(Q(svg__iregex=PAINTS.format(attribute)), output_field=BooleanField())

    rows = Icon.objects.filter(set_id=served.pk, hidden=False).annotate(fills=paints("fill"), strokes=paints("stroke"))
    style_of_icon = {
        name: ("stroke" if strokes else "fill") if strokes != fills else ""
        for name, fills, strokes in rows.values_list("name", "fills", "strokes")
    }
    visible = [name for name in served.listing.icons() if name in served.ids]
    styles = {style_of_icon.get(name, "") for name in visible}
    # One style of all; where icons of no style are among them, the original calls that mixed, too.
    style = styles.pop() if len(styles) == 1 else MIXED if styles - {""} else ""
    entries = {
        number: style_of_icon.get(_drawn(served, entry), "") for number, entry in enumerate(served.keywords.entries)
    }
    return Styles(style, entries)


def _drawn(served: ServedSet, entry: Entry) -> str:
    """The icon whose drawing the entry shows."""
    name = entry.names[0]
    while name in served.aliases:
        name = served.aliases[name]["parent"]
    return name
