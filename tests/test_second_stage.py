import numpy as np
import pytest
from PIL import Image, ImageDraw

from search.matching.second_stage import (
    EVIDENCE,
    FEATURES,
    Candidate,
    Coefficients,
    best_matches,
    merged,
    signature,
    unpack,
)
from search.vision.drawing import Drawing
from search.vision.renditions import icon_renditions
from search.vision.readings import Reading, readings_of
from training.second_stage import RIGHT, look_alike


def icon(kind: str, colour="black", side: int = 48) -> Image.Image:
    picture = Image.new("RGBA", (side, side))
    draw, unit = ImageDraw.Draw(picture), side / 12
    box = [2 * unit, 2 * unit, 10 * unit, 10 * unit]
    match kind:
        case "disc":
            draw.ellipse(box, fill=colour)
        case "ring":
            draw.ellipse(box, outline=colour, width=round(unit))
        case "square":
            draw.rectangle(box, fill=colour)
        case "half":
            draw.pieslice(box, 0, 180, fill=colour)
        case "flag":
            for index, stripe in enumerate(colour):
                draw.rectangle(
                    [(1.5 + 3 * index) * unit, 3 * unit, (4.5 + 3 * index) * unit - 1, 9 * unit], fill=stripe
                )
    return picture


def drawn(picture: Image.Image) -> Drawing:
    return icon_renditions(picture)[0]


def shot(picture: Image.Image, side: int, paper="white") -> list[Reading]:
    page = Image.new("RGB", picture.size, paper)
    page.paste(picture, mask=picture)
    return readings_of(page.resize((side, side), Image.Resampling.BOX))


def found(icons: dict[int, Image.Image], views: list[Reading], score: float = 0.8) -> list[Candidate]:
    every = [(pk, signature(drawn(picture))) for pk, picture in icons.items()]
    return [Candidate(pk, view, score, stored) for view in range(len(views)) for pk, stored in every]


FRANCE, ITALY = ("#0055a4", "#ffffff", "#ef4135"), ("#009246", "#ffffff", "#ce2b37")


def test_a_signature_keeps_shape_and_colour_in_little():
    plain, coloured = drawn(icon("ring", "#3366cc")), drawn(icon("flag", FRANCE))
    assert len(signature(plain)) == 971 and len(signature(coloured)) == 1213
    unpacked = unpack([signature(plain), signature(coloured)])
    assert unpacked.coloured.tolist() == [False, True]
    assert np.abs(unpacked.ink[0] - (1 - plain.pixels[2:-2, 2:-2, 0] / 255)).max() <= 0.5 / 15 + 0.01
    assert unpacked.colour[0] == pytest.approx([0x33, 0x66, 0xCC], abs=3)
    assert not unpacked.chroma[0].any() and unpacked.chroma[1].any()


@pytest.mark.parametrize("side", [16, 24, 48])
@pytest.mark.parametrize("kind", ["disc", "ring", "square", "half"])
def test_the_shape_decides_where_vectors_are_equal(kind, side):
    kinds = ["disc", "ring", "square", "half"]
    views = shot(icon(kind), side)
    matches = best_matches(views, found({index: icon(one) for index, one in enumerate(kinds)}, views))
    assert kinds[matches[0].icon_id] == kind
    assert len(matches) == len(kinds)  # each once
    assert [match.score for match in matches] == sorted((match.score for match in matches), reverse=True)
    assert all(0 <= match.score <= match.present <= 1 for match in matches)


@pytest.mark.parametrize("paper", ["white", "#222222", "#88aa44"])
def test_the_colour_decides_where_shapes_are_equal(paper):
    icons = {1: icon("flag", FRANCE), 2: icon("flag", ITALY)}
    for pk, picture in icons.items():
        views = shot(picture, 40, paper)
        assert best_matches(views, found(icons, views))[0].icon_id == pk


def test_an_icon_in_its_own_colour_comes_before_the_same_in_another():
    icons = {1: icon("ring", "#1da1f2"), 2: icon("ring", "#d62828")}
    views = shot(icon("ring", "#d62828"), 40)
    assert best_matches(views, found(icons, views))[0].icon_id == 2


def test_a_recoloured_icon_is_found_whatever_its_colour():
    icons = {1: icon("ring"), 2: icon("half"), 3: icon("disc")}
    for ink, paper in (("#e11", "white"), ("white", "#135"), ("#fd0", "#141")):
        views = shot(icon("half", ink), 32, paper)
        assert best_matches(views, found(icons, views))[0].icon_id == 2


def test_look_alikes_share_one_score():
    views = shot(icon("ring"), 40)
    alone = best_matches(views, found({1: icon("ring"), 2: icon("square")}, views))
    twice = best_matches(views, found({1: icon("ring"), 2: icon("square"), 3: icon("ring")}, views))
    assert twice[0].score == pytest.approx(twice[1].score, abs=0.02)
    assert twice[0].score == pytest.approx(alone[0].score, abs=0.05)


def test_a_hundred_likenesses_of_one_view_do_not_crowd_out_another_view():
    """As the disc under an icon has, while the icon itself is found by its view alone."""
    value = np.concatenate([np.linspace(20, 19, 100), np.linspace(2, -5, 100)]).astype(np.float32)
    view = np.repeat([0, 1], 100)
    order = np.argsort(-merged(value, view), kind="stable")
    assert order[0] == 0
    assert list(order).index(100) < 5  # the best of the second view
    for number in (0, 1):
        assert list(order[view[order] == number]) == sorted(order[view[order] == number])  # each in its own order


def test_what_is_near_nothing_is_not_present():
    views = shot(icon("half"), 40)
    right = best_matches(views, found({1: icon("half")}, views, 0.97))[0]
    wrong = best_matches(views, found({1: icon("square"), 2: icon("ring")}, views, 0.4))[0]
    assert right.present > 0.7 > 0.3 > wrong.present


def test_the_fitted_coefficients_are_complete(settings, tmp_path):
    fitted = Coefficients.read(settings.WEIGHTS_DIR / "second_stage_1.json")
    assert len(fitted.order) == len(FEATURES) and len(fitted.present) == len(EVIDENCE)
    other = tmp_path / "other.json"
    other.write_text('{"order": {}, "present": {}}')
    with pytest.raises(KeyError):
        Coefficients.read(other)


def test_a_flag_in_other_colours_is_no_right_answer_to_learn_from():
    french, italian = (signature(drawn(icon("flag", colours))) for colours in (FRANCE, ITALY))
    same, other = look_alike([french, italian], [french])
    assert same > RIGHT > other
