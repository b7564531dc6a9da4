"""An icon as text in each format, as picture files, and in templates."""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import unquote
from xml.etree.ElementTree import fromstring

import pytest
import tinycss2
from django.conf import LazySettings
from django.http import QueryDict
from django.template import Context, Template, TemplateSyntaxError
from django.test import Client
from PIL import Image

from icons import rendering
from icons.exporting.code import CODE_FORMATS
from icons.exporting.look import PLAIN, Look
from icons.exporting.look_forms import LookForm, query_of
from icons.models import Icon, IconSet
from tests.conftest import icon_of, svg_of

RING = svg_of('<circle cx="12" cy="12" r="8" fill="none" stroke="currentColor" stroke-width="3"/>')
FLAG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 36 24"><path id="a" fill="red" d="M0 0h36v24H0z"/>'
    '<use href="#a"/></svg>'
)
HOSTILE = "a--> */ #} {x} \"'</script>%}"
WRITE = {code_format.key: code_format.write for code_format in CODE_FORMATS}


@pytest.mark.parametrize("depth", [62, 63])
@pytest.mark.parametrize("look", [Look(rotate=1), Look(rotate=1, flip_x=True, flip_y=True, colour="red", stroke=1)])
def test_an_icon_as_deep_as_may_be_is_written_in_every_look(depth: int, look: Look) -> None:
    groups = depth - 1  # within the root
    icon = icon_of(svg_of("<g>" * groups + '<path d="M0 0h9v9z" stroke="red"/>' + "</g>" * groups))
    for write in WRITE.values():
        assert write(icon, look, "")


def test_svg_is_what_is_drawn() -> None:
    assert WRITE["svg"](icon_of(RING), Look(size=48, colour="red"), "Of X") == (
        '<svg xmlns="http://www.w3.org/2000/svg" width="48" height="48" viewBox="0 0 24 24"><!-- Of X -->'
        '<circle cx="12" cy="12" r="8" fill="none" stroke="red" stroke-width="3"/></svg>'
    )


def test_jsx_is_a_component_with_its_own_spelling_of_attributes() -> None:
    styled = icon_of(RING.replace("<circle", '<circle style="mix-blend-mode:multiply"'))
    assert WRITE["jsx"](styled, PLAIN, "Of X") == (
        "// Of X\n"
        "export function IconRing(props) {\n"
        "  return (\n"
        '    <svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24" {...props}>\n'
        '      <circle cx="12" cy="12" r="8" fill="none" stroke="currentColor" strokeWidth="3"'
        ' style={{"mixBlendMode": "multiply"}} />\n'
        "    </svg>\n"
        "  );\n"
        "}\n"
    )


def test_a_component_may_be_of_an_icon_whose_name_begins_with_a_digit() -> None:
    icon = icon_of(RING)
    icon.name = "24-hours-arrow"
    assert "export function Icon24HoursArrow(props)" in WRITE["jsx"](icon, PLAIN, "")


def test_vue_and_svelte_hold_the_svg() -> None:
    icon = icon_of(RING)
    assert WRITE["vue"](icon, PLAIN, "Of X") == f"<!-- Of X -->\n<template>\n  {icon.svg}\n</template>\n"
    assert WRITE["svelte"](icon, PLAIN, "Of X") == (
        "<script>\n  let props = $props();\n</script>\n\n<!-- Of X -->\n"
        + icon.svg.replace('24">', '24" {...props}>')
        + "\n"
    )


def test_a_brace_in_a_drawing_is_none_of_the_programs_braces() -> None:
    svelte = WRITE["svelte"](icon_of(RING.replace('r="8"', 'r="8" operator="{x}"')), PLAIN, "")
    assert 'operator="&#123;x&#125;"' in svelte


def test_css_takes_the_shape_of_one_colour_and_the_colours_of_others() -> None:
    shape = (
        "url(\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='24' height='24'"
        " viewBox='0 0 24 24'%3E%3Ccircle cx='12' cy='12' r='8' fill='none' stroke='currentColor'"
        " stroke-width='3'/%3E%3C/svg%3E\") center / contain no-repeat;\n"
    )
    assert WRITE["css"](icon_of(RING), PLAIN, "Of X") == (
        "/* Of X */\n.shapes-ring {\n  display: inline-block;\n  width: 1em;\n  height: 1em;\n"
        f"  background-color: currentColor;\n  -webkit-mask: {shape}  mask: {shape}}}\n"
    )
    flag = WRITE["css"](icon_of(FLAG), Look(size=36, rotate=1, colour="blue"), "")
    assert "  width: 24px;\n  height: 36px;\n  background: url(" in flag and "mask" not in flag and "blue" not in flag
    assert "background-color: blue;" in WRITE["css"](icon_of(RING), Look(colour="blue"), "")


@pytest.mark.parametrize(
    ("prefix", "name", "selector"),
    [
        ("3d-icons", "home", ".\\33 d-icons-home {"),
        ("0", "0", ".\\30 -0 {"),
        ("shapes", "24-hours", ".shapes-24-hours {"),
        ("a1", "b", ".a1-b {"),
    ],
)
def test_a_digit_at_the_start_of_a_css_class_is_escaped(prefix: str, name: str, selector: str) -> None:
    icon = icon_of(RING, prefix=prefix)
    icon.name = name
    sheet = WRITE["css"](icon, PLAIN, "")
    assert sheet.startswith(selector)
    (rule,) = tinycss2.parse_stylesheet(sheet, skip_whitespace=True)
    dot, identifier, *rest = rule.prelude
    assert dot == "." and (identifier.type, identifier.value) == ("ident", f"{prefix}-{name}")
    assert [token.type for token in rest] in ([], ["whitespace"])


def test_an_address_with_the_icon_in_it_has_no_double_quotes() -> None:
    uri = WRITE["data"](icon_of(RING), PLAIN, 'Of "X" & Łukasz\'s')
    assert uri.startswith("data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='24'")
    assert '"' not in uri and "#" not in uri and "&" not in uri and uri.isascii()


def test_the_iconify_element_has_the_changes_that_iconify_can_make() -> None:
    look = Look(colour="red", size=48, rotate=1, flip_x=True, flip_y=True, stroke=1)
    assert WRITE["iconify"](icon_of(RING), look, "") == (
        '<iconify-icon icon="shapes:ring" width="48" rotate="90deg" flip="horizontal,vertical" style="color: red">'
        "</iconify-icon>"
    )
    assert ' height="48" rotate' in WRITE["iconify"](icon_of(FLAG), look, "")
    assert WRITE["id"](icon_of(RING), look, "Of X") == "shapes:ring"


@pytest.mark.parametrize("look", [PLAIN, Look("red", 48, 1.5, 3, True, True)])
@pytest.mark.parametrize("svg", [RING, FLAG])
@pytest.mark.parametrize("credit", ["", HOSTILE])
def test_every_format_can_be_read(svg: str, look: Look, credit: str) -> None:
    icon = icon_of(svg)
    texts = {key: write(icon, look, credit) for key, write in WRITE.items()}
    fromstring(texts["svg"])
    fromstring(f"<all>{texts['vue']}</all>")
    fromstring(unquote(texts["data"].partition(",")[2]))
    fromstring(f"<all>{texts['iconify']}</all>")
    fromstring(f"<all>{texts['svelte'].replace('{...props}', '')}</all>")
    jsx = texts["jsx"].splitlines()
    assert jsx[0] == f"// {HOSTILE}" if credit else jsx[0].startswith("export")
    fromstring("\n".join(jsx[jsx.index("  return (") + 1 : -2]).replace(" {...props}", ""))
    assert texts["css"].count("*/") == bool(credit) and texts["css"].count("{") == 1 + credit.count("{")
    assert texts["django"].count("#}") == bool(credit)


def test_a_look_survives_the_address_that_asks_for_it() -> None:
    look = Look("#ff8800", 48, 1.5, 3, True, True)
    assert query_of(look, True) == "colour=%23ff8800&size=48&stroke=1.5&rotate=3&flip=x&flip=y&credit=on"
    form = LookForm(QueryDict(query_of(look, True)))
    assert form.is_valid() and form.look() == look and form.cleaned_data["credit"] is True
    assert query_of(PLAIN) == ""


@pytest.mark.parametrize(
    ("given", "colour"), [("f80", "#f80"), ("FF8800", "#FF8800"), ("tomato", "tomato"), ("currentColor", "")]
)
def test_a_colour_may_be_written_as_people_do(given: str, colour: str) -> None:
    form = LookForm({"colour": given})
    assert form.is_valid() and form.look().colour == colour


BAD = [
    ("colour=x%00", "Null characters are not allowed."),
    ("colour=red;}", "The colour must be written as #f80 or #ff8800, or be a CSS colour name such as “tomato”."),
    ("colour=url(x)", "The colour must be"),
    ("colour=" + "a" * 99999, "The colour must be"),
    ("size=0", "The size"),
    ("size=4097", "The size"),
    ("size=" + "9" * 5000, "The size"),
    ("size=1.5", "The size"),
    ("size=%EF%BC%91x", "The size"),
    ("stroke=nan", "The stroke width must be a number from 0.1 to 20."),
    ("stroke=inf", "The stroke width"),
    ("stroke=-1", "The stroke width"),
    ("rotate=4", "The rotation must be 0, 1, 2 or 3 quarter turns."),
    ("flip=z", "The flip must be x, y or both."),
]


@pytest.mark.parametrize(("query", "sentence"), BAD)
@pytest.mark.parametrize("file", [".svg", ".png", ".webp", ".ico", "/"])
def test_a_parameter_that_makes_no_sense_is_refused_with_a_sentence(
    client: Client, icons: dict[str, Icon], file: str, query: str, sentence: str
) -> None:
    reply = client.get(f"/icons/shapes/ring{file}?{query}")
    assert reply.status_code == 400 and sentence in reply.content.decode()
    assert "max-age" not in reply.get("Cache-Control", "")


def test_an_svg_may_be_asked_for_in_another_look(client: Client, icons: dict[str, Icon]) -> None:
    svg = client.get("/icons/shapes/ring.svg?colour=f00&size=96&credit=on").content.decode()
    assert svg == (
        '<svg xmlns="http://www.w3.org/2000/svg" width="96" height="96" viewBox="0 0 24 24">'
        "<!-- shapes:ring from Shapes, MIT License (MIT) -->"
        '<circle cx="12" cy="12" r="8" fill="none" stroke="#f00" stroke-width="3"/></svg>'
    )


def picture(client: Client, address: str, content_type: str) -> Image.Image:
    reply = client.get(address)
    assert (reply.status_code, reply["Content-Type"]) == (200, content_type)
    assert reply["X-Content-Type-Options"] == "nosniff" and reply["Access-Control-Allow-Origin"] == "*"
    assert reply["Cache-Control"] == "public, no-cache"
    return Image.open(BytesIO(reply.content))


def alpha_at(drawing: Image.Image, x: int, y: int) -> int:
    alpha = drawing.getchannel("A").getpixel((x, y))
    assert isinstance(alpha, int)
    return alpha


@pytest.mark.parametrize(("ending", "content_type"), [("png", "image/png"), ("webp", "image/webp")])
def test_a_picture_has_the_size_and_colour_asked_for(
    client: Client, make_icon: Callable[..., Icon], ending: str, content_type: str
) -> None:
    make_icon("ring")
    make_icon("flag", svg=FLAG)
    image = picture(client, f"/icons/shapes/ring.{ending}?size=96&colour=f00", content_type)
    assert image.size == (96, 96) and image.mode == "RGBA"
    assert image.getpixel((48, 16)) == (255, 0, 0, 255)  # on the ring
    assert alpha_at(image, 48, 48) == alpha_at(image, 0, 0) == 0
    assert picture(client, f"/icons/shapes/ring.{ending}", content_type).size == (512, 512)
    flag = picture(client, f"/icons/shapes/flag.{ending}?size=99&rotate=1", content_type)
    assert flag.size == (66, 99)
    assert flag.convert("RGBA").getchannel("A").getextrema() == (255, 255)  # nothing but the flag
    assert client.get(f"/icons/shapes/ring.{ending}?size=2049").status_code == 400
    assert picture(client, f"/icons/shapes/ring.{ending}?size=1", content_type).size == (1, 1)


@pytest.mark.parametrize("side", [16, 49, 512])
def test_a_picture_of_broken_measures_is_filled(client: Client, make_icon: Callable[..., Icon], side: int) -> None:
    make_icon("bar", svg=svg_of('<path d="M0 0h24v12.5H0z"/>').replace("24 24", "24 12.5"))
    image = picture(client, f"/icons/shapes/bar.png?size={side}", "image/png")
    assert image.size == (side, round(side * 12.5 / 24))
    assert image.getchannel("A").crop((0, 0, side, image.height - 1)).getextrema() == (255, 255)


def test_an_ico_holds_the_usual_sizes(client: Client, make_icon: Callable[..., Icon]) -> None:
    make_icon("ring")
    make_icon("flag", svg=FLAG)
    image: Any = picture(client, "/icons/shapes/ring.ico?colour=f00&size=24", "image/x-icon")
    assert image.info["sizes"] == {(16, 16), (32, 32), (48, 48), (256, 256)}
    for side in (16, 256):
        image.size = (side, side)
        pixels = image.copy().convert("RGBA")
        assert pixels.size == (side, side) and pixels.getpixel((side // 2, side // 6)) == (255, 0, 0, 255)
    flag: Any = picture(client, "/icons/shapes/flag.ico", "image/x-icon").convert("RGBA")
    assert flag.getbbox() == (0, 42, 256, 214)


def test_pictures_carry_the_licence_where_asked(client: Client, icons: dict[str, Icon]) -> None:
    licence = "shapes:ring from Shapes, MIT License (MIT)"
    png: Any = picture(client, "/icons/shapes/ring.png?credit=on", "image/png")
    webp: Any = picture(client, "/icons/shapes/ring.webp?credit=on", "image/webp")
    assert png.text == {"Copyright": licence} and licence in webp.info["xmp"].decode()
    plain: Any = picture(client, "/icons/shapes/ring.png", "image/png")
    assert plain.text == {}
    reply = client.get("/icons/shapes/ring.png?download")
    assert reply["Content-Disposition"] == 'attachment; filename="shapes-ring.png"'


def test_an_icon_that_cannot_be_drawn_is_refused_with_a_sentence(
    client: Client, icons: dict[str, Icon], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(svg: str, size: int) -> Image.Image:
        raise rendering.RenderError("Drawing took longer than 10 seconds.")

    monkeypatch.setattr("icons.exporting.bitmaps.render", fail)
    reply = client.get("/icons/shapes/ring.png")
    assert reply.status_code == 422 and "Drawing took longer than 10 seconds." in reply.content.decode()


@pytest.mark.parametrize("address", ["/icons/shapes/nope.png", "/icons/nope/ring.ico", "/icons/shapes/ring.gif"])
def test_a_file_that_is_not_there_is_not_found(client: Client, icons: dict[str, Icon], address: str) -> None:
    assert client.get(address).status_code == 404


# --- how long files may be kept ---

FILES = ["ring.svg", "ring.svg?colour=red", "ring.png?size=16", "ring.webp?size=16", "ring.ico"]


def with_version(file: str, version: str) -> str:
    return f"/icons/shapes/{file}{'&' if '?' in file else '?'}v={version}"


@pytest.mark.parametrize("file", FILES[:2])
def test_an_svg_whose_address_has_the_current_version_is_kept_for_ever(
    client: Client, icons: dict[str, Icon], file: str
) -> None:
    version = icons["ring"].svg_hash[:12]
    assert icons["ring"].svg_url.endswith(f"?v={version}")
    assert client.get(with_version(file, version))["Cache-Control"] == "public, max-age=31536000, immutable"
    for other in ("", "0", version[:11], f"{version}0", "0" * 12):
        assert client.get(with_version(file, other))["Cache-Control"] == "public, no-cache"
    assert client.get(f"/icons/shapes/{file}")["Cache-Control"] == "public, no-cache"


@pytest.mark.parametrize("file", FILES[2:])
def test_a_picture_is_revalidated_since_another_rasteriser_may_draw_it_anew(
    client: Client, icons: dict[str, Icon], file: str, settings: LazySettings
) -> None:
    address = with_version(file, icons["ring"].svg_hash[:12])
    before = client.get(address)
    assert before["Cache-Control"] == "public, no-cache"
    settings.RASTERISER = "cairosvg" if settings.RASTERISER == "resvg" else "resvg"
    after = client.get(address, headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200 and after["ETag"] != before["ETag"]


@pytest.mark.parametrize("file", FILES)
def test_a_changed_icon_is_new_at_every_address(client: Client, icons: dict[str, Icon], file: str) -> None:
    icon, address = icons["ring"], f"/icons/shapes/{file}"
    versioned = with_version(file, icon.svg_hash[:12])
    before = client.get(address)
    icon.svg = svg_of('<path d="M2 2h20v20H2z"/>')
    icon.save()
    after = client.get(address, headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200 and after.content != before.content and after["ETag"] != before["ETag"]
    assert client.get(versioned)["Cache-Control"] == "public, no-cache"  # the version is that of the old drawing


@pytest.mark.parametrize("file", FILES)
def test_what_a_browser_has_already_is_neither_drawn_nor_sent_again(
    client: Client, icons: dict[str, Icon], file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"/icons/shapes/{file}"
    first = client.get(address)

    def fail(*args: object) -> None:
        raise AssertionError("It was drawn.")

    monkeypatch.setattr("icons.icon_files.icon_svg_text", fail)
    monkeypatch.setattr("icons.exporting.bitmaps.render", fail)
    for known in (first["ETag"], f"W/{first['ETag']}", f'"x", {first["ETag"]}', "*"):
        again = client.get(address, headers={"if-none-match": known})
        assert (again.status_code, again.content) == (304, b"")
        for name in ("ETag", "Cache-Control", "Access-Control-Allow-Origin", "X-Content-Type-Options"):
            assert again[name] == first[name]
        # Caches take over the headers of a 304: it must not bring the policy of pages.
        assert file[:8] != "ring.svg" or again["Content-Security-Policy"] == first["Content-Security-Policy"]
        assert "Vary" not in again
    monkeypatch.undo()
    assert client.get(address, headers={"if-none-match": '"x"'}).content == first.content


def test_every_look_format_and_credit_has_an_etag_of_its_own(client: Client, icons: dict[str, Icon]) -> None:
    looks = ["", "colour=red", "size=20", "stroke=1", "rotate=1", "flip=x", "flip=y", "flip=x&flip=y", "credit=on"]
    addresses = [f"ring.{ending}?{look}" for ending in ("svg", "png", "webp", "ico") for look in looks]
    etags = [client.get(f"/icons/shapes/{address}")["ETag"] for address in [*addresses, "cross.svg"]]
    assert len(set(etags)) == len(etags)


def test_a_credit_is_as_new_as_the_set(client: Client, icons: dict[str, Icon], icon_set: IconSet) -> None:
    address = with_version("ring.svg?credit=on", icons["ring"].svg_hash[:12])
    before = client.get(address)
    assert before["Cache-Control"] == "public, no-cache"
    IconSet.objects.update(author="Ada")
    after = client.get(address, headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200 and b" by Ada," in after.content


@pytest.mark.parametrize("file", FILES)
def test_head_tells_what_get_would(client: Client, icons: dict[str, Icon], file: str) -> None:
    got, head = client.get(f"/icons/shapes/{file}"), client.head(f"/icons/shapes/{file}")
    asked_by = "X-Request-ID"
    assert got.headers.pop(asked_by) != head.headers.pop(asked_by)
    assert head.status_code == 200 and head.content == b"" and head.headers == got.headers


# --- the page ---


def test_the_page_shows_every_format_in_the_look_of_its_address(client: Client, make_icon: Callable[..., Icon]) -> None:
    make_icon("ring", tags=["round & fine"])
    page = client.get("/icons/shapes/ring/?colour=f00&size=48&credit=on").content.decode()
    for key in WRITE:
        assert f'<label for="code-{key}">' in page and f'data-copy="code-{key}"' in page
    assert "stroke=&quot;#f00&quot;" in page and "// shapes:ring from Shapes, MIT License (MIT)" in page
    assert 'href="/icons/shapes/ring.png?colour=%23f00&amp;size=48&amp;credit=on&amp;download"' in page
    assert 'href="/icons/?q=round%20%26%20fine"' in page and 'value="f00"' in page
    assert 'href="https://spdx.org/licenses/MIT.html"' in page
    part = client.get("/icons/shapes/ring/?colour=f00&part").content.decode()
    assert "<html" not in part and "stroke=&quot;#f00&quot;" in part


def test_the_iconify_element_fetches_icons_of_own_sets_from_here(
    client: Client, make_icon: Callable[..., Icon]
) -> None:
    public = IconSet.objects.create(prefix="lucide", title="Lucide", usage=5)
    make_icon("ring", set=public)
    make_icon("ring")
    assert client.get("/icons/lucide/ring/?code=iconify").json()["text"] == (
        '<iconify-icon icon="lucide:ring"></iconify-icon>'
    )
    assert client.get("/icons/shapes/ring/?code=iconify").json()["text"] == (
        '<script>window.IconifyProviders = {"iconsite": {"resources": ["http://testserver"], "path": "/iconify/"}}'
        '</script>\n<iconify-icon icon="@iconsite:shapes:ring"></iconify-icon>'
    )


def test_the_page_has_the_controls_that_change_something(client: Client, make_icon: Callable[..., Icon]) -> None:
    make_icon("ring")
    make_icon("flag", svg=FLAG)
    ring, flag = (client.get(f"/icons/shapes/{name}/?colour=red").content.decode() for name in ("ring", "flag"))
    assert 'name="colour"' in ring and 'name="stroke"' in ring
    assert 'name="colour"' not in flag and 'name="stroke"' not in flag
    assert "This icon has its own colours." in flag


def test_a_picture_larger_than_may_be_is_offered_at_the_largest_size(client: Client, icons: dict[str, Icon]) -> None:
    page = client.get("/icons/shapes/ring/?size=4096").content.decode()
    version = icons["ring"].svg_hash[:12]
    assert f"ring.svg?size=4096&amp;v={version}&amp;download" in page
    assert f"ring.png?size=2048&amp;v={version}&amp;download" in page
    assert f'href="/icons/shapes/ring.ico?v={version}&amp;download"' in page


# --- the template tag ---


def rendered(tag: str, **context: Any) -> str:
    return Template("{% load icons %}" + tag).render(Context(context))


def test_a_template_holds_an_icon(icons: dict[str, Icon]) -> None:
    assert rendered('{% icon "shapes:ring" size=48 colour="#f00" %}') == (
        '<svg xmlns="http://www.w3.org/2000/svg" width="48" height="48" viewBox="0 0 24 24" aria-hidden="true">'
        '<circle cx="12" cy="12" r="8" fill="none" stroke="#f00" stroke-width="3"/></svg>'
    )
    titled = rendered("{% icon id title=title flip='xy' %}", id="shapes:ring", title="<A & B>")
    assert ' viewBox="0 0 24 24" role="img"><title>&lt;A &amp; B&gt;</title><g transform=' in titled


def test_the_tag_that_the_page_shows_draws_what_the_page_shows(icons: dict[str, Icon]) -> None:
    look = Look("#ff8800", 48, 1.5, 3, True, True)
    icon = icons["ring"]
    text = WRITE["django"](icon, look, "Of {X} #} %}")
    assert Template(text).render(Context()).replace(' aria-hidden="true"', "") == WRITE["svg"](icon, look, "")


@pytest.mark.parametrize(
    ("tag", "sentence"),
    [
        ('{% icon "shapes:nope" %}', "There is no icon 'shapes:nope'."),
        ("{% icon nothing %}", "There is no icon ''."),
        ('{% icon "shapes:ring" size=0 %}', "The size must be a whole number from 1 to 4096."),
        ('{% icon "shapes:ring" width=5 %}', "An icon cannot be given width."),
    ],
)
def test_an_icon_that_cannot_be_shown_is_left_out_but_told_to_developers(
    icons: dict[str, Icon], settings: Any, tag: str, sentence: str
) -> None:
    assert rendered(tag) == ""
    settings.DEBUG = True
    with pytest.raises(TemplateSyntaxError, match=sentence.replace(".", r"\.")):
        rendered(tag)
