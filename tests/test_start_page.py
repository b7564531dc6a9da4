"""The start page's examples, as served without JavaScript."""

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from PIL import Image

from icons.models import Icon
from search.start_page import EXAMPLES, Example
from tests.conftest import upload

examples = pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)


@examples
def test_an_example_is_searched_for_as_what_it_is(
    client: Client, indexed_icons: dict[str, Icon], example: Example
) -> None:
    assert f'name="example" value="{example.key}"' in client.get("/").content.decode()
    reply = client.post("/", {"example": example.key})
    assert reply.status_code == 302 and ("sketch=1" in reply["Location"]) == example.is_sketch
    page = client.get(reply["Location"]).content.decode()
    assert ("come closest to your sketch" in page) == example.is_sketch and '<ol class="grid matches">' in page


@examples
def test_an_example_is_a_small_file_of_the_size_that_the_page_says(example: Example) -> None:
    assert finders.find(example.file) and len(example.read()) < 6000
    width, height = Image.open(str(finders.find(example.file))).size
    assert width / height == pytest.approx(example.width / example.height, rel=0.02)


def test_an_example_that_there_is_not_is_refused_and_the_page_offers_the_others(client: Client, db: None) -> None:
    reply = client.post("/", {"example": "../settings"})
    assert reply.status_code == 400
    page = reply.content.decode()
    assert "No picture was sent" in page and 'value="toolbar"' in page
    assert 'value="toolbar"' not in client.post("/?part=answer", {"image": upload(b"x")}).content.decode()
