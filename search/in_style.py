"""Icons that words find, in the style of a picture: so somebody who has one icon of a set finds the rest of it."""

from collections import defaultdict

from icons.models import Icon
from search.filters import Filter
from search.hits import Hit
from search.models import IconStyle
from search.picture_search import Answer, ReadPicture
from search.words.look_up import rank_by_words

POOL = 600  # icons that the words find and that are ordered by the picture, too
HITS = 24  # icons found by the picture alone, whose sets and style count
# What the likeliest set of the picture and the style of its icon are worth, in steps of the score of a search by words,
# where 3 part an icon of that very name from one with further words in its name.
WORTH_OF_SET, WORTH_OF_STYLE = 4, 1


def icons_in_style(picture: ReadPicture, within: Filter, limit: int) -> list[Icon]:
    """At most `limit` icons that fit the words and the other filters, those first that also suit the picture.

    An icon suits it if its set has what the picture shows, or comes close to that, and if it is of the same style."""
    found = rank_by_words(within.text, POOL, within.resolve_for_words())
    if not found:
        return []
    answer = picture.search(HITS)
    hits = [*answer.hits, *(hit for region in answer.regions for hit in region.hits)]
    likelihood = _likelihood_of_sets(answer, hits)
    styles = dict(IconStyle.objects.filter(icon__in=[pk for pk, _ in found]).values_list("icon", "style"))
    style = IconStyle.objects.filter(icon=hits[0].icon).values_list("style", flat=True).first() if hits else None
    icons = Icon.objects.select_related("set").defer("svg").in_bulk([pk for pk, _ in found])

    def place(row: tuple[int, int]) -> float:
        pk, score = row
        of_style = style is not None and styles.get(pk) == style
        return score - WORTH_OF_SET * likelihood.get(icons[pk].set_id, 0) - WORTH_OF_STYLE * of_style

    best_first = sorted((row for row in found if row[0] in icons), key=place)
    return [icons[pk] for pk, _ in best_first[:limit]]


def _likelihood_of_sets(answer: Answer, hits: list[Hit]) -> dict[int, float]:
    """By id of the set, from 0 to 1: how likely the picture is from it, compared with the likeliest set."""
    likelihood: dict[int, float] = defaultdict(float)
    for hit in hits:
        for icon in (hit.icon, *hit.twins):
            likelihood[icon.set_id] = max(likelihood[icon.set_id], hit.score)
    for share in answer.sets:
        likelihood[share.set.pk] += share.icons / share.of
    most = max(likelihood.values(), default=0)
    return {pk: value / most for pk, value in likelihood.items()} if most else {}
