"""What the start page shows of the library: the sets in one look, and which icons are new."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q
from django.utils import timezone

from icons.models import Icon, IconSet
from icons.set_samples import SAMPLE, SampleRow, SetSummary, add_samples, summarise_sets

AT_A_GLANCE = 12  # sets on the start page
NEW_SETS = 3  # sets whose new icons are shown there
NEW_FOR = timedelta(days=30)  # after it was imported, an icon is new


@dataclass
class NewIcons:
    """The icons that a set got lately."""

    icon_set: IconSet
    number: int
    latest: datetime  # when the last of them came
    row: SampleRow = field(init=False)

    def __post_init__(self) -> None:
        """Give the set a row without icons."""
        self.row = SampleRow(f"{self.icon_set.prefix}:new")


def sets_at_a_glance() -> list[SetSummary]:
    """Sets with their samples: one's own first, then those that are used most."""

    def place(summary: SetSummary) -> tuple[bool, int, str]:
        usage = summary.icon_set.usage_or_known
        return usage is not None, -(usage or 0), summary.icon_set.prefix

    summaries = sorted((summary for summary in summarise_sets() if summary.total), key=place)[:AT_A_GLANCE]
    add_samples(summaries)
    return summaries


def new_icons() -> list[NewIcons]:
    """The sets that got icons within NEW_FOR, the last one first, each with some of its new icons."""
    is_new = Q(icons__hidden=False, icons__created_at__gt=timezone.now() - NEW_FOR)
    sets = IconSet.objects.annotate(
        number=Count("icons", filter=is_new), latest=Max("icons__created_at", filter=is_new)
    ).filter(number__gt=0)
    chosen = [NewIcons(each, each.number, each.latest) for each in sets.order_by("-latest", "prefix")[:NEW_SETS]]
    for new in chosen:
        icons = Icon.objects.visible().filter(set=new.icon_set).order_by("-created_at", "-pk")
        new.row.icons = list(icons.only("name", "svg_hash", "coloured", "pale", "set")[:SAMPLE])
    return chosen
