"""The comparison of plain forms with Chromium's drawings: which icons, and which moment of an animation."""

from random import Random

import numpy as np
import pytest
from playwright.sync_api import Browser

from bench.plain_forms import COLUMNS, SIDE, correlation, measure, sample
from tests import chromium
from tests.browser import browser  # noqa: F401  # a fixture
from tests.test_clean_svg import PATH, svg_of


def test_the_sample_takes_as_many_of_each_set_as_can_be() -> None:
    sets = [{f"{prefix}:{number}": "" for number in range(count)} for prefix, count in (("a", 2), ("b", 9), ("c", 9))]
    prefixes = [icon[0] for icon in sample(sets, 9, Random(1))]
    assert [prefixes.count(prefix) for prefix in "abc"] == [2, 4, 4]
    assert len(sample(sets, 1000, Random(1))) == 20


def test_blank_drawings_are_alike_and_like_nothing_else() -> None:
    blank, drawn = np.zeros((SIDE, SIDE, 3), np.float32), np.full((SIDE, SIDE, 3), 9, np.float32)
    assert (correlation(blank, blank), correlation(blank, drawn)) == (1, 0)
    assert correlation(drawn, 2 * drawn) == pytest.approx(1)


@pytest.mark.skipif(not chromium.find(), reason=f"Chromium is missing: {chromium.INSTALL}")
def test_an_animation_is_compared_as_it_ends_or_at_its_best_moment(browser: Browser) -> None:  # noqa: F811  # the fixture
    def moving(more: str) -> str:
        return svg_of(f'<rect width="6" height="6"><animate attributeName="x" values="0;9;18" dur="1s" {more}/></rect>')

    icons = {
        "still": svg_of(PATH),
        "wide": svg_of(PATH, 'viewBox="0 0 48 24"'),
        "ends": moving('fill="freeze"'),
        "goes back": moving(""),
        "endless": moving('repeatCount="indefinite"'),
        # Chromium draws nothing in the end, where the plain form shows what begins unseen.
        "vanishes": svg_of(
            '<path d="M0 0h9v9z" opacity="0"><animate attributeName="opacity" values="0;1;0" dur="1s"/></path>'
        ),
    }
    page = browser.new_page(viewport={"width": SIDE * COLUMNS, "height": SIDE * COLUMNS})
    measured = measure(icons, page)
    page.close()
    assert measured.pop("vanishes") == 0
    assert all(value > 0.99 for value in measured.values()), measured
