"""Icons as JSX, Vue and Svelte are taken by React 18 and 19 and by the real compilers, without a warning.

The compilers come from npm: `make compilers` installs them. Where they are not, these tests are skipped, and say so.
"""

import json
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from icons.exporting.code import CODE_FORMATS, component
from icons.exporting.look import PLAIN, Look
from icons.importing.iconify_json import icon_svg
from icons.importing.npm import ALL_OF_ICONIFY
from icons.models import Icon
from tests.conftest import icon_of, svg_of
from tests.test_font_drawings import DRAWINGS

FOLDER = settings.BASE_DIR / "var" / "compilers"
NODE = shutil.which("node")
READY = NODE is not None and (FOLDER / "node_modules").is_dir()
WRITE = {code_format.key: code_format.write for code_format in CODE_FORMATS}
OF_EACH_SET, MANY_SETS = 4, 50
ICONIFY = settings.BASE_DIR / "var" / "bench" / ALL_OF_ICONIFY.replace("/", "+") / "json"
DEMO = settings.BASE_DIR / "demo"
HARD = {
    **DRAWINGS,
    "styles": '<path style="mix-blend-mode:multiply;isolation:isolate" d="M0 0h9"/>',
    "origin": '<path style="transform-origin:50% 50%" d="M0 0h9"><animateTransform attributeName="transform" '
    'type="rotate" to="90" dur="1s"/></path>',
    "braces": '<filter id="f"><feComposite operator="{x}" in="{{y}}"/></filter><path filter="url(#f)" d="M0 0h9"/>',
    "animated": '<path opacity="0" d="M0 0h9"><animate attributeName="opacity" to="1" dur="1s" fill="freeze"/></path>',
    "filter": '<filter id="f" color-interpolation-filters="sRGB"><feGaussianBlur stdDeviation="1"/></filter>'
    '<path filter="url(#f)" d="M0 0h9"/>',
}


def complaints(icons: list[Icon], look: Look) -> list[str]:
    """What the compilers say against the icons."""
    entries = [
        {"name": icon.public_id, "component": component(icon)}
        | {language: WRITE[language](icon, look, "By somebody") for language in ("jsx", "vue", "svelte")}
        for icon in icons
    ]
    script = Path(__file__).parent / "compilers" / "compile.mjs"
    process = subprocess.run(
        [str(NODE), str(script), str(FOLDER)], input=json.dumps(entries), capture_output=True, text=True, check=True
    )
    return list(json.loads(process.stdout))


def sampled(paths: list[Path]) -> list[Icon]:
    """Some icons of many sets, cleaned, always the same."""
    chosen = random.Random(1)
    icons = []
    for path in chosen.sample(paths, min(MANY_SETS, len(paths))):
        data: dict[str, Any] = json.loads(path.read_text())
        count = OF_EACH_SET * MANY_SETS // min(MANY_SETS, len(paths))
        for name in chosen.sample(sorted(data["icons"]), min(count, len(data["icons"]))):
            try:
                icon = icon_of(icon_svg(data["icons"][name], data), prefix=data["prefix"])
            except ValidationError:
                continue
            icon.name = name
            icons.append(icon)
    return icons


@pytest.mark.skipif(not READY, reason="The compilers of JSX, Vue and Svelte are not installed: run make compilers.")
def test_the_compilers_take_icons_of_many_sets() -> None:
    icons = sampled(sorted((ICONIFY if ICONIFY.is_dir() else DEMO).glob("*.json")))
    assert len(icons) > 150 and complaints(icons, PLAIN) == []


@pytest.mark.skipif(not READY, reason="The compilers of JSX, Vue and Svelte are not installed: run make compilers.")
@pytest.mark.parametrize("look", [PLAIN, Look(colour="#06c", size=32, stroke=1.5, rotate=1, flip_x=True)])
def test_the_compilers_take_what_is_hard_to_spell(look: Look) -> None:
    icons = []
    for number, body in enumerate(HARD.values()):
        icons.append(icon_of(svg_of(body)))
        icons[-1].name = f"hard-{number}"
    assert complaints(icons, look) == []


def test_what_react_18_knows_as_styles_alone_is_written_so() -> None:
    mask = '<mask id="m" mask-type="alpha"><path d="M0 0h9v9z"/></mask><path mask="url(#m)" d="M0 0h9v9z"/>'
    assert 'style={{"maskType": "alpha"}}' in WRITE["jsx"](icon_of(svg_of(mask)), PLAIN, "")
    assert 'style={{"transformOrigin": "12px 12px"}}' in WRITE["jsx"](icon_of(svg_of(HARD["origin"])), PLAIN, "")
