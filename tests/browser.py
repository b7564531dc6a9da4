"""A plugin (`-p tests.browser`) for tests in a real Chromium: pages on which nothing may go wrong, and axe."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.signals import request_finished, request_started
from django.dispatch import Signal
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, sync_playwright

from tests import chromium

Open = Callable[..., Page]  # opens a page in a context of its own, whose options are the arguments
# Reasons of failed requests: leaving a page ends what it was still loading, and some tests cut the network.
EXPECTED_FAILURES = ("net::ERR_ABORTED", "net::ERR_INTERNET_DISCONNECTED")

in_chromium = [
    pytest.mark.skipif(not chromium.find(), reason=f"Chromium is missing: {chromium.INSTALL}"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, for the tests of a module."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser, address: str, **options: Any) -> Iterator[Page]:
    """A page in a context of its own, which may use the clipboard; `options` are those of the context.

    Fails the test if a script raises, the Content Security Policy is violated, the site answers with 500 or more, a
    request fails, or the page asks another host for something.
    """
    context = browser.new_context(base_url=address, permissions=["clipboard-read", "clipboard-write"], **options)
    page = context.new_page()
    problems = _problems(page, address)
    yield page
    context.close()
    assert problems == []


def _problems(page: Page, address: str) -> list[str]:
    """A list to which all that goes wrong on the page is added while it is open."""
    problems: list[str] = []

    def add_message(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            problems.append(message.text)

    def add_request(request: Request) -> None:
        if not request.url.startswith((address, "data:", "blob:", "file:")):
            problems.append(f"{request.url} is of another host")

    def add_failure(request: Request) -> None:
        if request.failure not in EXPECTED_FAILURES:
            problems.append(f"{request.url} failed")

    def add_response(response: Response) -> None:
        if response.status >= 500:
            problems.append(f"{response.url} {response.status}")

    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", add_message)
    page.on("request", add_request)
    page.on("requestfailed", add_failure)
    page.on("response", add_response)
    return problems


class InFlight:
    """The number of requests that the live server is answering.

    A test ends when there are none: clearing the database under a request may lock both out.
    """

    def __init__(self) -> None:
        self.number, self.changed = 0, threading.Condition()

    def count(self, signal: Signal, **kwargs: Any) -> None:
        """Count a request that started or finished."""
        with self.changed:
            self.number += 1 if signal is request_started else -1
            self.changed.notify_all()

    def wait(self) -> None:
        """Wait until all requests are answered, at most 30 seconds."""
        with self.changed:
            assert self.changed.wait_for(lambda: self.number <= 0, timeout=30)


@pytest.fixture
def in_flight() -> Iterator[InFlight]:
    """The requests in flight during a test."""
    requests = InFlight()
    for signal in (request_started, request_finished):
        signal.connect(requests.count)
    yield requests
    for signal in (request_started, request_finished):
        signal.disconnect(requests.count)


@pytest.fixture
def new_page(browser: Browser, live_server: Any, in_flight: InFlight) -> Iterator[Open]:
    """Opens further pages, each in a context of its own, until the test ends."""
    with ExitStack() as stack:
        stack.callback(in_flight.wait)
        yield lambda **options: stack.enter_context(opened(browser, live_server.url, **options))


@pytest.fixture
def page(new_page: Open) -> Page:
    """A page of its own for a test."""
    return new_page()


def violations(page: Page) -> list[tuple[str, list[str]]]:
    """The rules of axe that a page breaks, each with the HTML of the elements that break it."""
    # With `preload`, axe fetches style sheets by script, which the Content Security Policy forbids.
    broken_rules = Axe().run(page, options={"preload": False}).response["violations"]
    return [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in broken_rules]


def refuse_clipboard(page: Page, wholly: bool = False) -> None:
    """Forbid the scripts of this context to write to the clipboard, which then holds "before".

    With `wholly`, the page shown cannot copy with `document.execCommand` either. Reading stays allowed, so that a test
    can tell what was copied.
    """
    page.evaluate("navigator.clipboard.writeText('before')")
    page.context.clear_permissions()
    page.context.grant_permissions(["clipboard-read"])
    if wholly:
        page.evaluate("() => { document.execCommand = () => false; }")
