"""The API of Iconify on sets of the library's own, and while somebody changes them."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.utils import timezone

from iconify.bodies import icon_texts
from iconify.js import number_text
from iconify.models import SetChange
from iconify.sets import served_set
from iconify.tasks import fold_changes
from icons.importing.importer import run_import
from icons.importing.sources import Options, open_source
from icons.models import Icon, IconSet, ImportRun
from tests.conftest import svg_of

MakeIcon = Callable[..., Icon]
Json = dict[str, Any]
SET: Json = {
    "prefix": "own",
    "info": {"name": "Own", "author": {"name": "We"}, "license": {"title": "MIT", "spdx": "MIT"}, "samples": ["b"]},
    "lastModified": 1_600_000_000,
    "icons": {
        "b": {"body": '<path d="M1 1h20v9z"/>'},
        "a-arrow": {"body": '<path d="M2 2h9v9z"/>', "width": 30},
        "10": {"body": '<path d="M3 3h9v9z"/>', "hidden": True},
    },
    "aliases": {"c": {"parent": "b"}, "d": {"parent": "c", "hFlip": True}, "e": {"parent": "d", "rotate": 1}},
    "categories": {"Letters": ["b", "a-arrow"], "More": ["b"]},
    "chars": {"f101": "b"},
    "suffixes": {"": "Plain", "arrow": "Arrow"},
    "width": 24,
    "height": 24,
}


def import_set(tmp_path: Path, data: Json = SET, **options: Any) -> ImportRun:
    """Import Iconify JSON as manage.py does."""
    path = tmp_path / f"{data['prefix']}.json"
    path.write_text(json.dumps(data))
    run = ImportRun.objects.create(source=str(path))
    with run.worked_on():
        run.claim()
        run_import(run, open_source(str(path), Options(**options)))
    run.refresh_from_db()
    assert run.status == ImportRun.Status.DONE, run.reason
    return run


@pytest.fixture
def own(db: None, tmp_path: Path) -> IconSet:
    """SET, imported."""
    import_set(tmp_path)
    return IconSet.objects.get(prefix="own")


def get(client: Client, path: str) -> Any:
    """The data of an answer."""
    response = client.get(f"/iconify{path}")
    assert response.status_code == 200, response.content
    return json.loads(response.content)


def test_an_imported_set_comes_back_as_it_was(own: IconSet, client: Client) -> None:
    reply = get(client, "/own.json?icons=a-arrow,b,10,c,d,e,f101,x")
    assert reply == {
        **{"prefix": "own", "lastModified": 1_600_000_000, "width": 24, "height": 24, "icons": SET["icons"]},
        **{"aliases": {**SET["aliases"], "f101": {"parent": "b"}}, "not_found": ["x"]},
    }
    assert list(Icon.objects.values_list("name", flat=True)) == ["10", "a-arrow", "b", "d", "e"]
    assert get(client, "/collections") == {"own": {**SET["info"], "total": 4}}
    assert get(client, "/collection?prefix=own&chars=1") == {
        **{"prefix": "own", "total": 4, "title": "Own", "hidden": ["10"], "aliases": {"c": "b"}},
        **{"chars": {"f101": "b"}, "suffixes": SET["suffixes"]},
        "categories": {"Letters": ["a-arrow", "b", "d", "e"], "More": ["b", "d", "e"]},
    }


def test_a_set_of_svg_files_is_served_like_any(make_icon: MakeIcon, client: Client) -> None:
    make_icon("home", aliases=["house"], category="Places")
    make_icon("ring", hidden=True)
    reply = get(client, "/shapes.json?icons=house,ring")
    assert set(reply["icons"]) == {"home", "ring"} and reply["aliases"] == {"house": {"parent": "home"}}
    assert reply["icons"]["ring"]["hidden"] and (reply["icons"]["home"]["width"], "width" in reply) == (24, False)
    assert get(client, "/collection?prefix=shapes&info=1") == {
        **{"prefix": "shapes", "total": 1, "title": "Shapes", "categories": {"Places": ["home"]}, "hidden": ["ring"]},
        "aliases": {"house": "home"},
        "info": {
            **{"name": "Shapes", "total": 1, "author": {"name": "Unknown"}, "palette": False},
            "license": {"title": "MIT License", "spdx": "MIT"},
        },
    }
    assert get(client, "/search?query=house")["icons"] == ["shapes:house"]
    assert get(client, "/search?query=ring")["icons"] == []


def test_a_change_is_served_at_once(make_icon: MakeIcon, client: Client) -> None:
    icon = make_icon("home")
    first = get(client, "/shapes.json?icons=home")
    icon.svg = svg_of('<path d="M0 0h5v5z"/>')
    icon.save()
    second = get(client, "/shapes.json?icons=home")
    assert (first["icons"]["home"]["body"], second["icons"]["home"]["body"]) != ("", first["icons"]["home"]["body"])
    assert second["icons"]["home"]["body"] == '<path d="M0 0h5v5z"/>'
    Icon.objects.filter(pk=icon.pk).update(hidden=True)  # no signal of Django's tells of this
    assert get(client, "/collection?prefix=shapes")["hidden"] == ["home"]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE icons_icon SET name = 'house' WHERE id = %s", [icon.pk])
    assert get(client, "/shapes.json?icons=home,house")["not_found"] == ["home"]
    IconSet.objects.filter(prefix="shapes").update(title="Forms", licence="")
    assert get(client, "/collections")["shapes"]["name"] == "Forms"
    icon.delete()
    assert client.get("/iconify/shapes/house.svg").status_code == 404
    IconSet.objects.all().delete()
    assert client.get("/iconify/collection?prefix=shapes").status_code == 404
    assert get(client, "/collections") == {}


def test_what_was_changed_since_the_import_outranks_it(own: IconSet, client: Client) -> None:
    icons = {icon.name: icon for icon in own.icons.all()}
    icons["d"].svg = svg_of('<path d="M7 7h9v9z"/>')
    icons["d"].save()
    reply = get(client, "/own.json?icons=d,e")
    # Once d is drawn anew, it is an icon of its own; e is what it was, a flipped and turned b.
    assert reply["icons"]["d"] == {"body": '<path d="M7 7h9v9z"/>'}
    assert reply["lastModified"] > 1_600_000_000
    before = client.get("/iconify/own/e.svg").content
    assert b"M1 1h20v9z" in before and b"scale(-1 1)" in before

    icons["b"].aliases, icons["b"].category = ["z"], "Other"
    icons["b"].save()
    listed = get(client, "/collection?prefix=own")
    assert listed["categories"]["Other"] == ["b"] and "b" not in listed["categories"]["Letters"]
    assert listed["aliases"] == {"z": "b"}

    icons["b"].delete()
    listed = get(client, "/collection?prefix=own")
    assert "b" not in str(listed.get("categories")) and "chars" not in listed
    assert get(client, "/own.json?icons=f101")["not_found"] == ["f101"]
    own.refresh_from_db()
    own.palette, own.author = True, "Others"
    own.save()
    info = get(client, "/collections")["own"]
    assert (info["palette"], info["author"]["name"], info["samples"]) == (True, "Others", ["b"])


def test_options_of_an_import_outrank_the_source(db: None, tmp_path: Path, client: Client) -> None:
    import_set(tmp_path, prefix="mine", title="Mine", licence="Our licence")
    info = get(client, "/collections")["mine"]
    assert (info["name"], info["license"]["title"]) == ("Mine", "Our licence")


def test_odd_fields_do_no_harm(db: None, tmp_path: Path, client: Client) -> None:
    odd = {
        **SET,
        **{"info": {"name": 5, "author": "we", "license": [], "samples": None}, "width": "24", "height": True},
        **{"categories": {"A": "b", "B": [1, "b"]}, "chars": {"f1": 3, "é": "b"}, "suffixes": {"x": 1}},
        "aliases": {"c": {"parent": "b", "rotate": "x"}, "loop": {"parent": "loop2"}, "loop2": {"parent": "loop"}},
    }
    path = tmp_path / "own.json"
    path.write_text(json.dumps(odd))
    run = ImportRun.objects.create(source=str(path))
    with run.worked_on():
        run.claim()
        run_import(run, open_source(str(path), Options()))
    for address in (
        "/collections",
        "/collection?prefix=own&info=1&chars=1",
        "/own.json?icons=b,c,loop",
        "/search?query=b",
    ):
        get(client, address)
    assert client.get("/iconify/own.css?icons=b,c,loop").status_code == 200


def test_text_of_any_kind_comes_back(db: None, tmp_path: Path, client: Client) -> None:
    info = {**SET["info"], "name": "Größe \u0000 \ud800 图标", "author": {"name": "</script>"}}
    import_set(tmp_path, {**SET, "info": info})
    assert get(client, "/collections")["own"]["name"] == info["name"]


@pytest.mark.parametrize(
    ("path", "status", "text"),
    [
        ("/none.json?icons=a", 200, "404"),
        ("/own.json", 200, "404"),
        ("/own.js?icons=b&callback=a()", 200, "400"),
        ("/search", 400, "Bad request"),
        ("/search?query=b&callback=a-b", 400, "Bad request"),
        ("/search?query=b&limit=x", 400, "Bad request"),
        ("/search?query=b&start=64", 400, "Bad request"),
        ("/keywords", 400, "Bad request"),
        ("/collection?prefix=none", 404, "Not found"),
        ("/own/none.svg", 404, "Not found"),
        ("/own.css", 404, "Not found"),
        ("/list-icons", 400, "Bad request"),
        ("/version", 200, "Iconify API version 3.2.0 (Iconsite)"),
        ("/no/such/thing", 404, ""),
    ],
)
def test_errors(own: IconSet, client: Client, path: str, status: int, text: str) -> None:
    response = client.get(f"/iconify{path}")
    assert (response.status_code, response.content.decode()) == (status, text)
    assert response["Access-Control-Allow-Origin"] == "*"


def test_other_methods(own: IconSet, client: Client) -> None:
    response = client.options("/iconify/own.json")
    assert (response.status_code, response.content) == (204, b"")
    assert response["Access-Control-Allow-Methods"] == "GET, OPTIONS"
    assert client.post("/iconify/own.json?icons=b").status_code == 404
    head = client.head("/iconify/own/b.svg")
    assert (head.status_code, head.content) == (200, b"")
    home = client.get("/iconify/")
    assert (home.status_code, home["Location"]) == (301, "/")


def test_nothing_of_a_request_runs_in_an_svg(own: IconSet, client: Client) -> None:
    query = {"color": '"><script>alert(1)</script>', "width": "1\" onload='x", "height": "<&>", "rotate": "9e99deg"}
    response = client.get("/iconify/own/b.svg", query)
    text = response.content.decode()
    assert "<script" not in text and "onload='" not in text and text.count("<svg") == 1
    assert "sandbox" in response["Content-Security-Policy"] and response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "query", ["width=1e999", "height=" + "9" * 400, "rotate=-1e400deg", "width=-0", "width=.", "rotate=-"]
)
def test_odd_sizes(own: IconSet, client: Client, query: str) -> None:
    assert client.get(f"/iconify/own/a-arrow.svg?{query}").status_code == 200


def test_how_long_answers_may_be_kept(own: IconSet, client: Client, settings: LazySettings) -> None:
    assert client.get("/iconify/own/b.svg")["Cache-Control"].startswith("public, max-age=604800")
    settings.ICONIFY_CACHE_SECONDS = 0
    assert client.get("/iconify/own/b.svg")["Cache-Control"] == "public, no-cache"


@pytest.mark.parametrize(
    "path", ["/none.json?icons=a", "/own/none.svg", "/none.css?icons=a", "/collection?prefix=none"]
)
def test_no_shared_cache_hides_what_is_imported_later(own: IconSet, client: Client, path: str) -> None:
    response = client.get(f"/iconify{path}")
    assert response["CDN-Cache-Control"] == "no-cache"
    assert response["Cache-Control"].startswith("public, max-age=604800")  # as the contract has it on all answers
    assert "CDN-Cache-Control" not in client.get("/iconify/own/b.svg")


def test_only_so_many_drawings_are_kept(own: IconSet, settings: LazySettings) -> None:
    from iconify import bodies

    settings.ICONIFY_BODIES_MAX_CHARS = 60
    served = served_set("own")
    assert served
    texts = icon_texts(served, ["b", "a-arrow", "10"])
    assert len(texts) == 3 and sum(len(text) for _version, text in bodies._texts.values()) <= 60


def test_one_question_to_the_database_where_nothing_has_changed(
    own: IconSet, client: Client, django_assert_num_queries: Any
) -> None:
    addresses = (
        "/own.json?icons=b,c,d",
        "/own/e.svg",
        "/own.css?icons=b",
        "/search?query=arrow",
        "/collection?prefix=own",
    )
    for address in addresses:
        client.get(f"/iconify{address}")
        with django_assert_num_queries(1):
            client.get(f"/iconify{address}")


def test_old_notes_of_changes_are_folded(own: IconSet, client: Client) -> None:
    Icon.objects.filter(set=own).update(tags=["x"])
    before = get(client, "/collection?prefix=own")
    assert SetChange.objects.filter(set_id=own.pk).count() > 1
    SetChange.objects.update(changed_at=timezone.now() - timedelta(days=1))
    assert fold_changes() >= 1 and SetChange.objects.filter(set_id=own.pk).count() == 1
    assert get(client, "/collection?prefix=own") == before


def test_numbers_are_written_as_in_javascript() -> None:
    numbers = [0.1 + 0.2, 1e-6, 1.5e-7, 123456789012345680000.0, 2**53, -1.50, float("inf"), float("nan")]
    texts = ["0.30000000000000004", "0.000001", "1.5e-7", "123456789012345680000", "9007199254740992", "-1.5"]
    assert list(map(number_text, numbers)) == [*texts, "Infinity", "NaN"]


ODD_TEXTS = ["", "\x00", "\ud800", "é" * 300, "-" * 50, "a " * 80, "a-" * 40, "9" * 400, "1e999", "NaN", "(", "a(b"]
ODD_TEXTS += ["rgb(1", "rgb(,,)", "lab(1/2/3)", "hsl(%,1%,1%)", "{name}", "{", "%", "\u2028", "😀", ",,,", ":", "::"]
ODD_TEXTS += ["=", "a:b=c", "*", "prefix:*", "palette=1"]
PARAMETERS = {
    "/own.json": ["icons", "pretty"],
    "/own.js": ["icons", "callback", "pretty"],
    "/own/a-arrow.svg": ["width", "height", "color", "rotate", "flip", "box", "download"],
    "/own.css": ["icons", "format", "color", "mode", "selector", "common", "override", "pseudo", "square", "var"],
    "/collections": ["prefix", "prefixes", "callback"],
    "/collection": ["prefix", "info", "chars"],
    "/list-icons": ["prefix", "prefixes"],
    "/search": ["query", "limit", "min", "start", "prefix", "prefixes", "category", "similar"],
    "/keywords": ["prefix", "keyword"],
    "/last-modified": ["prefix", "prefixes"],
}


@pytest.mark.parametrize("path", PARAMETERS)
def test_whatever_is_asked_is_answered(own: IconSet, client: Client, path: str) -> None:
    usual = {"/own.json": {"icons": "b"}, "/own.js": {"icons": "b"}, "/own.css": {"icons": "b,c"}}
    usual["/search"] = {"query": "arrow"}
    for name in PARAMETERS[path]:
        for text in ODD_TEXTS:
            query: dict[str, str | bytes] = {**usual.get(path, {}), name: text.encode(errors="surrogatepass")}
            response = client.get(f"/iconify{path}", query)
            assert response.status_code in (200, 400, 404), (path, name, text)
