"""The tools for agents, by the official client, over standard input and output and over /mcp of a real web server."""

import asyncio
import base64
import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx2
import jsonschema
import pytest
import requests
from django.conf import LazySettings, settings
from django.contrib.auth.models import User
from django.test import Client as DjangoClient
from django.test import RequestFactory
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp_types import CallToolResult, ImageContent, TextContent
from PIL import Image

from api.models import ApiKey
from icons.models import Icon
from iconsite.limits import WITHIN, buckets_of
from tests.conftest import SHAPES, png_of, svg_of
from tests.live_site import live_site

TOOLS = {"find_icons_by_picture", "list_icons_on_screenshot", "find_icons_by_words", "get_icon", "list_sets"}
OVER = ["stdio", "http"]


@pytest.fixture
def site(transactional_db: None, indexed_icons: dict[str, Icon], monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a site that has the icons of SHAPES."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with live_site() as address:
        yield address


def agent_of(over: str, site: str) -> Client:
    """An agent that is connected in one of two ways."""
    if over == "http":
        return Client(f"{site}/mcp", read_timeout_seconds=60)
    return Client(
        StdioServerParameters(
            command=sys.executable,
            args=["-m", "client", "mcp"],
            env={"ICONSITE_URL": site, "NO_PROXY": "127.0.0.1"},
            cwd=settings.BASE_DIR,
        ),
        read_timeout_seconds=60,
    )


def with_agent(client: Client, do: Callable[[Client], Awaitable[Any]]) -> Any:
    """What an agent gets that does something."""

    async def talk() -> Any:
        async with client as agent:
            return await do(agent)

    return asyncio.run(talk())


def call(client: Client, tool: str, **arguments: Any) -> CallToolResult:
    """The answer to one call of a tool."""
    answer: CallToolResult = with_agent(client, lambda agent: agent.call_tool(tool, arguments))
    return answer


def text_of(answer: CallToolResult) -> str:
    """The first text of an answer."""
    content = answer.content[0]
    assert isinstance(content, TextContent)
    return content.text


def data_of(answer: CallToolResult) -> dict[str, Any]:
    """The data of an answer, which its text says, too."""
    assert not answer.is_error, text_of(answer)
    assert isinstance(answer.structured_content, dict)
    assert json.loads(text_of(answer)) == answer.structured_content
    return answer.structured_content


def encoded(picture: bytes) -> str:
    """A picture as base64."""
    return base64.b64encode(picture).decode()


def screenshot() -> bytes:
    """A picture with a house at its left and a cross at its right."""
    sheet = Image.new("RGB", (400, 100), "white")
    for name, left in (("home", 30), ("cross", 300)):
        with Image.open(BytesIO(png_of(svg_of(SHAPES[name]), 32))) as icon:
            sheet.paste(icon, (left, 28))
    buffer = BytesIO()
    sheet.save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize("over", OVER)
def test_an_agent_does_its_tasks(over: str, site: str, tmp_path: Path) -> None:
    async def tasks(agent: Client) -> None:
        tools = {tool.name: tool for tool in (await agent.list_tools()).tools}
        assert set(tools) == TOOLS
        schemas = {}
        for name, tool in tools.items():
            assert tool.description and tool.annotations and tool.annotations.read_only_hint
            assert tool.output_schema
            jsonschema.Draft202012Validator.check_schema(tool.input_schema)
            jsonschema.Draft202012Validator.check_schema(tool.output_schema)
            schemas[name] = tool.output_schema
        assert "do not guess" in (agent.instructions or "")

        async def answer(tool: str, **arguments: Any) -> tuple[dict[str, Any], CallToolResult]:
            result = await agent.call_tool(tool, arguments)
            data = data_of(result)
            jsonschema.validate(data, schemas[tool])
            return data, result

        house = png_of(svg_of(SHAPES["home"]))
        data, result = await answer("find_icons_by_picture", picture=encoded(house), previews=True, limit=2)
        assert data["icons"][0]["icon"] == "shapes:home" and data["icons"][0]["licence"] == "MIT"
        assert len(data["icons"]) == 2
        pictures = [content for content in result.content if isinstance(content, ImageContent)]
        assert len(pictures) == 2 and {picture.mime_type for picture in pictures} == {"image/png"}
        with Image.open(BytesIO(base64.b64decode(pictures[0].data))) as preview:
            assert preview.size == (80, 80) and preview.convert("RGB").getpixel((40, 45)) == (0, 0, 0)
        data, _ = await answer("find_icons_by_picture", picture=svg_of(SHAPES["ring"]))
        assert data["icons"][0]["icon"] == "shapes:ring"
        data, _ = await answer("find_icons_by_picture", picture=encoded(screenshot()), crop=[0.7, 0, 0.3, 1])
        assert data["icons"][0]["icon"] == "shapes:cross"
        data, _ = await answer("find_icons_by_picture", picture=encoded(house), sets=["shapes"], min_score=1)
        assert data["icons"] == []

        data, result = await answer("list_icons_on_screenshot", picture=encoded(screenshot()), previews=True)
        assert [place["icons"][0]["icon"] for place in data["places"]] == ["shapes:home", "shapes:cross"]
        x, y, width, height = data["places"][1]["box"]
        assert 0.7 < x < x + width < 0.95 and 0.2 < y < y + height < 0.9
        assert sum(isinstance(content, ImageContent) for content in result.content) == 2

        data, _ = await answer("find_icons_by_words", words="home", previews=False)
        assert data["total"] == 1 and data["icons"][0]["icon"] == "shapes:home"

        data, _ = await answer("get_icon", icon="shapes:ring", form="jsx", size=20)
        assert "<svg" in data["code"] and "20" in data["code"] and data["licence"] == "MIT"
        data, result = await answer("get_icon", icon="shapes:ring", form="png", size=48)
        drawn = result.content[1]
        assert data["code"] == "" and isinstance(drawn, ImageContent)
        with Image.open(BytesIO(base64.b64decode(drawn.data))) as picture:
            assert picture.size == (48, 48)

        data, _ = await answer("list_sets")
        assert data == {"sets": [{"prefix": "shapes", "title": "Shapes", "licence": "MIT"}]}

        wrong = await agent.call_tool("get_icon", {"icon": "shapes:nothing"})
        assert wrong.is_error and "shapes:nothing" in text_of(wrong)
        wrong = await agent.call_tool("find_icons_by_picture", {"picture": encoded(b"no picture")})
        assert wrong.is_error and "not a picture" in text_of(wrong)
        wrong = await agent.call_tool("find_icons_by_words", {"words": "x", "limit": 0})
        assert wrong.is_error and "limit" in text_of(wrong)

        path = tmp_path / "house.png"
        path.write_bytes(house)
        by_path = await agent.call_tool("find_icons_by_picture", {"picture": str(path)})
        if over == "stdio":
            assert data_of(by_path)["icons"][0]["icon"] == "shapes:home"
            secret = await agent.call_tool("find_icons_by_picture", {"picture": "/etc/hostname"})
            assert secret.is_error
            missing = await agent.call_tool("find_icons_by_picture", {"picture": str(tmp_path / "no.png")})
            assert missing.is_error and "cannot be read" in text_of(missing)
        else:
            assert by_path.is_error and "base64" in text_of(by_path)

    with_agent(agent_of(over, site), tasks)


def test_an_agent_that_knows_the_older_protocol_alone(site: str) -> None:
    client = Client(f"{site}/mcp", mode="legacy", read_timeout_seconds=60)
    assert data_of(call(client, "find_icons_by_words", words="ring"))["total"] == 1


def test_keys_permissions_and_limits_are_those_of_the_api(
    transactional_db: None, icons: dict[str, Icon], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    owner = User.objects.create_user("reader")
    _, reads = ApiKey.objects.issue(owner, "reads", ["read"])
    with live_site(API_ANONYMOUS_READ="0", API_ANONYMOUS_SEARCH="0") as site:

        def with_key(secret: str) -> Client:
            http = httpx2.AsyncClient(headers={"Authorization": f"Bearer {secret}"}, timeout=60)
            return Client(streamable_http_client(f"{site}/mcp", http_client=http), read_timeout_seconds=60)

        stranger = call(Client(f"{site}/mcp"), "list_sets")
        assert stranger.is_error and "send a key" in text_of(stranger)
        assert data_of(call(with_key(reads), "list_sets"))["sets"][0]["prefix"] == "shapes"
        lacking = call(with_key(reads), "find_icons_by_words", words="ring")
        assert lacking.is_error and "“search”" in text_of(lacking)
        wrong = call(with_key("ico_wrong"), "list_sets")
        assert wrong.is_error and "not valid" in text_of(wrong)


def test_the_endpoint_answers_clearly_to_what_is_no_message(site: str) -> None:
    def ask(method: str, **options: Any) -> requests.Response:
        return requests.request(method, f"{site}/mcp", timeout=30, **options)

    streams = ask("GET", headers={"Accept": "text/event-stream"})
    assert streams.status_code == 405 and streams.headers["Allow"] == "POST"
    assert streams.json()["code"] == "method_not_allowed"
    both = {"Accept": "application/json, text/event-stream"}
    for body in (b"", b"{", b"[]", b"\xff", b'{"jsonrpc": "2.0"}', b"[" * 5000, b'{"id": 1, "method": 5}'):
        answer = ask("POST", data=body, headers={**both, "Content-Type": "application/json"})
        assert 400 <= answer.status_code < 500, body
    assert 400 <= ask("POST", data=b"x", headers=both).status_code < 500
    large = ask("POST", data=b" " * (settings.UPLOAD_MAX_BYTES * 3 // 2), headers={"Content-Type": "application/json"})
    assert large.status_code == 413 and large.json()["status"] == 413
    preflight = ask(
        "OPTIONS",
        headers={
            "Origin": "https://elsewhere.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type,mcp-protocol-version",
        },
    )
    assert preflight.headers["Access-Control-Allow-Origin"] == "https://elsewhere.example"
    assert "mcp-protocol-version" in preflight.headers["Access-Control-Allow-Headers"]


def test_an_agent_may_ask_while_the_site_loads_what_answers_it() -> None:
    program = """
import django; django.setup()
from threading import Thread
from django.test import RequestFactory
from iconsite.agents import mcp_endpoint, warm_up
loading = Thread(target=warm_up)
loading.start()
response = mcp_endpoint(RequestFactory().post("/mcp", b"", "application/json", headers={"Host": "localhost"}))
loading.join()
assert 400 <= response.status_code < 500, response.content
"""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "iconsite.settings"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, timeout=60)
    assert done.returncode == 0 and b"Error" not in done.stderr, done.stderr


def test_a_message_and_what_it_asks_of_the_api_are_paid_once(settings: LazySettings) -> None:
    settings.LIMIT_RATE = 1.0
    request = RequestFactory().get("/api/v1/sets/")
    assert [bucket.name for bucket in buckets_of(request)] == ["address:127.0.0.1"]
    request.META[WITHIN] = True
    assert buckets_of(request) == []
    request = RequestFactory().get("/api/v1/sets/", headers={WITHIN: "1"})  # which nobody can claim from outside
    assert len(buckets_of(request)) == 1


def test_who_has_taken_too_much_is_told_when_to_ask_again(
    transactional_db: None, icons: dict[str, Icon], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    headers = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": "2025-06-18"}
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "list_sets", "arguments": {}}}
    with live_site(LIMIT_RATE="0.001", LIMIT_BURST="0.2") as site:
        answers = [requests.post(f"{site}/mcp", json=message, headers=headers, timeout=30)]
        assert answers[0].json()["result"]["structuredContent"]["sets"][0]["prefix"] == "shapes"
        assert "RateLimit" in answers[0].headers
        while answers[-1].status_code == 200 and len(answers) < 500:
            answers.append(requests.post(f"{site}/mcp", json=message, headers=headers, timeout=30))
        assert answers[-1].status_code == 429 and int(answers[-1].headers["Retry-After"]) > 0
        assert answers[-1].json()["code"] == "throttled"


def test_pages_of_other_sites_ask_where_the_settings_have_them(
    client: DjangoClient, icons: dict[str, Icon], settings: LazySettings
) -> None:
    settings.API_ORIGINS = ["https://ours.example"]
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    accept = {"Accept": "application/json, text/event-stream"}

    def ask(origin: str) -> Any:
        return client.post("/mcp", message, "application/json", headers={**accept, "Origin": origin})

    refused = ask("https://theirs.example")
    assert refused.status_code == 403 and refused.headers["Content-Type"] == "application/problem+json"
    answered = ask("https://ours.example")
    assert {tool["name"] for tool in answered.json()["result"]["tools"]} == TOOLS
    assert answered.headers["Access-Control-Allow-Origin"] == "https://ours.example"
    assert answered.headers["Cache-Control"] == "no-store"
