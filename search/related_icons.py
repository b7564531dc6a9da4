"""Icons related to an icon: the same drawing in other sets, variants, similar ones; the sets that have most of several.

What shows the same subject is told by names, what looks similar by vectors.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np
from django.db.models import Q

from icons.models import Icon, IconSet
from icons.variants import stem_of
from search.filters import LISTED
from search.matching.features import correlatable
from search.matching.matches import Candidate
from search.matching.signature import unpack
from search.models import EARLIER, IconVector
from search.nearest import nearest_icons
from search.progress import answering_model

# Two icons are the same drawing from this inner product of their vectors and this correlation of their pixels on:
# bx:home is tabler:home (0.90 and 0.95), octicon:heart is ph:heart (0.90 and 0.97), gravity-ui:house is neither.
SAME_VECTOR, SAME_SHAPE = 0.9, 0.93
SAME_SUBJECT = 0.65  # the inner product from which on two icons show the same thing in much the same way
MOST_COMPARED = 64  # icons whose like is looked for in all sets
NEAREST_EACH = 96  # icons that are looked at for each of these
MOST_VARIANTS = 12  # of an icon; some sets have a hundred


@dataclass(frozen=True)
class RelatedIcons:
    """What is related to an icon, the most similar first."""

    same_drawing: list[Icon] = field(default_factory=list)  # in other sets
    similar: list[Icon] = field(default_factory=list)  # all others: variants, then what shows the same subject


def related_to(icon: Icon, limit: int) -> RelatedIcons:
    """Up to `limit` icons related to this one, which is left out; none while it is not indexed.

    Variants come first, then those near it whose names have its stem in them, then the others, the nearest first.
    """
    model = answering_model()
    rows = IconVector.objects.filter(icon=icon, model=model.id, rendition__lt=EARLIER, vector__isnull=False)
    renditions = list(rows.order_by("rendition").values_list("vector", "signature"))
    if not renditions:
        return RelatedIcons()
    vectors = np.array([vector for vector, _ in renditions], np.float32)
    # An icon has up to three rows, so that as many candidates may be one icon; the icon itself is among them.
    candidates = nearest_icons(model.id, vectors, 3 * (limit + 1), LISTED)
    nearest = [candidate for candidate in _best_of_each_icon(candidates) if candidate.icon_id != icon.pk][:limit]
    same = _same_drawings(bytes(renditions[0][1]), nearest)
    icons = Icon.objects.select_related("set").defer("svg").in_bulk([candidate.icon_id for candidate in nearest])
    # One of these may have been deleted meanwhile.
    neighbours = [icons[candidate.icon_id] for candidate in nearest if candidate.icon_id in icons]
    same_drawing = [near for near in neighbours if near.pk in same and near.set_id != icon.set_id]
    others = [near for near in neighbours if near not in same_drawing]
    variants = _variants(icon, others)
    subject = _words_of(icon)
    others.sort(key=lambda near: not subject <= _words_of(near))
    similar = list(dict.fromkeys([*variants, *others]))
    return RelatedIcons(same_drawing, similar[: limit - len(same_drawing)])


def _words_of(icon: Icon) -> set[str]:
    """The words of the stem of an icon's name."""
    return set(stem_of(icon.name).split("-"))


def _variants(icon: Icon, neighbours: Sequence[Icon]) -> list[Icon]:
    """Up to MOST_VARIANTS icons of the same set and stem, those among its neighbours first, in their order."""
    stem = stem_of(icon.name)
    named = Q(name=stem) | Q(name__startswith=f"{stem}-") | Q(name__endswith=f"-{stem}")
    of_set = Icon.objects.visible().filter(named, set=icon.set_id).exclude(pk=icon.pk)
    pks = [pk for pk, name in of_set.order_by("name").values_list("pk", "name") if stem_of(name) == stem]
    place = {neighbour.pk: number for number, neighbour in enumerate(neighbours)}
    pks.sort(key=lambda pk: place.get(pk, len(place)))
    icons = Icon.objects.select_related("set").defer("svg").in_bulk(pks[:MOST_VARIANTS])
    return [icons[pk] for pk in pks if pk in icons]


def _best_of_each_icon(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Each icon once, with its largest inner product, the largest first."""
    best: dict[int, Candidate] = {}
    for candidate in sorted(candidates, key=lambda candidate: -candidate.inner_product):
        best.setdefault(candidate.icon_id, candidate)
    return list(best.values())


def _same_drawings(signature: bytes, candidates: Sequence[Candidate]) -> set[int]:
    """The ids of the candidates that are the same drawing as the one of this signature."""
    close = [near for near in candidates if near.inner_product >= SAME_VECTOR and near.signature]
    if not signature or not close:
        return set()
    drawings = unpack([signature, *(near.signature for near in close)])
    shapes = correlatable(drawings.ink.reshape(len(drawings.ink), -1))
    same = (shapes[1:] @ shapes[0] >= SAME_SHAPE) & (drawings.coloured[1:] == drawings.coloured[0])
    return {near.icon_id for near, is_same in zip(close, same, strict=True) if is_same}


def sets_holding(icons: Collection[Icon], limit: int) -> list[tuple[IconSet, int]]:
    """The sets that have most of the first MOST_COMPARED of these icons, or their like, and how many they have.

    Of sets that have equally many, those come first that the icons themselves are of.
    """
    numbers_by_set = _numbers_by_set([icon.pk for icon in icons][:MOST_COMPARED])
    own = Counter(icon.set_id for icon in icons)
    first = sorted(numbers_by_set, key=lambda pk: (-len(numbers_by_set[pk]), -own[pk], pk))[:limit]
    sets = IconSet.objects.in_bulk(first)
    return [(sets[pk], len(numbers_by_set[pk])) for pk in first if pk in sets]


def _numbers_by_set(pks: Sequence[int]) -> dict[int, set[int]]:
    """For each set that has the like of one of these icons: the numbers of these, counted among the indexed ones."""
    model = answering_model()
    rows = IconVector.objects.filter(icon__in=pks, model=model.id, rendition=0, vector__isnull=False)
    vectors = dict(rows.values_list("icon_id", "vector"))
    if not vectors:
        return {}
    candidates = nearest_icons(model.id, np.array(list(vectors.values()), np.float32), NEAREST_EACH, LISTED)
    close = [candidate for candidate in candidates if candidate.inner_product >= SAME_SUBJECT]
    close_pks = {candidate.icon_id for candidate in close}
    set_of = dict(Icon.objects.filter(pk__in=close_pks).values_list("pk", "set_id"))
    numbers_by_set: dict[int, set[int]] = defaultdict(set)
    for candidate in close:
        if candidate.icon_id in set_of:
            numbers_by_set[set_of[candidate.icon_id]].add(candidate.query)
    return numbers_by_set
