"""The benchmark's pages that others made: which icons they name, and where these are."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bench import template_pages, templates
from bench.screenshots import browser
from bench.template_pages import Template, named

FONT_AWESOME, BOOTSTRAP = Template("x@1", "*.html"), Template("x@1", "*.html", "bi")
FEATHER, MATERIAL = Template("x@1", "*.html", "feather"), Template("x@1", "*.html", ligatures="ic:round-")
# Two icons, whose glyphs no font has, so that the browser draws boxes; a button has one of them and a text.
PAGE = """<!doctype html><style>.bi::before { content: "\\e001"; font-size: 32px }
button { position: absolute; left: 200px; top: 100px; font: 16px sans-serif }
i { font-style: normal } .off { display: inline-block; margin: 0 80px;
transform: rotate(90deg) }</style>
<body style="margin: 40px; font: 16px sans-serif"><i class="bi bi-house"></i>
<button><i class="bi bi-trash"></i> Delete</button>
<i class="bi bi-arrow-up off"></i><i class="bi bi-none-such"></i>"""


@pytest.mark.parametrize(
    ("template", "text", "icon"),
    [
        (FONT_AWESOME, "nav-icon fas fa-fw fa-tachometer-alt", "fa-solid:tachometer-alt"),
        (FONT_AWESOME, "far fa-circle", "fa-regular:circle"),
        (FONT_AWESOME, "fab fa-github fa-2x", "fa-brands:github"),
        (FONT_AWESOME, "fas fa-bell fa-house", ""),
        (FONT_AWESOME, "nav-item", ""),
        (BOOTSTRAP, "bi bi-house", "bi:house"),
        (FEATHER, "dropdown-icon fe fe-log-out", "feather:log-out"),
        (MATERIAL, "receipt_long", "ic:round-receipt-long"),
    ],
)
def test_classes_and_letters_name_icons(template: Template, text: str, icon: str) -> None:
    assert named(template, text) == icon


def test_icons_are_cropped_where_they_are(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(PAGE)
    monkeypatch.setattr(template_pages, "package", lambda name: tmp_path)
    monkeypatch.setattr(templates, "TEMPLATES", (BOOTSTRAP,))
    monkeypatch.setattr(templates, "LEAST_ICONS", 2)
    with browser() as drawer:
        made = templates.crops(drawer, frozenset({"bi:house", "bi:trash", "bi:arrow-up"}), 1)
    assert [query.icon for query in made.alone] == ["bi:house", "bi:trash"]  # one is turned, one nobody has
    assert [query.icon for query in made.labelled] == ["bi:trash"]
    assert {screen.query.icon for screen in made.surroundings} == {"bi:house", "bi:trash"}
    (window,) = made.windows
    house, trash = (placed.boxes[0] for placed in window.icons)
    assert 35 < 1440 * house[0] < 70 and 35 < 900 * house[1] < 80
    assert 200 < 1440 * trash[0] < 230 and 95 < 900 * trash[1] < 150
    alone = Image.open(BytesIO(made.alone[0].picture)).convert("L")
    assert max(alone.size) < 50 and np.asarray(alone).min() < 128  # the glyph and a narrow margin
    labelled = Image.open(BytesIO(made.labelled[0].picture))
    assert labelled.width > 60 > labelled.height
