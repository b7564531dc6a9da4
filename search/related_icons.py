"""Icons like an icon: the same drawing in other sets, similar ones, and sets that hold the like of several."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np

from icons.models import Icon, IconSet
from search.matching.features import correlatable
from search.matching.ranking import Candidate
from search.matching.signature import unpack
from search.models import IconVector
from search.nearest import nearest_icons
from search.progress import answering_model

# Two icons are the same drawing from this inner product and this correlation of their pixels on: bx:home is
# tabler:home (0.90 and 0.95) and octicon:heart is ph:heart (0.90 and 0.97), but gravity-ui:house is another.
SAME_VECTOR, SAME_SHAPE = 0.9, 0.93
LIKE = 0.65  # the inner product from which on two icons show the same thing in much the same way
MOST_ASKED = 64  # icons of which the like is looked for in all sets
NEAREST_EACH = 96  # icons looked at for each of these


@dataclass(frozen=True)
class Alike:
    same: list[Icon] = field(default_factory=list)  # the same drawing in other sets, the most alike first
    similar: list[Icon] = field(default_factory=list)  # all others


def like(icon: Icon, limit: int) -> Alike:
    """Up to `limit` icons like this one, itself left out; none while it is not indexed."""
    model = answering_model()
    own = IconVector.objects.filter(icon=icon, model=model.id, vector__isnull=False).order_by("rendition")
    renditions = list(own.values_list("vector", "signature"))
    if not renditions:
        return Alike()
    # Up to three rows of each icon may be found, its own among them.
    found = nearest_icons(model.id, np.array([vector for vector, _ in renditions], np.float32), 3 * (limit + 1))
    near = [one for one in _once(found) if one.icon_id != icon.pk][:limit]
    same = _same_drawings(bytes(renditions[0][1]), near)
    icons = Icon.objects.select_related("set").defer("svg").in_bulk([one.icon_id for one in near])
    answer = Alike()
    for one in near:
        if other := icons.get(one.icon_id):  # it may have been deleted meanwhile
            elsewhere = one.icon_id in same and other.set_id != icon.set_id
            (answer.same if elsewhere else answer.similar).append(other)
    return answer


def _once(found: Sequence[Candidate]) -> list[Candidate]:
    """Each icon once, with its largest inner product, that one first."""
    best: dict[int, Candidate] = {}
    for one in sorted(found, key=lambda one: -one.inner_product):
        best.setdefault(one.icon_id, one)
    return list(best.values())


def _same_drawings(signature: bytes, near: Sequence[Candidate]) -> set[int]:
    close = [one for one in near if one.inner_product >= SAME_VECTOR and one.signature]
    if not signature or not close:
        return set()
    seen = unpack([signature, *(one.signature for one in close)])
    shapes = correlatable(seen.ink.reshape(len(seen.ink), -1))
    alike = (shapes[1:] @ shapes[0] >= SAME_SHAPE) & (seen.coloured[1:] == seen.coloured[0])
    return {one.icon_id for one, is_same in zip(close, alike, strict=True) if is_same}


def sets_holding(icons: Collection[Icon], limit: int) -> list[tuple[IconSet, int]]:
    """The sets that hold most of these icons, or their like, and how many; of the first MOST_ASKED icons.

    Of sets that hold as many, those come first that the icons are of.
    """
    model, asked = answering_model(), [icon.pk for icon in icons][:MOST_ASKED]
    rows = IconVector.objects.filter(icon__in=asked, model=model.id, rendition=0, vector__isnull=False)
    vectors = dict(rows.values_list("icon_id", "vector"))
    if not vectors:
        return []
    found = nearest_icons(model.id, np.array(list(vectors.values()), np.float32), NEAREST_EACH)
    near = [one for one in found if one.inner_product >= LIKE]
    set_of = dict(Icon.objects.filter(pk__in={one.icon_id for one in near}).values_list("pk", "set_id"))
    held: dict[int, set[int]] = defaultdict(set)
    for one in near:
        if one.icon_id in set_of:
            held[set_of[one.icon_id]].add(one.query)
    own = Counter(icon.set_id for icon in icons)
    most = sorted(held, key=lambda pk: (-len(held[pk]), -own[pk], pk))[:limit]
    sets = IconSet.objects.in_bulk(most)
    return [(sets[pk], len(held[pk])) for pk in most if pk in sets]
