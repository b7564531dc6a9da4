"""The order among icons that look the same, without a database."""

from dataclasses import replace

from icons.models import Icon, IconSet
from icons.set_usage import known_usage, usage_or_known
from search.matching.matches import Match, Twin
from search.preference import cards, log_prior, preference

OWN = IconSet(pk=1, prefix="acme")
LUCIDE, FEATHER, UNKNOWN = IconSet(pk=2, prefix="lucide"), IconSet(pk=3, prefix="feather"), IconSet(pk=4, prefix="bpmn")


def icon(pk: int, icon_set: IconSet, **fields: bool) -> Icon:
    return Icon(pk=pk, set=icon_set, name=f"icon-{pk}", **fields)


def shown(matches: list[Match], *icons: Icon) -> list[list[int]]:
    """The ids of the icons on each card."""
    return [[member.pk for member in card.icons] for card in cards(matches, {member.pk: member for member in icons})]


def test_usage_is_known_of_public_sets() -> None:
    assert known_usage()["lucide"] > known_usage()["feather"] > known_usage()["zmdi"] > known_usage()["bpmn"] == 0
    assert FEATHER.usage_or_known == known_usage()["feather"] and OWN.usage_or_known is None
    assert IconSet(prefix="feather", usage=5).usage_or_known == IconSet(prefix="acme", usage=5).usage_or_known == 5


def test_own_visible_suiting_and_used_icons_come_first() -> None:
    order = [
        (icon(9, OWN), True),
        (icon(8, OWN, hidden=True), True),
        (icon(7, LUCIDE), True),
        (icon(1, FEATHER), True),
        (icon(2, FEATHER), True),
        (icon(3, UNKNOWN), True),
        (icon(4, LUCIDE), False),
        (icon(6, LUCIDE, hidden=True), True),
    ]
    assert sorted(order[4:] + order[:4], key=lambda pair: preference(*pair)) == order


def test_a_white_icon_is_no_icon_of_the_text_colour() -> None:
    assert preference(icon(1, LUCIDE, pale=True)) > preference(icon(2, UNKNOWN))


def test_the_preferred_twin_heads_the_card() -> None:
    icons = icon(1, FEATHER), icon(2, LUCIDE), icon(3, OWN), icon(4, FEATHER, hidden=True)
    assert shown([Match(1, 0.9, 1, twins=(Twin(4, 0), Twin(2, 0.1), Twin(3, 0.5)))], *icons) == [[3, 2, 1, 4]]


def test_two_visible_icons_of_a_set_have_cards_of_their_own() -> None:
    icons = icon(1, FEATHER), icon(2, FEATHER), icon(3, LUCIDE), icon(4, OWN)
    assert shown([Match(1, 0.9, 1, twins=(Twin(2, 0), Twin(3, 0))), Match(4, 0.2, 1)], *icons) == [[3, 1], [2], [4]]


def test_of_a_sets_own_variants_that_look_the_same_the_usual_comes_first() -> None:
    names = "sharp-label", "baseline-label", "round-label"
    icons = [Icon(pk=pk, set=LUCIDE, name=name) for pk, name in enumerate(names, 1)]
    match = Match(1, 0.9, 1, twins=(Twin(2, 0.1), Twin(3, 0)))
    assert shown([match], *icons)[0] == [2]
    assert shown([Match(1, 0.9, 1, twins=(Twin(2, 9), Twin(3, 7)))], *icons)[0] == [1]  # the picture says otherwise


def test_what_the_picture_says_outweighs_usage_where_it_says_much() -> None:
    icons = icon(1, FEATHER), icon(2, LUCIDE)
    assert shown([Match(1, 0.9, 1, twins=(Twin(2, 0.2),))], *icons) == [[2, 1]]
    assert shown([Match(1, 0.9, 1, twins=(Twin(2, 5),))], *icons) == [[1, 2]]


def test_what_an_icon_was_is_another_of_its_set_today() -> None:
    icons = icon(1, LUCIDE), icon(2, LUCIDE), icon(3, FEATHER)
    renamed = Match(1, 0.9, 1, twins=(Twin(2, 0), Twin(3, 0)), earlier=2)
    assert shown([renamed], *icons) == [[2, 3, 1]]
    [card] = cards([replace(renamed, twins=())], {1: icons[0]})
    assert card.earlier == 2


def test_scores_that_are_equal_are_left_in_their_order() -> None:
    icons = icon(1, UNKNOWN), icon(2, LUCIDE)
    assert shown([Match(1, 0.4, 1), Match(2, 0.4, 1)], *icons) == [[1], [2]]


def test_deleted_icons_are_left_out() -> None:
    assert shown([Match(1, 0.9, 1, twins=(Twin(2, 0),)), Match(3, 0.5, 1)], icon(2, LUCIDE)) == [[2]]


def test_the_icons_of_a_set_are_as_likely_as_it_is_used() -> None:
    priors = {icon_set.pk: log_prior(icon_set.usage_or_known) for icon_set in (OWN, LUCIDE, FEATHER, UNKNOWN)}
    assert sorted(priors, key=lambda pk: -priors[pk]) == [LUCIDE.pk, OWN.pk, FEATHER.pk, UNKNOWN.pk]
    assert log_prior(usage_or_known(UNKNOWN.prefix, 10**9)) > max(priors.values())
