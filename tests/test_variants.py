"""Styles that are told by names."""

import re

import pytest

from icons.variants import PLAIN_VARIANT, find_variants, is_unusual, variant_of


@pytest.mark.parametrize(
    ("name", "leading", "variant"),
    [
        ("home", False, ""),
        ("home-outline-rounded", False, "outline-rounded"),
        ("home-20-filled", False, "20-filled"),
        ("home-two-tone", False, "two-tone"),
        ("arrow-left-24px", False, "24px"),
        ("outline", False, ""),
        ("outline-rounded", False, "rounded"),
        ("looks-3", False, ""),
        ("refill", False, ""),
        ("baseline-home", False, ""),
        ("baseline-home", True, "baseline"),
        ("outline-sharp-home-20", True, "outline-sharp"),
        ("outline-sharp", True, "outline"),
        ("roundabout", True, ""),
    ],
)
def test_style_words_and_sizes_are_found(name: str, leading: bool, variant: str) -> None:
    assert variant_of(name, leading) == variant


MOTIFS = ("home", "user", "battery-20", "star")


def test_a_set_whose_names_end_in_styles() -> None:
    names = [f"{motif}{style}" for motif in MOTIFS for style in ("", "-outline", "-outline-rounded", "-bold-duotone")]
    found = find_variants([*names, "home-sharp", "line-chart"])
    assert not found.leading
    assert found.counts == {PLAIN_VARIANT: 4, "bold-duotone": 3, "outline": 3, "outline-rounded": 3}


def test_a_set_whose_names_begin_with_styles() -> None:
    found = find_variants([f"{style}-{motif}" for motif in MOTIFS for style in ("baseline", "outline", "twotone")])
    assert found.leading and found.counts == {"baseline": 4, "outline": 4, "twotone": 4}


def test_what_is_rare_is_not_offered() -> None:
    rare = [f"{motif}-outline" for motif in ("home", "user", "star")]
    assert find_variants([*rare, *(f"n{i}x" for i in range(297))]).counts == {PLAIN_VARIANT: 297, "outline": 3}
    assert find_variants([*rare, *(f"n{i}x" for i in range(298))]).counts == {}
    assert find_variants([*rare[:2], "home"]).counts == find_variants([]).counts == {}


@pytest.mark.parametrize("leading", [False, True])
def test_the_patterns_find_just_the_names_of_a_variant(leading: bool) -> None:
    styles = ("outline", "outline-rounded", "rounded", "20-filled", "two-tone", "sharp")
    names = [f"{style}-{motif}" if leading else f"{motif}-{style}" for motif in MOTIFS for style in styles]
    names += ["outline", "outline-sharp", "kite", "kite-board"]
    found = find_variants(names)
    assert found.leading == leading and len(found.counts) == 7
    for variant in found.counts:
        fits, misfits = found.patterns(variant)
        matched = [name for name in names if re.search(fits, name) and not re.search(misfits, name)]
        assert matched == [name for name in names if (variant_of(name, leading) or PLAIN_VARIANT) == variant]


@pytest.mark.parametrize(
    ("name", "unusual"),
    [("home", False), ("sharp-home", True), ("baseline-home", False), ("home-outline", False), ("home-thin", True)],
)
def test_what_few_people_choose_is_unusual(name: str, unusual: bool) -> None:
    assert is_unusual(name) == unusual
