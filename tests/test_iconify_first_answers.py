"""Answers nobody has asked for yet, made before Django: the same as its own, and never those of before a change."""

import gzip
from collections.abc import Callable, Iterator

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connection

from iconify import first_answers
from iconify.reader import Reader
from icons.exporting.svg_text import iconify_drawing, iconify_icon
from icons.models import Icon, IconSet
from iconsite.prompt_answers import PromptSite
from tests.conftest import SHAPES, svg_of
from tests.iconify_oracle import with_turned_icon
from tests.test_iconify_kept_answers import Counted, asked
from tests.wsgi import Answer, ask

pytestmark = pytest.mark.django_db(transaction=True)
MANY = ",".join(f"none-{number}" for number in range(100))
GZIP = {"HTTP_ACCEPT_ENCODING": "br, gzip"}


@pytest.fixture
def site(make_icon: Callable[..., Icon]) -> Iterator[PromptSite]:
    """The site with the icons `home`, `ring`, `cross` and `turned`, which has answered one question of each form."""
    icons = [make_icon(name, aliases=aliases) for name, aliases in (("home", []), ("ring", ["round"]), ("cross", []))]
    with_turned_icon(icons[1])
    reader = Reader()
    site = PromptSite(Counted(), reader)
    for path in ("/shapes/home.svg", "/shapes:home.svg", "/shapes-home.svg"):
        for query in ("height=7", "width=" + "x" * 200):
            ask(site, f"/iconify{path}", query)
            ask(site, f"/iconify{path}", query, **GZIP)
    for path in ("/shapes.json", "/shapes.js", "/shapes.css"):
        for names in ("home", "home," + MANY):
            ask(site, f"/iconify{path}", f"icons={names}")
            ask(site, f"/iconify{path}", f"icons={names}", **GZIP)
    yield site
    reader.close()


def answers(site: PromptSite, path: str, query: str, **headers: str) -> tuple[Answer, Answer]:
    """What the site answers, and what Django does; both without the id of the request."""
    both = ask(site, path, query, **headers), ask(get_wsgi_application(), path, query, **headers)
    for _status, said, _body in both:
        assert len(said.pop("X-Request-ID")) == 16
    return both


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/shapes/ring.svg", ""),
        ("/shapes/round.svg", "height=24&color=%23f00&flip=horizontal&box=1"),
        ("/shapes/turned.svg", "download=1"),
        ("/shapes:ring.svg", "width=none"),
        ("/shapes-ring.svg", "rotate=90deg&rotate=1"),
        ("/shapes.json", "icons=ring,turned,round,none"),
        ("/shapes.json", "icons=ring&icons=cross&pretty=1"),
        ("/shapes/icons.json", f"icons=ring,{MANY}"),
        ("/shapes.js", "icons=cross&callback=f.g"),
        ("/shapes.css", "icons=ring,round,turned&format=compact"),
        ("/shapes.css", "icons=ring&download=1&selector=%C3%A9"),
    ],
)
def test_a_first_answer_is_that_of_django(site: PromptSite, path: str, query: str) -> None:
    before = asked(site)
    ours, djangos = answers(site, f"/iconify{path}", query)
    assert asked(site) == before
    assert ours == djangos and ours[0] == "200 OK"


def test_a_first_answer_is_compressed(site: PromptSite) -> None:
    before = asked(site)
    ours, djangos = answers(site, "/iconify/shapes.json", f"icons=ring,{MANY}", **GZIP)
    assert asked(site) == before
    assert gzip.decompress(ours[2]) == gzip.decompress(djangos[2])
    assert int(ours[1].pop("Content-Length")) == len(ours[2]) and djangos[1].pop("Content-Length")
    assert ours[1] == djangos[1] and ours[1]["Content-Encoding"] == "gzip"


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/shapes/none.svg", ""),
        ("/none/ring.svg", ""),
        ("/none-ring.svg", ""),
        ("/shapes.json", ""),
        ("/shapes.js", "icons=ring&callback=f()"),
        ("/shapes.css", ""),
        ("/shapes.css", "icons=ring&a=%FF\xff"),
        ("/shapes.json", "&".join(["icons=ring"] * 1001)),
        ("/shapes/ring.svg\n", ""),
    ],
)
def test_django_is_asked_for_the_rest(site: PromptSite, path: str, query: str) -> None:
    before = asked(site)
    ours, djangos = answers(site, f"/iconify{path}", query)
    assert asked(site) == before + 1
    is_page = ours[1]["Content-Type"].startswith("text/html")  # which differ by a nonce
    assert ours[0] == djangos[0] if is_page else ours == djangos


def test_an_answer_of_many_drawings_is_made_in_a_thread_of_its_own(
    site: PromptSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_answers, "MOST_DRAWINGS", 1)
    before = asked(site)
    ask(site, "/iconify/shapes.json", "icons=ring,cross")
    assert asked(site) == before + 1
    ask(site, "/iconify/shapes.json", "icons=cross,ring")  # whose drawings are kept
    assert asked(site) == before + 1


@pytest.mark.parametrize("change", ["sql", "rename", "hide", "delete", "set", "prefix"])
def test_a_change_is_seen_at_once(site: PromptSite, change: str) -> None:
    icons, before = Icon.objects.filter(name="ring"), asked(site)
    if change == "sql":
        with connection.cursor() as cursor:
            cursor.execute("UPDATE icons_icon SET svg = %s WHERE name = 'ring'", [svg_of(SHAPES["cross"])])
    elif change == "rename":
        icons.update(name="circle")
    elif change == "hide":
        icons.update(hidden=True)
    elif change == "delete":
        icons.delete()
    elif change == "set":
        IconSet.objects.update(title="Other")
    else:
        IconSet.objects.update(prefix="forms")
    ours, djangos = answers(site, "/iconify/shapes.json", "icons=ring")
    assert ours == djangos and asked(site) == before + 1
    if change in ("sql", "hide", "set"):
        ours, djangos = answers(site, "/iconify/shapes/ring.svg", "")
        assert ours == djangos and asked(site) == before + 1


def test_what_the_cleaner_has_written_is_not_parsed_again(
    make_icon: Callable[..., Icon], monkeypatch: pytest.MonkeyPatch
) -> None:
    icon = make_icon("home")
    parsed = iconify_icon(icon)
    by_hand = icon.svg.replace("<path", "<path  ")
    assert iconify_drawing(by_hand, icon.svg_hash) == parsed  # which the hash is not of
    monkeypatch.setattr("icons.exporting.svg_text.parse", None)
    assert iconify_drawing(icon.svg, icon.svg_hash) == parsed
