"""What the list of sets shows for each set: how many icons it has, and a sample of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Count, OuterRef
from django.db.models.expressions import Subquery
from django.db.models.functions import Coalesce

from icons.models import Icon, IconSet

SAMPLE = 6  # icons that stand for a set in the list
SIDE, PITCH = 32, 44  # px: the side of an icon in a row, and from one icon to the next
# Things that most sets have a drawing of; those that show most of a set's style come first.
MOTIFS = [
    *("home", "user", "search", "settings", "heart", "star", "bell", "camera", "calendar", "trash", "cloud"),
    *("lock", "mail", "sun", "gift", "rocket", "cat"),
]

# For each set and motif, the first name from the motif on is read from the index. Names that begin with a motif come
# first, in the order of the motifs; then names that merely follow one; then the first names of the set.
_SAMPLES = """
SELECT sample.id, sample.set_id, sample.name, sample.svg_hash, sample.coloured, sample.pale
FROM unnest(%(sets)s::bigint[]) AS chosen (pk) CROSS JOIN LATERAL (
    SELECT * FROM (
        SELECT DISTINCT ON (name) * FROM (
            (SELECT nearest.*, motif.place + CASE WHEN starts_with(nearest.name, motif.text) THEN 0 ELSE 100 END AS rank
             FROM unnest(%(motifs)s::text[]) WITH ORDINALITY AS motif (text, place) CROSS JOIN LATERAL (
                SELECT id, set_id, name, svg_hash, coloured, pale FROM icons_icon
                WHERE set_id = chosen.pk AND NOT hidden AND name >= motif.text ORDER BY name LIMIT 1) AS nearest)
            UNION ALL
            (SELECT id, set_id, name, svg_hash, coloured, pale, 200 FROM icons_icon
             WHERE set_id = chosen.pk AND NOT hidden ORDER BY name LIMIT %(sample)s)
        ) AS candidate ORDER BY name, rank
    ) AS distinct_candidate ORDER BY rank, name LIMIT %(sample)s
) AS sample ORDER BY sample.set_id, sample.rank, sample.name
"""


@dataclass
class SampleRow:
    """Icons side by side, which a page shows as one picture."""

    key: str  # that no other row of a sheet has
    icons: list[Icon] = field(default_factory=list)
    address: str = ""  # of the picture: a row of a sheet

    @property
    def width(self) -> int:
        """The width of the picture, px."""
        return PITCH * (len(self.icons) - 1) + SIDE if self.icons else 0

    @property
    def ground(self) -> str:
        """The class of the picture, which says what it wants behind it: "", "pale" or "coloured"."""
        if self.icons and all(icon.pale for icon in self.icons):
            return "pale"
        return "coloured" if any(icon.coloured or icon.pale for icon in self.icons) else ""


@dataclass
class SetSummary:
    """A set as the list of sets shows it."""

    icon_set: IconSet
    total: int  # visible icons
    row: SampleRow = field(init=False)

    def __post_init__(self) -> None:
        """Give the set a row without icons."""
        self.row = SampleRow(self.icon_set.prefix)


def summarise_sets() -> list[SetSummary]:
    """All sets by prefix, without samples."""
    # A subquery for each set, rather than one join, is answered from an index alone, whatever the planner estimates.
    total = Icon.objects.visible().filter(set=OuterRef("pk")).order_by().values("set").values(total=Count("*"))
    sets = IconSet.objects.annotate(total=Coalesce(Subquery(total), 0))
    return [SetSummary(icon_set, icon_set.total) for icon_set in sets]


def add_samples(summaries: Sequence[SetSummary]) -> None:
    """Give each set its sample, up to SAMPLE of its visible icons; takes one query."""
    by_pk = {summary.icon_set.pk: summary for summary in summaries}
    for icon in Icon.objects.raw(_SAMPLES, {"sets": list(by_pk), "motifs": MOTIFS, "sample": SAMPLE}):
        summary = by_pk[icon.set_id]
        icon.set = summary.icon_set  # spares a query
        summary.row.icons.append(icon)
