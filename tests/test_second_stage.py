"""The second stage: what is stored of a drawing, and how icons are ordered by it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from django.conf import LazySettings
from PIL import Image, ImageDraw

from search.matching.comparison import compare, merge_keys
from search.matching.features import FEATURES
from search.matching.matches import Candidate, Match
from search.matching.ranking import EVIDENCE, Coefficients, best_matches
from search.matching.signature import signature, unpack
from search.matching.tail import variants_next
from search.vision.drawing import Drawing
from search.vision.readings import Kind, Reading, readings_of
from search.vision.renditions import icon_renditions
from training.labelled import RIGHT, likeness_to


def icon(shape: str, colour: str = "black") -> Image.Image:
    """An icon of 48 px in one colour: a disc, a ring, a square, or half a disc."""
    picture = Image.new("RGBA", (48, 48))
    draw, box = ImageDraw.Draw(picture), [8, 8, 40, 40]
    match shape:
        case "disc":
            draw.ellipse(box, fill=colour)
        case "ring":
            draw.ellipse(box, outline=colour, width=4)
        case "square":
            draw.rectangle(box, fill=colour)
        case "half":
            draw.pieslice(box, 0, 180, fill=colour)
    return picture


def flag(stripes: Sequence[str]) -> Image.Image:
    """An icon of 48 px with upright stripes in these colours."""
    picture = Image.new("RGBA", (48, 48))
    for index, stripe in enumerate(stripes):
        ImageDraw.Draw(picture).rectangle([6 + 12 * index, 12, 17 + 12 * index, 36], fill=stripe)
    return picture


def drawn(picture: Image.Image) -> Drawing:
    """The rendition of an icon on white."""
    return icon_renditions(picture)[0]


def shot(picture: Image.Image, side: int, paper: str = "white") -> list[Reading]:
    """The readings of a screenshot of an icon, `side` px wide and high."""
    page = Image.new("RGB", picture.size, paper)
    page.paste(picture, mask=picture)
    return readings_of(page.resize((side, side), Image.Resampling.BOX))


def candidates(
    icons: Mapping[int, Image.Image], readings: list[Reading], inner_product: float = 0.8
) -> list[Candidate]:
    """All icons, by id, as candidates for each reading, all with the same inner product."""
    signatures = {pk: signature(drawn(picture)) for pk, picture in icons.items()}
    return [
        Candidate(pk, query, inner_product, packed)
        for query in range(len(readings))
        for pk, packed in signatures.items()
    ]


def ordered(readings: list[Reading], near: list[Candidate]) -> list[Match]:
    """The matches of one query."""
    [matches] = best_matches([(readings, compare(readings, near))])
    return matches


FRANCE, ITALY = ("#0055a4", "#ffffff", "#ef4135"), ("#009246", "#ffffff", "#ce2b37")


def test_a_signature_keeps_shape_and_colour_in_little() -> None:
    plain, coloured = drawn(icon("ring", "#3366cc")), drawn(flag(FRANCE))
    assert len(signature(plain)) == 971 and len(signature(coloured)) == 1213
    unpacked = unpack([signature(plain), signature(coloured)])
    assert unpacked.coloured.tolist() == [False, True]
    assert np.abs(unpacked.ink[0] - (1 - plain.pixels[2:-2, 2:-2, 0] / 255)).max() <= 0.5 / 15 + 0.01
    assert unpacked.colour[0] == pytest.approx([0x33, 0x66, 0xCC], abs=3)
    assert not unpacked.chroma[0].any() and unpacked.chroma[1].any()


@pytest.mark.parametrize("side", [16, 24, 48])
@pytest.mark.parametrize("shape", ["disc", "ring", "square", "half"])
def test_the_shape_decides_where_vectors_are_equal(shape: str, side: int) -> None:
    shapes = ["disc", "ring", "square", "half"]
    readings = shot(icon(shape), side)
    matches = ordered(readings, candidates({pk: icon(name) for pk, name in enumerate(shapes)}, readings))
    assert shapes[matches[0].icon_id] == shape
    assert len(matches) == len(shapes)  # each once
    assert [match.score for match in matches] == sorted((match.score for match in matches), reverse=True)
    assert all(0 <= match.score <= match.present <= 1 for match in matches)


def test_several_queries_are_answered_together_as_one_after_the_other() -> None:
    icons = {pk: icon(name) for pk, name in enumerate(("disc", "ring", "square", "half"))}
    queries = [shot(icon("ring"), 24), shot(icon("half"), 16), shot(icon("disc", "white"), 32, "#135")]
    compared = [(readings, compare(readings, candidates(icons, readings))) for readings in queries]
    for together, readings in zip(best_matches(compared), queries, strict=True):
        alone = ordered(readings, candidates(icons, readings))
        assert [match.icon_id for match in together] == [match.icon_id for match in alone]
        assert [match.score for match in together] == pytest.approx([match.score for match in alone], abs=1e-4)


def test_further_readings_are_added_to_a_comparison() -> None:
    readings = [*shot(icon("ring"), 24), *shot(icon("half"), 20)]
    near = candidates({1: icon("ring"), 2: icon("half")}, readings)
    first = [candidate for candidate in near if candidate.query == 0]
    others = [candidate for candidate in near if candidate.query > 0]
    added, at_once = compare(readings, others, compare(readings[:1], first)), compare(readings, near)
    assert added.icons.tolist() == at_once.icons.tolist() and added.readings.tolist() == at_once.readings.tolist()
    assert np.allclose(added.rows, at_once.rows) and list(added.signatures) == list(at_once.signatures)


@pytest.mark.parametrize("paper", ["white", "#222222", "#88aa44"])
def test_the_colour_decides_where_shapes_are_equal(paper: str) -> None:
    icons = {1: flag(FRANCE), 2: flag(ITALY)}
    for pk, picture in icons.items():
        readings = shot(picture, 40, paper)
        assert ordered(readings, candidates(icons, readings))[0].icon_id == pk


def test_an_icon_in_its_own_colour_comes_before_the_same_in_another() -> None:
    icons = {1: icon("ring", "#1da1f2"), 2: icon("ring", "#d62828")}
    readings = shot(icon("ring", "#d62828"), 40)
    assert ordered(readings, candidates(icons, readings))[0].icon_id == 2


def test_a_recoloured_icon_is_found_whatever_its_colour() -> None:
    icons = {1: icon("ring"), 2: icon("half"), 3: icon("disc")}
    for ink, paper in (("#e11", "white"), ("white", "#135"), ("#fd0", "#141")):
        readings = shot(icon("half", ink), 32, paper)
        assert ordered(readings, candidates(icons, readings))[0].icon_id == 2


def test_icons_that_look_the_same_are_one_match_with_one_score() -> None:
    readings = shot(icon("ring"), 40)
    alone = ordered(readings, candidates({1: icon("ring"), 2: icon("square")}, readings))
    twice = ordered(readings, candidates({1: icon("ring"), 2: icon("square"), 3: icon("ring")}, readings))
    assert [(match.icon_id, [twin.icon_id for twin in match.twins]) for match in twice] == [(1, [3]), (2, [])]
    assert twice[0].score == pytest.approx(alone[0].score, abs=0.05)


def test_a_hundred_icons_like_one_reading_do_not_crowd_out_another_reading() -> None:
    """A disc under an icon is like as many, while the icon itself is found by its own reading alone."""
    values = np.concatenate([np.linspace(20, 19, 100), np.linspace(2, -5, 100)]).astype(np.float32)
    readings = np.repeat([0, 1], 100)
    order = np.argsort(-merge_keys(values, readings), kind="stable")
    assert order[0] == 0
    assert list(order).index(100) < 5  # the best of the second reading
    for number in (0, 1):
        assert list(order[readings[order] == number]) == sorted(order[readings[order] == number])  # each in its order


def test_the_variants_of_a_clear_winner_come_before_what_a_part_of_the_picture_is_like() -> None:
    names = ["ring", "square", "disc", "half", "disc"]  # the last two are near another reading
    signatures = [signature(drawn(icon(name))) for name in names]
    products = [0.9, 0.6, 0.7, 0.8, 0.8]
    near = [Candidate(pk, pk // 3, *pair) for pk, pair in enumerate(zip(products, signatures, strict=True))]

    def order(*scores: float) -> list[int]:
        interleaved = [Match(pk, score, 0.9) for pk, score in zip((0, 3, 1, 4, 2), scores, strict=True)]
        return [match.icon_id for match in variants_next(interleaved, near)]

    assert order(0.9, 0.05, 0.04, 0.03, 0.02) == [0, 2, 1, 3, 4]
    assert order(0.9, 0.2, 0.04, 0.03, 0.02) == [0, 3, 2, 1, 4]  # the second is likely, too
    assert order(0.5, 0.05, 0.04, 0.03, 0.02) == [0, 3, 1, 4, 2]  # the first is not clear


def test_what_is_near_nothing_is_not_present() -> None:
    readings = shot(icon("half"), 40)
    right = ordered(readings, candidates({1: icon("half")}, readings, 0.97))[0]
    wrong = ordered(readings, candidates({1: icon("square"), 2: icon("ring")}, readings, 0.4))[0]
    assert right.present > 0.7 > 0.3 > wrong.present


def test_the_fitted_coefficients_are_complete(settings: LazySettings, tmp_path: Path) -> None:
    fitted = Coefficients.read(settings.WEIGHTS_DIR / "second_stage_2.json")
    assert len(fitted.order) == len(FEATURES) and len(fitted.present) == len(EVIDENCE)
    incomplete = tmp_path / "other.json"
    incomplete.write_text('{"order": {}, "present": {}}')
    with pytest.raises(KeyError):
        Coefficients.read(incomplete)


def test_a_flag_in_other_colours_is_no_right_answer_to_learn_from() -> None:
    french, italian = (signature(drawn(flag(colours))) for colours in (FRANCE, ITALY))
    of_french, of_italian = likeness_to([french, italian], [french])
    assert of_french > RIGHT > of_italian


def test_of_look_alikes_the_icon_that_is_used_more_comes_first() -> None:
    """Two discs, one a little smaller: nobody can tell which of them a small picture shows."""
    smaller = Image.new("RGBA", (48, 48))
    ImageDraw.Draw(smaller).ellipse((8, 8, 39, 40), fill="black")
    readings = shot(icon("disc"), 14)
    near = candidates({1: icon("disc"), 2: smaller, 3: icon("square")}, readings)

    def order(**priors: float) -> list[int]:
        used = [replace(candidate, prior=priors.get(f"of{candidate.icon_id}", 7.0)) for candidate in near]
        return [icon for match in ordered(readings, used) for icon in match.icon_ids]

    assert order(of1=16.0)[0] == 1 and order(of2=16.0)[0] == 2
    assert order(of3=16.0)[0] != 3  # what looks otherwise is not put first


def test_an_icon_without_its_badge_is_all_that_is_drawn_and_what_lies_on_a_button_is_not() -> None:
    [first, *_] = shot(icon("ring"), 32)
    are_whole: dict[Kind, bool] = {"whole": True, "unbadged": True, "inside": False, "cluster": False}
    for kind, whole in are_whole.items():
        readings = [replace(first, kind=kind)]
        assert ordered(readings, candidates({1: icon("ring")}, readings))[0].whole is whole
