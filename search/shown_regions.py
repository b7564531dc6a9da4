"""How a page shows the icons on a picture: outlined on it, and in a list in which repeats stand once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from PIL import Image

from search.areas import REGION_MARGIN
from search.detection.regions import Region
from search.picture_search import RegionAnswer
from search.vision.crops import widened, written

Address = Callable[[str], str]  # from a crop to the address of the search for it


@dataclass(frozen=True)
class Outline:
    """A place on the picture, as the page outlines it."""

    box: list[str]  # x, y, width, height in fractions of the picture, clear of what is drawn there
    crop: str  # the same, as a search for this place takes it
    address: str  # of the search for this place
    label: str  # what it may be
    name: str  # of its best icon, where that is known
    chosen: bool
    sure: bool  # else the person is asked whether it is an icon


@dataclass
class RegionGroup:
    """A region in the list of the page, and those that look the same."""

    answer: RegionAnswer
    number: int  # in reading order, from 1
    crop: str  # that a search for this region takes
    address: str  # of that search
    repeats: list[int] = field(default_factory=list)  # the numbers of the others

    @property
    def count(self) -> int:
        """How often the icon is on the picture."""
        return 1 + len(self.repeats)


def crop_of(region: Region, picture: Image.Image) -> str:
    """The crop that a search for a region needs: the region with a margin."""
    return written(widened(region.box, picture.size, REGION_MARGIN))


def outlines(
    sure: Sequence[Region],
    perhaps: Sequence[Region],
    names: Sequence[str],
    picture: Image.Image,
    address: Address,
    chosen: Callable[[int, str], bool],
) -> list[Outline]:
    """The outlines of all places: those that are sure, with the names of their icons where known, and the others.

    `chosen` tells, for the index of a sure place and its crop, whether the results are those of it.
    """
    shown = []
    for index, region in enumerate([*sure, *perhaps]):
        crop, is_sure = crop_of(region, picture), index < len(sure)
        number = {"number": index + 1, "total": len(sure)}
        label = _("Icon %(number)s of %(total)s in the picture") % number if is_sure else _("Is it this part?")
        name = names[index] if index < len(names) else ""
        if name:
            label = f"{label}: {name}"
        shown.append(
            Outline(crop.split(","), crop, address(crop), label, name, is_sure and chosen(index, crop), is_sure)
        )
    return shown


def grouped(answers: Sequence[RegionAnswer], picture: Image.Image, address: Address) -> list[RegionGroup]:
    """The answers in reading order; those whose best icon is the same stand once."""
    groups: dict[int, RegionGroup] = {}
    for number, answer in enumerate(answers, 1):
        if not answer.hits:
            continue
        first = answer.hits[0].icon.pk
        if first in groups:
            groups[first].repeats.append(number)
        else:
            crop = crop_of(answer.region, picture)
            groups[first] = RegionGroup(answer, number, crop, address(crop))
    return list(groups.values())
