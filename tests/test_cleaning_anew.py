"""Icons of an earlier form are cleaned anew; only those that look different are indexed again."""

from collections.abc import Callable, Sequence

import pytest

from icons.cleaning_anew import clean_anew
from icons.models import Icon, IconSet, hash_svg
from icons.signals import icons_changed
from icons.svg import FORM
from icons.tasks import clean_anew as task
from search.models import IconVector, Outcome
from tests.conftest import store_outcomes, svg_of

SOURCES = {  # by the name of an icon, what an earlier version of the cleaner stored of it
    "same": '<path d="M4 4h16v16H4z"/>',
    "respelt": '<path fill="rgb(255, 0, 0)" stroke-width="2px" d="M4 4h16v16H4z"/>',
    "redrawn": '<path fill="none" stroke="#000" stroke-dasharray="9" stroke-dashoffset="9" d="M4 4h9">'
    '<animate attributeName="stroke-dashoffset" dur="1s" fill="freeze" values="9;0"/></path>',
    "refused": "<text>A</text>",
}


@pytest.fixture
def old_icons(icon_set: IconSet) -> dict[str, Icon]:
    """Icons as they stood before there were forms, indexed, by name."""
    rows = [
        Icon(set=icon_set, name=name, svg=svg_of(body), svg_hash=hash_svg(svg_of(body)), view_box="0 0 24 24")
        for name, body in SOURCES.items()
    ]
    icons = {icon.name: icon for icon in Icon.objects.bulk_create(rows)}
    store_outcomes([Outcome(icon.pk, icon.svg_hash, error="No.") for icon in icons.values()])
    return icons


def indexed(icon: Icon) -> bool:
    """Whether the icon's vector is that of its present source."""
    icon.refresh_from_db()
    return IconVector.objects.get(icon=icon).svg_hash == icon.svg_hash


def test_only_icons_that_look_different_are_indexed_again(old_icons: dict[str, Icon]) -> None:
    asked: list[int] = []

    def note(redrawn: Sequence[int], **kwargs: object) -> None:
        asked.extend(redrawn)

    icons_changed.connect(note)
    try:
        assert task() == len(SOURCES)
        assert task() == 0
    finally:
        icons_changed.disconnect(note)
    assert asked == [old_icons["redrawn"].pk]
    assert {name: indexed(icon) for name, icon in old_icons.items()} == {
        "same": True,
        "respelt": True,
        "redrawn": False,
        "refused": True,
    }
    assert 'fill="#ff0000" stroke-width="2"' in old_icons["respelt"].svg
    assert 'stroke-dashoffset="0"' in old_icons["redrawn"].svg
    assert "<text>A</text>" in old_icons["refused"].svg
    assert {icon.form for icon in old_icons.values()} == {FORM}


def test_a_drawing_that_was_cut_is_indexed_again(icon_set: IconSet) -> None:
    frame = 'xmlns="http://www.w3.org/2000/svg" width="6.35" height="6.35" viewBox="0 0 6.35 6.35"'
    svg = f'<svg {frame}><path d="M0 0h6v6z"/></svg>'
    icon = Icon.objects.bulk_create([Icon(set=icon_set, name="mm", svg=svg, svg_hash=hash_svg(svg))])[0]
    store_outcomes([Outcome(icon.pk, icon.svg_hash, error="No.")])
    asked: list[int] = []
    icons_changed.connect(receiver := lambda redrawn, **kwargs: asked.extend(redrawn))
    try:
        assert clean_anew(60) == 1
    finally:
        icons_changed.disconnect(receiver)
    assert asked == [icon.pk]
    assert not indexed(icon)


def test_an_icon_that_somebody_changes_meanwhile_is_left_alone(make_icon: Callable[..., Icon]) -> None:
    icon = make_icon("ring")
    assert icon.form == FORM
    assert clean_anew(60) == 0
