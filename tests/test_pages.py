"""The pages, as served without JavaScript."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from icons.models import Icon, IconSet
from iconsite.wsgi import application
from search import indexing
from search.models import Outcome
from tests.conftest import SHAPES, store_outcomes, svg_of

CHARSETS_OF_TEXT = ("latin-1", "utf-8", "gbk", "utf-16")


def test_the_start_page_has_a_form(client: Client, db: None) -> None:
    page = client.get("/").content.decode()
    assert 'type="file" name="image"' in page and 'enctype="multipart/form-data"' in page


def test_the_start_page_counts_what_is_visible_now_and_then(client: Client, make_icon: Callable[..., Icon]) -> None:
    found = [make_icon("ring"), make_icon("home"), make_icon("cross", hidden=True)]
    indexing.index_icons([icon.pk for icon in found])
    page = client.get("/").content.decode()
    assert "2 icons of 1 icon set can be found by picture." in page and "<progress" not in page
    with CaptureQueriesContext(connection) as queries:
        client.get("/")
    assert not [query["sql"] for query in queries if '"icons_icon"' in query["sql"]]


def test_the_start_page_counts_what_can_be_found_and_says_how_far_the_indexing_is(
    client: Client, make_icon: Callable[..., Icon]
) -> None:
    ring, _home, failed = (make_icon(name) for name in ("ring", "home", "failed"))
    page = client.get("/").content.decode()
    assert "0 icons of 1 icon set can be found by picture." in page and "0 of 3 icons have been indexed so far." in page
    indexing.index_icons([ring.pk])
    store_outcomes([Outcome(failed.pk, failed.svg_hash, error="It cannot be drawn.")])
    cache.clear()
    page = client.get("/").content.decode()
    assert "1 icon of 1 icon set can be found by picture." in page
    assert "2 of 3 icons have been indexed so far." in page and '<progress value="2" max="3">' in page


def test_the_start_page_shows_the_sets_and_what_is_new(client: Client, make_icon: Callable[..., Icon]) -> None:
    public = IconSet.objects.create(prefix="mdi", title="Material Design Icons")
    make_icon("home", set=public)
    make_icon("ring")
    Icon.objects.filter(set=public).update(created_at=timezone.now() - timedelta(days=31))
    page = client.get("/").content.decode()
    glance, new = page.partition('id="new-icons"')[::2]
    assert glance.index('href="/sets/shapes/"') < glance.index('href="/sets/mdi/"')  # one's own sets come first
    assert "1 new icon\n" in new.replace("\xa0", " ").replace(" · ", "\n") and "/sets/mdi/" not in new


def test_the_list_of_sets_counts_what_is_visible(client: Client, make_icon: Callable[..., Icon]) -> None:
    make_icon("ring")
    make_icon("cross", hidden=True)
    page = client.get("/sets/").content.decode()
    assert 'href="/sets/shapes/"' in page and "1 icon\n" in page.replace("</p>", "\n")


def test_a_set_shows_its_icons_page_by_page(client: Client, icon_set: IconSet) -> None:
    svg = svg_of(SHAPES["ring"])
    Icon.objects.bulk_create(Icon(set=icon_set, name=f"n{i:03}", svg=svg, svg_hash=str(i)) for i in range(250))
    first, second = (client.get(f"/sets/shapes/?page={page}").content.decode() for page in (1, 2))
    assert "/icons/shapes/n000/" in first and "Page 1 of 2" in first and "n249" not in first
    assert "/icons/shapes/n249/" in second
    for page in ("0", "99", "x", "-1"):
        assert client.get(f"/sets/shapes/?page={page}").status_code == 200


def test_an_icon_page_shows_its_source_and_similar_icons(client: Client, indexed_icons: dict[str, Icon]) -> None:
    page = client.get("/icons/shapes/home/").content.decode()
    assert "&lt;svg xmlns=" in page and "/icons/shapes/home.svg?v=" in page and "MIT License" in page
    similar = page[page.index("Similar icons") :]
    assert "shapes:triangle" in similar and "shapes:home" not in similar


def test_an_icon_that_is_not_indexed_has_a_page_without_similar_icons(client: Client, icons: dict[str, Icon]) -> None:
    assert "Similar icons" not in client.get("/icons/shapes/home/").content.decode()


def test_an_alias_leads_to_its_icon(client: Client, make_icon: Callable[..., Icon]) -> None:
    make_icon("ring", aliases=["circle", "o"])
    make_icon("o", SHAPES["cross"])
    assert client.get("/icons/shapes/circle/")["Location"] == "/icons/shapes/ring/"
    assert "<circle" in client.get("/icons/shapes/circle.svg").content.decode()
    assert client.get("/icons/shapes/o/").status_code == 200


def test_the_svg_is_served_so_that_nothing_in_it_could_run(client: Client, icons: dict[str, Icon]) -> None:
    reply = client.get("/icons/shapes/ring.svg")
    assert reply["Content-Type"] == "image/svg+xml" and reply.content.decode() == icons["ring"].svg
    assert reply["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert reply["X-Content-Type-Options"] == "nosniff"
    assert (
        client.get("/icons/shapes/ring.svg?download")["Content-Disposition"] == 'attachment; filename="shapes-ring.svg"'
    )


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/sets/nope/",
        "/icons/shapes/nope/",
        "/icons/shapes/nope.svg",
        "/icons/Shapes/Ring/",
        "/icons/a/%00/",
    ],
)
def test_what_is_not_there_is_a_page_that_says_so(client: Client, db: None, path: str) -> None:
    reply = client.get(path)
    assert reply.status_code == 404 and b"<h1>There is no" in reply.content


# --- the API beside the search ---


def test_the_api_lists_sets_and_icons(client: Client, icons: dict[str, Icon]) -> None:
    (first,) = client.get("/api/v1/sets/").json()["results"]
    assert (first["prefix"], first["licence_spdx"], first["url"]) == ("shapes", "MIT", "/sets/shapes/")
    listed = client.get("/api/v1/sets/shapes/icons/").json()["results"]
    assert [icon["icon"] for icon in listed] == [f"shapes:{name}" for name in sorted(SHAPES)]
    assert client.get("/api/v1/sets/nope/icons/").status_code == 404


def test_the_api_gives_an_icon_with_its_source(client: Client, make_icon: Callable[..., Icon]) -> None:
    make_icon("ring", aliases=["circle"], name_zh="圆环")
    for name in ("ring", "circle"):
        reply = client.get(f"/api/v1/icons/shapes:{name}/").json()
        assert (reply["icon"], reply["name_zh"], reply["view_box"]) == ("shapes:ring", "圆环", "0 0 24 24")
        assert reply["svg"].startswith("<svg")
    missing = client.get("/api/v1/icons/shapes:nope/")
    assert missing.status_code == 404 and "detail" in missing.json()


@pytest.mark.parametrize(
    "address", ["/", "/icons/?q=home", "/sets/", "/icons/shapes/home/", "/admin/login/", "/nowhere/"]
)
def test_every_page_forbids_what_the_site_has_not_served(client: Client, icons: dict[str, Icon], address: str) -> None:
    policy = dict(
        directive.strip().split(" ", 1) for directive in client.get(address)["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'none'" and policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'" and "unsafe" not in " ".join(policy.values())


def test_an_svg_keeps_its_own_policy(client: Client, icons: dict[str, Icon]) -> None:
    assert "sandbox" in client.get("/icons/shapes/home.svg")["Content-Security-Policy"]


def test_pages_are_in_the_language_of_the_browser_until_one_is_chosen(client: Client, db: None) -> None:
    def page_of_sets(**headers: str) -> str:
        return client.get("/sets/", headers=headers).content.decode()

    assert '<html lang="en"' in page_of_sets() and '<html lang="en"' in page_of_sets(accept_language="fr")
    assert '<html lang="zh-hans"' in (page := page_of_sets(accept_language="zh-CN,zh;q=0.9")) and "图标集" in page
    client.post("/language/", {"language": "zh-hans"})
    assert "图标集" in page_of_sets(accept_language="en")


def test_pages_differ_by_language_and_icons_do_not(client: Client, icons: dict[str, Icon]) -> None:
    assert "Accept-Language" in client.get("/sets/")["Vary"]
    for file_format in ("svg", "png"):
        assert "Vary" not in client.get(f"/icons/shapes/ring.{file_format}")


def test_the_theme_is_the_systems_until_one_is_chosen(client: Client, db: None) -> None:
    assert "data-theme" not in client.get("/sets/").content.decode()
    for referer, back in (("http://testserver/sets/", "http://testserver/sets/"), ("http://elsewhere/", "/")):
        assert client.post("/theme/", {"theme": "dark"}, headers={"referer": referer})["Location"] == back
    assert 'data-theme="dark"' in client.get("/sets/").content.decode()
    client.post("/theme/", {"theme": ""})
    assert "data-theme" not in client.get("/sets/").content.decode()


def test_a_theme_in_a_body_that_is_no_form_is_refused(client: Client, db: None) -> None:
    page = client.post("/theme/", {"theme": "dark"}, content_type="application/json")
    assert page.status_code == 415 and "<h1>The body must be of type" in page.content.decode()
    reply = client.post(
        "/theme/", {"theme": "dark"}, content_type="application/json", headers={"Accept": "application/json"}
    )
    assert reply.status_code == 415 and reply.json()["detail"].startswith("The body must be of type")
    assert "theme" not in client.cookies


def test_people_with_an_account_sign_in_and_out(client: Client, django_user_model: Any) -> None:
    django_user_model.objects.create_user("ada", password="lovelace")
    assert 'href="/login/?next=/sets/"' in client.get("/sets/").content.decode()
    wrong = client.post("/login/", {"username": "ada", "password": "x"})
    assert wrong.status_code == 200 and 'role="alert"' in wrong.content.decode()
    reply = client.post("/login/", {"username": "ada", "password": "lovelace", "next": "/sets/"})
    assert reply["Location"] == "/sets/" and "Sign out ada" in client.get("/sets/").content.decode()
    assert client.post("/login/", {"username": "ada", "password": "lovelace"})["Location"] == "/bag/"
    assert client.post("/logout/")["Location"] == "/" and "Sign in" in client.get("/sets/").content.decode()


def test_a_page_says_what_went_wrong_even_without_a_database(
    client: Client, django_user_model: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(django_user_model.objects.create_user("ada"))
    client.raise_request_exception = False

    def fail(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("the server closed the connection")

    with monkeypatch.context() as broken:
        broken.setattr("django.db.backends.utils.CursorWrapper.execute", fail)
        reply = client.get("/sets/")
    assert reply.status_code == 503 and "is being restarted" in reply.content.decode()


@pytest.mark.parametrize(
    "charset",
    [
        *("undefined", "hex", ' "idna"', "no-such", "", "unicode_escape", "raw_unicode_escape", "utf-7"),
        *CHARSETS_OF_TEXT,
    ],
)
@pytest.mark.parametrize(
    "content_type", ["multipart/form-data; boundary=x{}", "application/x-www-form-urlencoded{}; a=b"]
)
def test_a_charset_that_is_none_breaks_nothing(db: None, content_type: str, charset: str) -> None:
    environ: dict[str, Any] = {"REQUEST_METHOD": "POST", "PATH_INFO": "/api/v1/search/image/"}
    setup_testing_defaults(environ)
    environ["CONTENT_TYPE"] = content_type.format(f"; charset={charset}")
    statuses: list[str] = []
    body = b"".join(application(environ, lambda status, headers: statuses.append(status)))
    assert statuses == ["400 Bad Request"] and "detail" in json.loads(body)
    assert ("charset" in environ["CONTENT_TYPE"]) == (charset in CHARSETS_OF_TEXT)
