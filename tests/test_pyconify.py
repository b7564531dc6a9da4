"""The Python client pyconify, unchanged, against our server."""

from collections.abc import Iterator
from pathlib import Path

import pyconify
import pytest
from pyconify import api
from pytest_django.live_server_helper import LiveServer

from icons.models import IconSet
from tests.test_iconify import SET, import_set

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own(live_server: LiveServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("PYCONIFY_CACHE", "0")
    monkeypatch.setattr("pyconify.api.ROOT", f"{live_server.url}/iconify")
    pyconify.clear_api_cache()
    import_set(tmp_path)
    yield
    api._session().close()  # its connection is kept open, and so is that of the server to the database


def test_every_call_is_answered() -> None:
    assert pyconify.collections("own")["own"]["name"] == "Own"
    assert pyconify.collection("own", info=True, chars=True)["total"] == 4
    assert pyconify.last_modified("own") == {"own": SET["lastModified"]}
    assert b'd="M1 1h20v9z"' in pyconify.svg("own:b", color="red", height=30, rotate=90, flip="horizontal")
    assert ".icon--own--b" in pyconify.css("own", "b", "c")
    assert pyconify.icon_data("own", "b", "c")["icons"] == {"b": SET["icons"]["b"]}
    assert pyconify.search("arrow")["icons"] == ["own:a-arrow"]
    assert pyconify.keywords("arr")["matches"] == ["arrow"]
    assert pyconify.iconify_version() == "Iconify API version 3.2.0 (Iconsite)"


def test_what_is_missing_is_told() -> None:
    with pytest.raises(OSError, match="not found"):
        pyconify.svg("own:none")
    with pytest.raises(OSError):
        pyconify.icon_data("none:b")
    IconSet.objects.all().delete()
    pyconify.clear_api_cache()
    with pytest.raises(OSError):
        pyconify.css("own:b")
