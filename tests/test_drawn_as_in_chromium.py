"""What our renderer draws of the plain form is what Chromium draws of the original."""

import base64
import io
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from playwright.sync_api import Browser

from icons.rendering import render
from icons.svg import clean_svg
from tests import chromium
from tests.browser import browser  # noqa: F401  # a fixture
from tests.test_clean_svg import svg_of

pytestmark = pytest.mark.skipif(not chromium.find(), reason=f"Chromium is missing: {chromium.INSTALL}")

SIDE = 96  # pixels of a drawing
COLUMNS = 10
GROUND = (205, 221, 238)
Pixels = npt.NDArray[np.float32]

BELL = '<path d="M5 17h14l-2-3V9a5 5 0 0 0-10 0v5zM10 19a2 2 0 0 0 4 0z"'
RECT = '<rect width="6" height="4" fill="#06c"'
ENDS = 'dur=".2s" fill="freeze"'


def animated(attributes: str, animation: str, before: str = "") -> str:
    return f"{before}{RECT} {attributes}>{animation}</rect>"


def turned(values: str, kind: str = "translate", more: str = "") -> str:
    return f'<animateTransform attributeName="transform" type="{kind}" values="{values}" {ENDS} {more}/>'


def styled(css: str, body: str = f"{RECT} class='a'/>") -> str:
    return f"<style><![CDATA[{css}]]></style>{body}"


def keyframes(animation: str, frames: str) -> str:
    return styled(f".a {{ animation: {animation} }} @keyframes m {{ {frames} }} @keyframes n {{ to {{ fill: red }} }}")


DRAWINGS = {
    # Styles and colours.
    "structure": styled(
        ":root > path:not(.x) { fill: #06c } path:nth-child(3) + path { fill: red }",
        '<path class="x" d="M2 2h6v6z"/><path d="M9 2h6v6z"/><path d="M2 9h6v6z"/>',
    ),
    "nesting": styled(
        "g { fill: red; path { stroke: blue } & > rect { fill: #0a0 } .k & { fill: blue } &.x { fill: #fc0;"
        "&:not(.y) { stroke: red } } @media (min-width: 1px) { opacity: .5; circle { fill: blue } } }",
        '<g><path d="M2 2h5v5z"/><rect x="9" width="9" height="9"/><circle cx="9" cy="16" r="4"/></g>'
        '<g class="x"><path d="M14 14h9v9z"/></g><g class="k"><g class="y x"><path d="M18 2h5v5z"/></g></g>',
    ),
    "mixtures": styled(
        "path { fill: color-mix(in oklab, #f60 25%, blue 25%) } rect { fill: color-mix(in hsl longer hue, red, blue) }"
        " circle { fill: color-mix(in lch, white, blue) } polygon { fill: color-mix(in xyz, red 30%, transparent) }",
        '<path d="M2 2h9v9z"/><rect x="12" width="9" height="9"/><circle cx="6" cy="16" r="5"/>'
        '<polygon points="12,12 23,12 12,23"/>',
    ),
    "a share of currentColor": f'{BELL} style="fill:color-mix(in srgb, currentColor 40%, transparent)"/>',
    "light": f'{BELL} style="color-scheme:light;fill:light-dark(#c00, #0c0)"/>',
    "wide gamut": f'{BELL} fill="oklch(60% .2 30)"/>',
    "variables": f'<g style="--a: #c00">{BELL} fill="var(--b, var(--a))"/></g>',
    "light mode": styled("@media (prefers-color-scheme: dark) { .a { fill: #fff } }", f"{BELL} class='a'/>"),
    "d of CSS": styled("path { d: path('M3 3h18v9z') }", "<path/>"),
    "transform of CSS": styled(".a { transform: translate(6px, 25%) rotate(.1turn); transform-origin: 3px 2px }"),
    "transform-box": styled(".a { transform-box: fill-box; transform-origin: center; transform: scale(2) }",
                            '<rect class="a" x="6" y="9" width="6" height="4"/>'),
    "clip of CSS": '<rect width="24" height="24" fill="#06c" style="clip-path:circle(8px at 12px 12px)"/>',
    "selectors": styled(
        '@namespace svg url(http://www.w3.org/2000/svg); :where(.a):is(rect) { fill: red } [class~="a"] + rect {'
        " fill: lime } svg|path { fill: #06c }",
        '<rect class="a" width="9" height="9"/><rect x="12" width="9" height="9"/><path d="M2 12h9v9z"/>',
    ),
    "layers": styled("@layer a, b; @layer b { .a { fill: red } } @layer a { .a { fill: lime } }"),
    "layers and none": styled(".a { fill: red } @layer x { .a { fill: lime } }"),
    "layers of what is important": styled("@layer x { .a { fill: lime !important } } .a { fill: red !important }"),
    "combined conditions": styled(
        "@media (min-width: 9999px) or (min-height: 1px) { .a { fill: red } }"
        "@media (width >= 1px) and (1px < height < 9999px) { .a { stroke: lime } }"
        "@supports selector(:has(a)) and (not (color: nosuch)) { .a { stroke-width: 3px } }"
    ),
    "all": f'<g style="all:unset;stroke:#0a0" fill="red" opacity=".3">{BELL} stroke-width="4"/></g>'
           f'<g fill="#06c">{RECT} style="stroke:red;all:initial"/><path d="M12 12h9v9z" style="all:revert"/></g>',
    "all, but not what is important": styled("g { all: initial; fill: #06c !important } g { all: unset }",
                                             f'<g fill="red" stroke="red">{BELL}/></g>'),
    "stops that inherit": '<linearGradient id="a"><stop stop-color="inherit" stop-opacity=".4"/>'
                          '<stop offset="1" stop-color="#f60"/></linearGradient><path d="M2 2h20v20z" fill="url(#a)"/>',
    "registered variable": styled("@property --c { syntax: '<color>'; inherits: true; initial-value: red }"
                                  " .a { fill: var(--c) }"),
    "derived colours": styled(
        "path { fill: rgb(from red r g b / 50%) } rect { fill: hsl(from red calc(h + 120) s l) }"
        " circle { fill: oklch(from #06c l c calc(h + 40) / calc(alpha * .5)) }"
        " polygon { fill: hwb(from red h 30% b) }",
        '<path d="M2 2h9v9z"/><rect x="12" width="9" height="9"/><circle cx="6" cy="16" r="5"/>'
        '<polygon points="12,12 23,12 12,23"/>',
    ),
    "prefixes": '<clipPath id="c"><circle cx="9" cy="4" r="5"/></clipPath>'
        f'{RECT} style="-webkit-transform:translate(4px,2px);-webkit-clip-path:url(#c)"/>',
    "masks of CSS": '<mask id="m"><path d="M0 0h4v24H0z" fill="#fff"/></mask>'
        f'{RECT} style="mask:url(#m) no-repeat"/><g transform="translate(9 9)">{RECT} style="mask-image:url(#m)"/></g>',
    "axes": f'<g transform="translate(12 9)">{RECT} style="rotate:z 45deg"/>'
            f'{RECT} style="transform:rotate3d(0,0,1,150deg)"/></g>',
    "shadow": f'{BELL} fill="#c00" style="filter:drop-shadow(0 .5mm .1em oklch(60% .2 30))"/>',
    # Lengths and viewports.
    "least and most": '<rect style="x:max(2px,25%);y:clamp(2px,3px,9px);width:min(50%,5px);'
                      'height:calc(max(1px,2px)*3)"/>',
    "size of a symbol": '<symbol id="s" viewBox="0 0 4 4" width="8" height="8"><rect width="4" height="4"/></symbol>'
                        '<use href="#s" x="4" y="4"/>',
    "percentages": '<rect x="10%" width="50%" height="25%"/><circle cx="50%" cy="75%" r="20%"/>',
    "pathLength": '<circle cx="12" cy="12" r="9" fill="none" stroke="#06c" stroke-width="3" pathLength="100"'
                  ' stroke-dasharray="75 100"/>',
    "inner svg": f'<svg x="4" y="2" width="16" height="20" viewBox="0 0 24 24" preserveAspectRatio="xMinYMin slice">'
                 f"{BELL}/></svg>",
    "symbol": f'<symbol id="s" viewBox="0 0 24 24">{BELL}/></symbol><use href="#s" width="12" height="12"/>'
              '<use href="#s" x="12" y="12" width="12" height="12" fill="#c00"/>',
    # References.
    "gradients that take from others": '<linearGradient id="a" x1="2" x2="22" gradientUnits="userSpaceOnUse"'
        ' gradientTransform="matrix(1 0 0 -1 0 24)"><stop/><stop offset="1" stop-color="#f60"/></linearGradient>'
        f'<linearGradient id="b" x1="50%" y2="40%" href="#a"/>{BELL} fill="url(#b)"/>',
    "gradient of another kind": '<linearGradient id="a" gradientTransform="translate(.3 0)" spreadMethod="reflect">'
        '<stop/><stop offset="1" stop-color="#f60"/></linearGradient><radialGradient id="b" r=".3" href="#a"/>'
        '<rect width="24" height="24" fill="url(#b)"/>',
    "patterns that take from others": '<pattern id="a" width="6" height="6" patternUnits="userSpaceOnUse">'
        '<circle cx="3" cy="3" r="2"/></pattern><pattern id="b" patternTransform="scale(.5)" href="#a"/>'
        '<rect width="24" height="24" fill="url(#b)"/>',
    "equal ids": f'<linearGradient id="a"><stop stop-color="#c00"/></linearGradient><linearGradient id="a"/>{BELL}'
                 ' fill="url(#a)"/>',
    "alpha mask": '<mask id="m" style="mask-type:alpha"><path d="M0 0h24v12H0z"/></mask>'
                  f'<g mask="url(#m)">{BELL}/></g>',
    "clips by what is used": f'<path id="p" d="M5 5h9v9z"/><use id="u" href="#p"/><g id="g">{RECT}/></g>'
        '<clipPath id="a"><use href="#p"/></clipPath><clipPath id="b"><use href="#u"/><use href="#g"/>'
        '<circle cx="18" cy="18" r="4"/></clipPath><rect width="12" height="24" fill="#c00" clip-path="url(#a)"/>'
        '<rect width="24" height="24" fill="#0a0" clip-path="url(#b)"/>',
    # Animations, as they end.
    "added to a matrix": animated('transform="matrix(1 0 0 1.5 4 4)"', turned("0 0;6 2", more='additive="sum"')
                                  + turned("0;30", "rotate", 'additive="sum"')),
    "added later": animated('transform="translate(9 9)"', turned("1;2", "scale", 'additive="sum" begin=".1s"')),
    "replaced later": animated('transform="rotate(20) translate(4 2)"', turned("0 0;9 12", more='begin=".1s"')),
    "about an origin": animated('transform="scale(2)" transform-origin="3 2"',
                                turned("0;90", "rotate", 'additive="sum"')),
    "a gradient moves": '<linearGradient id="g" x2=".5"><stop stop-color="red"/><stop offset="1" stop-color="blue"/>'
        f'<animateTransform attributeName="gradientTransform" type="translate" to=".5 0" {ENDS}/></linearGradient>'
        '<rect width="20" height="20" fill="url(#g)"/>',
    "by": animated("", f'<animate attributeName="x" by="9" {ENDS}/>'),
    "by, placed": animated("", f'<animateTransform attributeName="transform" type="translate" by="9 3" {ENDS}/>'),
    "accumulated": animated("", '<animate attributeName="x" from="0" to="3" accumulate="sum" repeatCount="3" dur=".1s"'
                            ' fill="freeze"/>'),
    "added": animated('x="4"', f'<animate attributeName="x" from="0" to="5" additive="sum" {ENDS}/>'),
    "once and a half": animated("", f'<animate attributeName="x" from="0" to="10" repeatCount="1.5" {ENDS}/>'),
    "from elsewhere": f'<animate href="#a" attributeName="width" to="18" {ENDS}/>{RECT} id="a"/>',
    "motion": animated('transform="scale(1.5)"', f'<animateMotion path="M2 2C2 12 8 16 14 14" rotate="auto" {ENDS}/>'),
    "motion to a point": animated("", '<animateMotion path="M2 2H20V20" keyPoints="0;.25" keyTimes="0;1"'
                                  f' calcMode="linear" {ENDS}/>'),
    "motion along a shape": animated("", f'<animateMotion rotate="auto-reverse" {ENDS}><mpath href="#p"/>'
        "</animateMotion>", before='<path id="p" d="M4 4L16 12" fill="none" stroke="#000"/>'),
    "motion by values": animated("", f'<animateMotion values="1,1;4,4;12,9" {ENDS}/>'),
    "motion and back": animated('x="9"', '<animateMotion path="M2 2H12" dur=".2s"/>'),
    "keyframes": keyframes("m .2s both", "to { opacity: .5; fill: red; transform: translate(9px, 9px) }"),
    "keyframes, reversed": keyframes("m .2s reverse forwards", "from { x: 9px } to { x: 0 }"),
    "keyframes, forth and back": keyframes("m .1s 2 alternate forwards", "from { fill: lime } to { fill: red }"),
    "two keyframes": keyframes("m .2s forwards, n .2s forwards", "to { x: 12px }"),
}  # fmt: skip


@pytest.fixture(scope="module")
def drawings(browser: Browser) -> Iterator[dict[str, Pixels]]:  # noqa: F811  # the fixture
    """What Chromium draws of each drawing and of its plain form, once the animations are over."""
    texts = {name: svg_of(body) for name, body in DRAWINGS.items()}
    texts |= {f"{name}, plain": clean_svg(text).svg for name, text in texts.items()}
    images = "".join(
        f'<img src="data:image/svg+xml;base64,{base64.b64encode(text.encode()).decode()}">' for text in texts.values()
    )
    rows = -(-len(texts) // COLUMNS)
    page = browser.new_page(viewport={"width": SIDE * COLUMNS, "height": SIDE * rows})
    style = f"body {{ margin: 0; background: rgb{GROUND} }} img {{ width: {SIDE}px; float: left }}"
    page.set_content(f"<style>{style}</style>{images}")
    page.wait_for_function("[...document.images].every(image => image.complete)")
    page.wait_for_timeout(1500)  # the longest animation takes 0.3 seconds
    sheet = np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("RGB"), np.float32)
    page.close()
    tiles = [divmod(index, COLUMNS) for index in range(len(texts))]
    yield {
        name: sheet[row * SIDE : (row + 1) * SIDE, column * SIDE : (column + 1) * SIDE]
        for name, (row, column) in zip(texts, tiles, strict=True)
    }


def correlation(first: Pixels, second: Pixels) -> float:
    """How alike two drawings are on the ground, at most 1, as at half of their size."""
    halves = [
        np.asarray(Image.fromarray(pixels.astype(np.uint8)).reduce(2), np.float32) - GROUND
        for pixels in (first, second)
    ]
    return float((halves[0] * halves[1]).sum() / np.linalg.norm(halves[0]) / np.linalg.norm(halves[1]))


@pytest.mark.parametrize("name", DRAWINGS)
def test_the_plain_form_is_drawn_as_the_original(drawings: dict[str, Pixels], name: str) -> None:
    ground = Image.new("RGBA", (SIDE, SIDE), GROUND)
    ground.alpha_composite(render(clean_svg(svg_of(DRAWINGS[name])).svg, SIDE))
    ours = np.asarray(ground.convert("RGB"), np.float32)
    assert correlation(ours, drawings[name]) > 0.98
    assert correlation(drawings[f"{name}, plain"], drawings[name]) > 0.98


@pytest.mark.parametrize("name", DRAWINGS)
def test_the_plain_form_stays_as_it_is(name: str) -> None:
    clean = clean_svg(svg_of(DRAWINGS[name]))
    assert clean_svg(clean.svg) == clean
