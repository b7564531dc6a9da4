"""The plain form: what people's tools write, in the means that every reader of SVG has. Nothing else may change."""

import codecs
import gzip

import pytest
from django.conf import LazySettings

from icons.svg import clean_svg
from tests.test_clean_svg import NS, PATH, cleaned, refusal, svg_of

D = "M4 4h16v16H4z"
XHTML = "http://www.w3.org/1999/xhtml"
SHADE = '<linearGradient id="a"><stop stop-color="#f60"/></linearGradient>'
CLIP = '<clipPath id="clip-1"><rect {}/></clipPath>'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("rgb(0 128 0 / 50%)", "rgba(0, 128, 0, 0.5)"),
        ("hsl(210deg 100% 40%)", "#0066cc"),
        ("rgb(100%,50%,0%)", "#ff8000"),
        ("hwb(120 0% 30%)", "#00b200"),
        ("oklch(60% .2 30)", "#de3e2d"),
        ("lab(50% 40 59.5)", "#bf5700"),
        ("color(display-p3 1 0.3608 0)", "#ff4b00"),
        ("RebeccaPurple", "#663399"),
        ("#f00c", "rgba(255, 0, 0, 0.8)"),
        ("#cd853f icc-color(acmecmyk, 0.11, 0.48, 0.83, 0.00)", "#cd853f"),
        ("color-mix(in srgb, red 40%, transparent)", "rgba(255, 0, 0, 0.4)"),
        ("color-mix(in oklch longer hue, #f60, blue 25%)", "#b08600"),
        ("color-mix(in srgb, rgb(100% 0% 20%) 25%, #000)", "#40000d"),
        ("light-dark(color-mix(in hsl, red, blue), #000)", "#ff00ff"),
        ("currentcolor", "currentColor"),
        ("transparent", "none"),
        ("WindowText", "#000000"),
        ("#FFF", "#FFF"),
        ("red", "red"),
    ],
)
def test_a_colour_is_written_as_every_reader_knows_it(before: str, after: str) -> None:
    assert cleaned(f'<path fill="{before}" d="{D}"/>') == f'<path fill="{after}" d="{D}"/>'
    assert cleaned(f'<path style="fill:{before}" d="{D}"/>') == f'<path d="{D}" fill="{after}"/>'


@pytest.mark.parametrize(
    "paint",
    [
        "nocolour",
        "rgb(1",
        "url(x)",
        "inherit",
        "var(--missing)",
        "color-mix(in srgb, red)",
        "color-mix(red, blue)",
        "color-mix(in nosuch, red, blue)",
        "color-mix(in srgb, red 0%, blue 0%)",
    ],
)
def test_what_is_no_colour_is_ignored_as_in_browsers(paint: str) -> None:
    assert cleaned(f'<g fill="#06c"><path fill="{paint}" d="{D}"/></g>') == f'<g fill="#06c"><path d="{D}"/></g>'


@pytest.mark.parametrize("mixture", ["currentColor 30%, transparent", "transparent 70%, CurrentColor"])
def test_a_share_of_the_colour_around_is_an_opacity_of_it(mixture: str) -> None:
    style = f"fill:color-mix(in srgb, {mixture})"
    assert cleaned(f'<path style="{style}"/>') == '<path fill="currentColor" fill-opacity="0.3"/>'
    assert cleaned(f'<path style="{style};fill-opacity:.5"/>') == '<path fill="currentColor" fill-opacity="0.15"/>'
    assert cleaned(f'<path style="{style.replace(":", ":url(#no) ", 1)}"/>') == '<path fill="currentColor"/>'
    assert cleaned(f'<g style="{style.replace("fill", "color")}"/>') == '<g color="currentColor"/>'


def test_of_two_declarations_the_last_valid_one_holds() -> None:
    style = "fill:#FF5C00;fill:color(display-p3 1 0.3608 0);stroke:#00f;stroke:none such"
    assert cleaned(f'<path d="{D}" style="{style}"/>') == f'<path d="{D}" fill="#ff4b00" stroke="#00f"/>'


@pytest.mark.parametrize(
    ("css", "body", "after"),
    [
        ("path:not(.x) { fill: red }", '<path class="x"/><path/>', '<path/><path fill="red"/>'),
        ("path:nth-child(3) { fill: red }", "<path/><path/>", '<path/><path fill="red"/>'),
        ("path + path { fill: red }", "<path/><g/><path/><path/>", '<path/><g/><path/><path fill="red"/>'),
        ("g ~ path { fill: red }", "<path/><g/><path/>", '<path/><g/><path fill="red"/>'),
        ("path[fill=red] { fill: blue }", '<path fill="red"/>', '<path fill="blue"/>'),
        (":is(g, a) > path { fill: red }", "<g><path/></g>", '<g><path fill="red"/></g>'),
        ("path:hover, path::after { fill: red }", "<path/>", "<path/>"),
        ("path:hover { fill: red } path { fill: blue }", "<path/>", '<path fill="blue"/>'),
        ("@media screen { path { fill: red } }", "<path/>", '<path fill="red"/>'),
        ("@media (prefers-color-scheme: dark) { path { fill: red } }", "<path/>", "<path/>"),
        ("@media (prefers-color-scheme: light) { path { fill: red } }", "<path/>", '<path fill="red"/>'),
        ("@media print, not screen { path { fill: red } }", "<path/>", "<path/>"),
        ("@supports (color: oklch(0 0 0)) { path { fill: red } }", "<path/>", '<path fill="red"/>'),
        ("path { d: path('M0 0h9') }", "<path/>", '<path d="M0 0h9"/>'),
        ("circle { r: 8px; cx: 50% }", "<circle/>", '<circle r="8" cx="12"/>'),
        ("path { x: 3px }", "<path/>", "<path/>"),
        ("path { marker: none; stroke-linecap: ROUND }", "<path/>", '<path marker-start="none" marker-mid="none" '
         'marker-end="none" stroke-linecap="round"/>'),
        ("path { stroke-linejoin: miter-clip; fill-rule: odd }", "<path/>", "<path/>"),
        ("g { fill: red; path { stroke: blue } & > rect { fill: #0a0 } }", "<g><path/><rect/></g>",
         '<g fill="red"><path stroke="blue"/><rect fill="#0a0"/></g>'),
        ("g { &.x, .y & { fill: red; &:not(.z) { stroke: blue } } }",
         '<g/><g class="x"/><g class="y"><g class="z"/></g>',
         '<g/><g fill="red" stroke="blue"/><g><g fill="red"/></g>'),
        ("g { @media (min-width: 1px) { fill: red; path { fill: blue } } @media print { fill: blue } }",
         "<g><path/></g>", '<g fill="red"><path fill="blue"/></g>'),
        ("@media screen { g { > path { fill: red } + rect { fill: blue } } }", "<g><path/></g><rect/>",
         '<g><path fill="red"/></g><rect fill="blue"/>'),
        ("path { fill: initial }", '<path fill="red"/>', '<path fill="black"/>'),
        ("path { fill: unset }", '<path fill="red"/>', "<path/>"),
    ],
)  # fmt: skip
def test_styles_become_attributes(css: str, body: str, after: str) -> None:
    assert cleaned(f"<style>{css.replace('>', '&gt;')}</style>{body}") == after


def test_a_style_for_another_medium_or_in_another_language_is_ignored() -> None:
    for attributes in ('media="print"', 'type="text/less"'):
        assert cleaned(f"<style {attributes}>path {{ fill: red }}</style>{PATH}") == PATH


def test_variables_are_resolved() -> None:
    style = "<style>svg { --a: #c00; --b: var(--a) } g { --a: #06c } path { fill: var(--x, var(--b)) }</style>"
    assert cleaned(style + "<g><path/></g>") == '<g><path fill="#c00"/></g>'
    assert cleaned('<path fill="var(--fill-0, #E5484D)"/>') == '<path fill="#E5484D"/>'
    assert cleaned('<g style="--w:3px"><path style="stroke-width:var(--w)"/></g>') == '<g><path stroke-width="3"/></g>'
    assert cleaned(f'<path fill="red" style="fill:var(--none)" d="{D}"/>') == f'<path d="{D}"/>'


def test_variables_that_multiply_come_to_an_end() -> None:
    levels = ";".join(f"--a{i + 1}:{f'var(--a{i})' * 10}" for i in range(20))
    assert cleaned(f'<g style="--a0:red;{levels}"><path style="fill:var(--a20)"/></g>') == "<g><path/></g>"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('stroke-width="2px"', 'stroke-width="2"'),
        ('stroke-width="1mm"', 'stroke-width="3.779528"'),
        ('x="1em" y="3pt"', 'x="16" y="4"'),
        ('width="50%" height="25%"', 'width="12" height="6"'),
        ('width="calc(50% - 2px)"', 'width="10"'),
        ('opacity="40%" fill-opacity="7"', 'opacity="0.4" fill-opacity="1"'),
        ('stroke-dasharray="5 3 2"', 'stroke-dasharray="5 3 2 5 3 2"'),
        ('stroke-dasharray="1px, 2"', 'stroke-dasharray="1 2"'),
        ('stroke-dasharray="0 0"', 'stroke-dasharray="none"'),
        ('stroke-dasharray="-1 2"', ""),
        ('stroke-width="wide" x="calc(1" y="1lh"', ""),
    ],
)
def test_lengths_become_numbers(before: str, after: str) -> None:
    assert cleaned(f"<rect {before}/>") == f"<rect {after}/>".replace(" />", "/>")


def test_percentages_of_the_box_that_is_painted_become_fractions() -> None:
    stop = '<stop offset="50%"/>'
    assert cleaned(f'<linearGradient x1="0%" x2="50%">{stop}</linearGradient>') == (
        '<linearGradient x1="0" x2="0.5"><stop offset="50%"/></linearGradient>'
    )
    assert cleaned('<linearGradient gradientUnits="userSpaceOnUse" x2="50%"/>') == (
        '<linearGradient gradientUnits="userSpaceOnUse" x2="12"/>'
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('style="transform:translate(12px,50%) rotate(.125turn)"', "translate(12 12) rotate(45)"),
        ('style="translate:8px;rotate:45deg;scale:.5 1"', "translate(8 0) rotate(45) scale(0.5 1)"),
        ('transform="rotate(45)" transform-origin="12 12"', "translate(12 12) rotate(45) translate(-12 -12)"),
        (
            'transform="rotate(45)" style="transform-origin:center"',
            "translate(12 12) rotate(45) translate(-12 -12)",
        ),
        (
            'transform="scale(2)" style="transform-box:fill-box;transform-origin:right bottom"',
            "translate(10 8) scale(2) translate(-10 -8)",
        ),
        ('transform="scale(2)" style="transform:none"', ""),
        ('style="transform:translate(8px,foo)"', ""),
        ('style="transform:matrix3d(1,0,0,0,0,.5,0,0,0,0,1,0,2,3,0,1)"', "matrix(1 0 0 0.5 2 3)"),
    ],
)
def test_transformations_of_css_become_those_of_svg(before: str, after: str) -> None:
    shape = '<rect x="2" y="4" width="8" height="4"'
    assert cleaned(f"{shape} {before}/>") == (f'{shape} transform="{after}"/>' if after else f"{shape}/>")


def test_the_root_turns_about_its_middle() -> None:
    clean = clean_svg(svg_of(PATH, 'viewBox="0 0 24 24" transform="rotate(90)"'))
    assert f'<g transform="translate(12 12) rotate(90) translate(-12 -12)">{PATH}</g>' in clean.svg


def test_an_inner_drawing_becomes_a_group_that_is_placed_and_clipped() -> None:
    clip = CLIP.format('x="6" y="6" width="12" height="6"')
    assert cleaned(f'<svg x="6" y="6" width="12" height="6" viewBox="0 0 24 24" fill="red">{PATH}</svg>') == (
        f'<g fill="red" clip-path="url(#clip-1)">{clip}<g transform="translate(6 6) matrix(0.25 0 0 0.25 3 0)">{PATH}'
        "</g></g>"
    )
    assert cleaned('<svg width="50%" height="12" overflow="visible"><rect width="50%" height="9"/></svg>') == (
        '<g><rect width="6" height="9"/></g>'
    )
    assert cleaned(f'<svg width="0" height="9">{PATH}</svg>') == ""


def test_a_symbol_becomes_a_group_that_each_use_places() -> None:
    symbol = f'<symbol id="a" viewBox="0 0 24 24">{PATH}</symbol>'
    clip = CLIP.format('x="2" y="2" width="12" height="12"')
    assert cleaned(f'{symbol}<use href="#a" x="2" y="2" width="12" height="12" fill="red"/>') == (
        f'<defs><g id="a">{PATH}</g></defs><g fill="red" clip-path="url(#clip-1)">{clip}'
        '<use transform="translate(2 2) matrix(0.5 0 0 0.5 0 0)" href="#a"/></g>'
    )


def test_dashes_in_units_of_the_path_become_those_of_the_drawing() -> None:
    circle = '<circle r="9" stroke-dasharray="{}"/>'
    assert cleaned(circle.format('75 25" pathLength="100')) == circle.format("42.41741 14.13914")
    group = '<g stroke-dasharray="1 1"><path d="M0 0h20"{}/></g>'
    assert cleaned(group.format(' pathLength="10"')) == group.format(' stroke-dasharray="2 2"')


@pytest.mark.parametrize(
    ("css", "shape"),
    [
        ("circle(10px at 12px 12px)", '<circle cx="14" cy="16" r="10"/>'),
        ("ellipse(8px 25%)", '<ellipse cx="12" cy="12" rx="8" ry="4"/>'),
        ("inset(2px 25%)", '<rect x="7" y="6" width="10" height="12"/>'),
        ("polygon(50% 0, 100% 100%, 0 100%)", '<polygon points="12,4 22,20 2,20"/>'),
        ("path('M0 0h9v9z')", '<path d="M0 0h9v9z" transform="translate(2 4)"/>'),
    ],
)
def test_a_clip_of_css_becomes_a_clip_path(css: str, shape: str) -> None:
    rect = '<rect x="2" y="4" width="20" height="16"'
    expected = f'<clipPath id="clip-1">{shape}</clipPath>{rect} clip-path="url(#clip-1)"/>'
    assert cleaned(f'{rect} style="clip-path:{css}"/>') == expected


def test_references_that_point_nowhere_are_drawn_as_browsers_do() -> None:
    assert cleaned('<path stroke="url(#no) #090" fill="url(#no)"/>') == '<path stroke="#090" fill="none"/>'
    assert cleaned('<linearGradient id="a"/><path fill="url(#a)"/>') == '<linearGradient id="a"/><path fill="none"/>'
    assert cleaned('<path mask="url(#no)" clip-path="url(#no)" filter="url(#no)" marker-end="url(#no)"/>') == "<path/>"
    body = '<linearGradient id="b" href="#a"/><path fill="url(#b)"/>'
    assert cleaned(SHADE + body) == SHADE + body


def test_a_gradient_has_all_that_it_takes_from_others() -> None:
    stop = '<stop offset="0"/>'
    first = '<linearGradient id="a" gradientUnits="userSpaceOnUse" x1="2" gradientTransform="scale(2)">' + stop
    other = '</linearGradient><linearGradient id="b" y2="50%" href="#a"/>'
    radial = '<radialGradient id="c" r="25%" spreadMethod="pad" href="#b"/><path fill="url(#b)" stroke="url(#c)"/>'
    shared = 'gradientUnits="userSpaceOnUse" gradientTransform="scale(2)"'
    assert cleaned(first + other + radial) == (
        f'{first}</linearGradient><linearGradient id="b" y2="12" {shared} x1="2" href="#a"/>'
        f'<radialGradient id="c" r="6" spreadMethod="pad" {shared} href="#b"/><path fill="url(#b)" stroke="url(#c)"/>'
    )
    pattern = '<pattern id="p" width="50%" height="9" patternTransform="scale(2)"><path/></pattern>'
    assert '<pattern id="q" x="3" width="0.5" height="9" patternTransform="scale(2)" href="#p"/>' in cleaned(
        pattern + '<pattern id="q" x="3" href="#p"/><path fill="url(#q)"/>'
    )


def test_nested_rules_that_multiply_are_refused() -> None:
    css = "a { &&&&&&&&&& { " * 4 + "fill: red" + "} }" * 4
    assert "too complex" in refusal(svg_of(f"<style>{css.replace('&', '&amp;')}</style>"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<polygon points="0 0 9 9 0 9 text"/>', "<polygon/>"),
        ('<filter id="a" href="#b"><feOffset dx="9%" dy="1"/></filter>', '<filter id="a"><feOffset dy="1"/></filter>'),
        ('<path style="filter:drop-shadow(0 1mm .5em #0008) grayscale(50%)"/>',
         '<path filter="drop-shadow(0 3.779528px 8px rgba(0, 0, 0, 0.533)) grayscale(50%)"/>'),
        ('<path style="filter:blur(1in) drop-shadow(oklch(60% .2 30) 1px 0)"/>',
         '<path filter="blur(96px) drop-shadow(#de3e2d 1px 0)"/>'),
        ('<path filter="blur(4)"/>', '<path filter="blur(4)"/>'),
        ('<path stroke-width="-2"/>', "<path/>"),
        ('<path style="fill:/* c */red;/* d */stroke:blue"/>', '<path fill="red" stroke="blue"/>'),
        ('<linearGradient gradientUnits="nosuch" spreadMethod="PAD"/>', '<linearGradient spreadMethod="pad"/>'),
        ('<rect systemLanguage="ru-RU"/><rect systemLanguage="en"/>', "<rect/>"),
        ('<rect style="font-size:20px" width="1rem" height="1ic"/>', '<rect width="16" height="20"/>'),
        (SHADE.replace("id=", 'gradientTransform="scale(0)" id=', 1) + '<path fill="url(#a) red"/>',
         SHADE.replace("id=", 'gradientTransform="scale(0)" id=', 1) + '<path fill="none"/>'),
        ('<marker id="m"/><g marker-mid="url(#m)"><path/><rect/></g>',
         '<marker id="m"/><g marker-mid="url(#m)"><path/>'
         '<rect marker-start="none" marker-mid="none" marker-end="none"/></g>'),
        ('<mask id="a"/><mask id="b" mask="url(#a)"/>', '<mask id="a"/><mask id="b"/>'),
    ],
)  # fmt: skip
def test_what_browsers_ignore_is_ignored(before: str, after: str) -> None:
    assert cleaned(before) == after


def test_what_a_root_does_is_done_to_a_group() -> None:
    clip = '<clipPath id="c"><path d="M0 0h9v9z"/></clipPath>'
    clean = clean_svg(svg_of(clip + PATH, 'viewBox="0 0 24 24" clip-path="url(#c)" display="none"'))
    assert clean.svg.endswith(f'viewBox="0 0 24 24"><g clip-path="url(#c)">{clip}{PATH}</g></svg>')
    assert clean_svg(clean.svg) == clean


@pytest.mark.parametrize("style", ["background:#fff", "background-color: #fff", "background: #fff url(x.png)"])
def test_the_background_of_a_root_is_drawn(style: str) -> None:
    clean = clean_svg(svg_of(PATH, f'viewBox="-2 0 24 24" style="{style}"'))
    assert clean.svg.endswith(f'><rect x="-2" width="24" height="24" fill="#fff" stroke="none"/>{PATH}</svg>')
    assert clean_svg(clean.svg) == clean
    assert "<rect" not in clean_svg(svg_of(PATH, 'viewBox="0 0 9 9" style="background:none"')).svg


def test_of_equal_ids_the_first_counts() -> None:
    path = '<path fill="url(#a)"/>'
    assert cleaned(SHADE + SHADE + path) == SHADE + SHADE.replace(' id="a"', "") + path


@pytest.mark.parametrize(
    ("name", "reference"),
    [("New Gradient", "'#New Gradient'"), ("a(b)", "'#a%28b%29'"), ("渐变_2", "#渐变_2"), ("a b", "#a%20b")],
)
def test_any_id_can_be_referred_to(name: str, reference: str) -> None:
    clean = cleaned(f'<linearGradient id="{name}"><stop/></linearGradient><path fill="url({reference})"/>')
    written = clean.partition('id="')[2].partition('"')[0]
    assert clean.endswith(f'<path fill="url(#{written})"/>')


# --- Animations ---


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            '<path opacity="0"><animate attributeName="opacity" to="1" dur="1s" fill="freeze"/></path>',
            '<path opacity="1"><set attributeName="opacity" to="0"/>'
            '<animate attributeName="opacity" to="1" dur="1s" fill="freeze"/></path>',
        ),
        (  # what it inherits is not seen either
            '<g stroke-dashoffset="9"><path><animate attributeName="stroke-dashoffset" begin="1s" to="0" dur="1s" '
            'fill="freeze"/></path></g>',
            '<g stroke-dashoffset="9"><path stroke-dashoffset="0"><set attributeName="stroke-dashoffset" to="9"/>'
            '<animate attributeName="stroke-dashoffset" begin="1s" to="0" dur="1s" fill="freeze"/></path></g>',
        ),
        (  # a spinner, which has no end, would not be seen at all
            '<circle r="0"><animate attributeName="r" values="0;11" dur="1s" repeatCount="indefinite"/></circle>',
            '<circle r="11"><set attributeName="r" to="0"/>'
            '<animate attributeName="r" values="0;11" dur="1s" repeatCount="indefinite"/></circle>',
        ),
        (  # one that stands still most of the time
            '<path d="M0 0h1"><animate attributeName="d" values="M0 0h1;M0 0h9;M0 0h9;M0 0h1" keyTimes="0;.1;.9;1" '
            'dur="1s" repeatCount="indefinite"/></path>',
            '<path d="M0 0h9"><set attributeName="d" to="M0 0h1"/><animate attributeName="d" '
            'values="M0 0h1;M0 0h9;M0 0h9;M0 0h1" keyTimes="0;.1;.9;1" dur="1s" repeatCount="indefinite"/></path>',
        ),
        (  # one that is hidden most of the time
            '<path><animate attributeName="opacity" values="1;0;0;1" dur="1s" repeatCount="indefinite"/></path>',
            '<path><animate attributeName="opacity" values="1;0;0;1" dur="1s" repeatCount="indefinite"/></path>',
        ),
        (  # one without a size before it grows, and without a path of its own
            '<path transform="scale(0)"><animateTransform attributeName="transform" type="scale" values="0;2;1" '
            'dur="1s" repeatCount="indefinite"/><animate attributeName="d" values="M0 0h9;M0 0" dur="1s" '
            'repeatCount="indefinite"/></path>',
            '<path transform="scale(2)" d="M0 0h9"><animateTransform attributeName="transform" type="scale" '
            'values="0;2;1" dur="1s" repeatCount="indefinite"/><animate attributeName="d" values="M0 0h9;M0 0" '
            'dur="1s" repeatCount="indefinite"/></path>',
        ),
        (  # one that moves for ever starts at the start
            '<path><animateMotion path="M3 4h9" dur="1s" repeatCount="indefinite"/></path>',
            '<g transform="translate(3 4)"><animateTransform attributeName="transform" type="translate" values="0 0" '
            'dur="1ms" fill="freeze"/><path><animateMotion path="M3 4h9" dur="1s" repeatCount="indefinite"/></path>'
            "</g>",
        ),
        (  # one that waits for one that waits for it, and one that waits for these
            '<path opacity="0"><animate id="a" attributeName="opacity" begin="0;b.end" to="1" dur="1s" fill="freeze"/>'
            '<animate id="b" attributeName="opacity" begin="a.end" to="0" dur="1s" fill="freeze"/></path>'
            '<path><animate attributeName="opacity" begin="b.begin" to="0" dur="1s" fill="freeze"/></path>',
            '<path opacity="1"><set attributeName="opacity" to="0"/>'
            '<animate id="a" attributeName="opacity" begin="0;b.end" to="1" dur="1s" fill="freeze"/>'
            '<animate id="b" attributeName="opacity" begin="a.end" to="0" dur="1s" fill="freeze"/></path>'
            '<path><animate attributeName="opacity" begin="b.begin" to="0" dur="1s" fill="freeze"/></path>',
        ),
        (  # one that goes back to where it was
            '<path opacity=".5"><animate attributeName="opacity" to="1" dur="1s"/></path>',
            '<path opacity=".5"><animate attributeName="opacity" to="1" dur="1s"/></path>',
        ),
        (  # one that waits for a click
            '<path opacity=".5"><animate attributeName="opacity" to="1" dur="1s" begin="click" fill="freeze"/></path>',
            '<path opacity=".5"><animate attributeName="opacity" to="1" dur="1s" begin="click" fill="freeze"/></path>',
        ),
        (
            '<path><animateTransform attributeName="transform" type="rotate" to="45" dur="1s" fill="freeze"/></path>',
            '<path transform="rotate(45)"><animateTransform attributeName="transform" type="rotate" to="45" dur="1s" '
            'fill="freeze"/></path>',
        ),
        (
            "<style>path { opacity: 0; animation: show 1s forwards } @keyframes show { to { opacity: 1 } }</style>"
            "<path/>",
            '<path opacity="1"/>',
        ),
        (
            "<style>path { opacity: 0; animation: a 1s infinite } @keyframes a { 50% { opacity: .8 } }</style><path/>",
            '<path opacity=".8"/>',
        ),
    ],
)
def test_an_animated_icon_is_as_it_ends(before: str, after: str) -> None:
    assert cleaned(before) == after


def test_animations_that_wait_in_circles_do_not_multiply() -> None:
    waits = ["a.end;b.end;c.end"] * 3
    animations = "".join(
        f'<animate id="{name}" attributeName="x" begin="{begin}" to="1" dur="1s"/>'
        for name, begin in zip("abc", waits, strict=True)
    )
    assert cleaned(f"<rect>{animations}</rect>") == f"<rect>{animations}</rect>"


def test_animations_that_wait_for_one_another_are_in_their_order() -> None:
    later = '<animate attributeName="opacity" to=".7" dur="1s" begin="a.end+1s" fill="freeze"/>'
    first = '<animate id="a" attributeName="opacity" to=".3" dur="1s" fill="freeze"/>'
    assert cleaned(f"<path>{later}{first}</path>").startswith('<path opacity=".7">')


# --- What draws nothing, and what would be lost ---


@pytest.mark.parametrize(
    ("junk", "left"),
    [
        ("<text/><text> <tspan> </tspan></text>", ""),
        ('<text visibility="hidden">A</text><text opacity="0">A</text><text fill="none">A</text>', ""),
        ('<g display="none"><text>A</text></g><text style="display:none">A</text>', ""),
        ("<defs><text>A</text></defs>", "<defs/>"),
        ('<text x="-40" y="9">A</text><g transform="translate(9 99)"><text>A</text></g>',
         '<g transform="translate(9 99)"/>'),
        ('<text y="-8" font-size="9"><tspan x="4" y="-9" font-size="4">A</tspan></text>', ""),
        ('<image href="x.png" x="30" width="9" height="9"/><image href="x.png" width="9" height="9" '
         'transform="rotate(180)"/>', ""),
        ('<defs><image id="i" href="data:image/png;base64,AA"/></defs>', "<defs/>"),
        (f'<foreignObject><div xmlns="{XHTML}" style="backdrop-filter:blur(2px)"/></foreignObject>', ""),
        ('<flowRoot><flowRegion><rect width="9"/></flowRegion><flowPara/></flowRoot>', ""),
        ('<inkscape:grid/><g inkscape:label="Layer" sodipodi:x="1"/>', "<g/>"),
        ('<animateColor to="red"/><font-face/><view/><metadata><x/></metadata><link href="x.css"/>', ""),
        ('<a href="http://example.com"><path/></a>', "<g><path/></g>"),
        ("<switch><foreignObject><b>1</b></foreignObject><path/><g/></switch>", "<path/>"),
        ('<switch><g systemLanguage="de"/><g systemLanguage="en-GB"><path/></g></switch>',
         '<g><path/></g>'),
        ('<switch><g requiredExtensions="http://x"/><path/></switch>', "<path/>"),
        ('<g display="none"><path id="p"/></g><use href="#p"/>', '<defs><path id="p"/></defs><use href="#p"/>'),
        ('<path style="display:none"/><g style="display:block"/>', "<g/>"),
    ],
)  # fmt: skip
def test_what_draws_nothing_is_dropped(junk: str, left: str) -> None:
    assert cleaned(junk + PATH) == left + PATH


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("<text>P</text>", ("“P”", "Create Outlines")),
        ("<g><text><tspan>Open the door, please</tspan></text></g>", ("“Open the door, plea…”",)),
        ('<defs><text id="t">P</text></defs><use href="#t"/>', ("“P”",)),
        ('<image href="x.png" width="9" height="9"/>', ("<image>", "Image Trace")),
        ('<image href="x.png" x="-4" width="9" height="9"/>', ("<image>",)),
        ('<image href="x.png" x="30" width="9" height="9" style="transform:translate(-20px)"/>', ("<image>",)),
        ('<g transform="translate(-40)"><text x="40" y="9">P</text></g>', ("“P”",)),
        ('<text x="-40" y="9">P</text><text id="t" x="-40">P</text><use href="#t" x="50"/>', ("“P”",)),
        ('<text x="-20" y="9">Picture</text>', ("“Picture”",)),
        ('<text x="-20" y="9" dx="40">P</text>', ("“P”",)),
        ('<pattern id="p"><image href="x.png"/></pattern><path fill="url(#p)"/>', ("<image>",)),
        ('<filter id="f"><feImage href="#p"/></filter><path id="p" filter="url(#f)"/>', ("<feImage>",)),
        ('<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">Hi</p></foreignObject>', ("<foreignObject>",)),
        (
            '<foreignObject><div xmlns="http://www.w3.org/1999/xhtml" style="background:conic-gradient(red,blue)"/>'
            "</foreignObject>",
            ("angular gradient", "Figma"),
        ),
    ],
)
def test_what_would_be_lost_is_refused_with_what_to_do(part: str, words: tuple[str, ...]) -> None:
    sentence = refusal(svg_of(part + PATH))
    assert all(word in sentence for word in words)


PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
PNG = f"data:image/png;base64,{PIXEL}"


def test_an_operator_may_allow_bitmaps(settings: LazySettings) -> None:
    image = f'<image width="9" height="9" href="{PNG}"/>'
    assert "<image>" in refusal(svg_of(image))
    settings.SVG_KEEP_BITMAPS = True
    assert cleaned(image) == image
    for link in (
        "http://example.com/x.png",
        "data:image/svg+xml;base64,AAAA",
        PNG[:-3] + "!!",
        "data:image/png;base64,AAAA",
    ):
        assert "<image>" in refusal(svg_of(f'<image width="9" height="9" href="{link}"/>'))


# --- Encodings ---


@pytest.mark.parametrize(
    "name", ["iso-8859-1", "windows-1252", "gb2312", "GBK", "gb18030", "Shift_JIS", "big5", "euc-kr", "koi8-r"]
)
def test_declared_encodings_are_read(name: str) -> None:
    text = {"iso-8859-1": "Größe", "windows-1252": "“Größe”", "euc-kr": "집", "koi8-r": "дом"}.get(name, "家")
    body = f'<title>{text}</title><path id="{text}"/>'
    raw = f'<?xml version="1.0" encoding="{name}"?>{svg_of(body)}'.encode(name)
    assert f'<path id="{text}"/>' in clean_svg(raw).svg


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_read_with_and_without_a_mark(encoding: str) -> None:
    mark = codecs.BOM_UTF16_LE if encoding == "utf-16-le" else codecs.BOM_UTF16_BE
    raw = f'<?xml version="1.0" encoding="UTF-16"?>{svg_of(PATH)}'.encode(encoding)
    assert clean_svg(raw) == clean_svg(mark + raw) == clean_svg(svg_of(PATH))


@pytest.mark.parametrize("declaration", ["", '<?xml version="1.0" encoding="UTF-8"?>', '<?xml encoding="no-such"?>'])
def test_a_wrong_declaration_does_no_harm(declaration: str) -> None:
    raw = declaration.replace("<?xml encoding", '<?xml version="1.0" encoding').encode()
    assert clean_svg(raw + svg_of("<title>für</title>" + PATH).encode("latin-1")) == clean_svg(svg_of(PATH))


def test_a_compressed_file_is_unpacked_up_to_the_limit() -> None:
    assert clean_svg(gzip.compress(svg_of(PATH).encode())) == clean_svg(svg_of(PATH))
    assert "larger than" in refusal(gzip.compress(b" " * 100_000_000))
    assert "damaged" in refusal(gzip.compress(svg_of(PATH).encode())[:12])


def test_entities_of_html_are_read() -> None:
    assert clean_svg(svg_of("<title>a&nbsp;b &copy;</title>" + PATH)) == clean_svg(svg_of(PATH))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<title>R&D &nosuch;</title><path/>", "<path/>"),
        ("<path d='M0 0h9' d='M1 1' fill=red />", '<path d="M0 0h9" fill="red"/>'),
        ("<path d=M0,0h9/><path stroke-width=2 id=a></path>", '<path d="M0,0h9"/><path stroke-width="2" id="a"/>'),
        ("<g hidden><rect width='9'><circle r='3'></g>", '<g><rect width="9"/><circle r="3"/></g>'),
        ("<!-- one -- two --><path/>\x0b", "<path/>"),
        ("<LINEARGRADIENT ID=a GRADIENTUNITS=userSpaceOnUse></LINEARGRADIENT>",
         '<linearGradient id="a" gradientUnits="userSpaceOnUse"/>'),
        ("<path/></g></b>", "<path/>"),
        ("<style>path { fill: red }</style><path><title>1 < 2</title></path>", '<path fill="red"/>'),
        ("<style><![CDATA[path > a, path { fill: red }]]></style><path id=a id=b>", '<path id="a" fill="red"/>'),
        ("<path onclick=alert(1) onload='x' style=fill:red>", '<path fill="red"/>'),
    ],
)  # fmt: skip
def test_what_is_no_xml_is_read_as_browsers_read_html(before: str, after: str) -> None:
    assert cleaned(before) == after


def test_a_script_in_what_is_no_xml_is_refused_as_well() -> None:
    assert "<script>" in refusal(svg_of("<path d=M0,0><script>alert(1 < 2)</script>"))


def test_what_html_lets_people_leave_out_is_understood() -> None:
    assert clean_svg(f'<svg viewBox="0 0 24 24">{PATH}</svg>') == clean_svg(svg_of(PATH))
    use = '<path id="p"/><use xlink:href="#p"/>'
    assert clean_svg(f'<svg {NS} viewbox="0 0 24 24">{use}</svg>').svg.endswith('<path id="p"/><use href="#p"/></svg>')
