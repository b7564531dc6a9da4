"""Which set the icons of a picture are from, told from the matches of its regions."""

import pytest

from icons.models import IconSet
from search.matching.matches import Match
from search.sets_on_picture import SetShare, in_the_light_of_the_set, likely_sets, sets_of

TABLER, LUCIDE, EMOJI = 1, 2, 3
# Icons 10 to 19 are Tabler's, 20 to 29 Lucide's, 30 to 39 emoji.
SET_OF = {icon: icon // 10 for icon in range(10, 40)}


def matches(*scores: tuple[int, float]) -> list[Match]:
    """Matches of icons with these scores."""
    return [Match(icon, score, 0.9) for icon, score in scores]


def test_the_set_that_may_have_all_of_the_icons_comes_first() -> None:
    regions = [
        matches((10, 0.6), (20, 0.55)),
        matches((21, 0.9)),
        matches((32, 0.5), (22, 0.45), (12, 0.1)),
        matches((23, 0.8), (13, 0.1)),
    ]
    assert sets_of(regions, SET_OF)[0] == SetShare(LUCIDE, 4, 4)


def test_repeats_tell_no_more_than_one_of_them() -> None:
    """The same arrow at the end of every row, which another set draws alike, says little against the icons before."""
    arrows = [matches((10, 0.9), (20, 0.3)) for _ in range(20)]
    others = [matches((icon, 0.6), (icon - 10, 0.05)) for icon in (21, 22, 23)]
    shares = sets_of([*arrows, *others], SET_OF)
    assert shares[0].set_id == LUCIDE


def test_regions_without_matches_and_icons_without_a_set_do_not_count() -> None:
    assert sets_of([], SET_OF) == []
    assert sets_of([[], matches((99, 0.9)), matches((10, 0.9))], SET_OF) == [SetShare(TABLER, 1, 2)]


def test_a_look_alike_of_the_set_comes_before_one_from_elsewhere() -> None:
    regions = [matches((21, 0.9)), matches((22, 0.9)), matches((23, 0.9)), matches((30, 0.5), (24, 0.4))]
    ordered = in_the_light_of_the_set(regions, sets_of(regions, SET_OF), SET_OF, {LUCIDE})
    assert [match.icon_id for match in ordered[3]] == [24, 30]
    assert all(0 <= match.score <= 1 for region in ordered for match in region)


def test_what_is_surely_from_elsewhere_stays_first() -> None:
    regions = [matches((21, 0.9)), matches((22, 0.9)), matches((23, 0.9)), matches((30, 0.97), (24, 0.1))]
    assert in_the_light_of_the_set(regions, sets_of(regions, SET_OF), SET_OF, {LUCIDE})[3][0].icon_id == 30


def test_two_icons_or_a_mixture_of_sets_say_nothing_of_each_other() -> None:
    pair = [matches((21, 0.9)), matches((30, 0.5), (24, 0.4))]
    assert in_the_light_of_the_set(pair, sets_of(pair, SET_OF), SET_OF, likely_sets(sets_of(pair, SET_OF))) == pair
    mixed = [matches((21, 0.9)), matches((11, 0.9)), matches((31, 0.9)), matches((32, 0.5), (24, 0.4))]
    shares = [SetShare(LUCIDE, 1, 4)]
    assert in_the_light_of_the_set(mixed, shares, SET_OF, likely_sets(shares)) == mixed


@pytest.mark.django_db
def test_the_siblings_of_a_set_are_likely_as_well() -> None:
    """A page with Font Awesome's solid icons has its brands beside them, and no other set's that begins alike."""
    titles = {
        "fa6-solid": "Font Awesome 6 Solid",
        "fa6-brands": "Font Awesome 6 Brands",
        "fa-solid": "Font Awesome 5 Solid",
    }
    sets = {prefix: IconSet.objects.create(prefix=prefix, title=title) for prefix, title in titles.items()}
    alone = IconSet.objects.create(prefix="tabler", title="Tabler")
    assert set(likely_sets([SetShare(sets["fa6-solid"].pk, 3, 4)]).values()) == {"fa6-solid", "fa6-brands"}
    assert set(likely_sets([SetShare(alone.pk, 3, 4)]).values()) == {"tabler"}
    assert likely_sets([SetShare(alone.pk, 1, 4)]) == {} == likely_sets([SetShare(alone.pk, 2, 2)])
