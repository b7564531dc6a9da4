"""What tests in real Chromium share (`-p tests.browser`): pages on which nothing may go wrong, and axe."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.signals import request_finished, request_started
from django.dispatch import Signal
from playwright.sync_api import Browser, Page, sync_playwright

from tests import chromium

Open = Callable[..., Page]
# A page that is left ends what it was still loading, its icon say; and some tests cut the network.
EXPECTED = ("net::ERR_ABORTED", "net::ERR_INTERNET_DISCONNECTED")

in_chromium = [
    pytest.mark.skipif(not chromium.find(), reason=f"Chromium is missing: {chromium.INSTALL}"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser, address: str, **options: Any) -> Iterator[Page]:
    """A page in a context of its own, with clipboard; `options` are those of a context."""
    context = browser.new_context(base_url=address, permissions=["clipboard-read", "clipboard-write"], **options)
    page, problems = context.new_page(), []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text) if "Content Security Policy" in said.text else None)
    page.on("response", lambda reply: problems.append(f"{reply.url} {reply.status}") if reply.status >= 500 else None)
    page.on(
        "requestfailed",
        lambda request: None if request.failure in EXPECTED else problems.append(f"{request.url} failed"),
    )
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((address, "data:", "blob:", "file:"))
            else problems.append(f"{request.url} is of another host")
        ),
    )
    yield page
    context.close()
    assert problems == []


class InFlight:
    """The requests that the live server is at: the database is not cleared under them, which may lock both out."""

    def __init__(self) -> None:
        self.number, self.changed = 0, threading.Condition()

    def count(self, signal: Signal, **kwargs: Any) -> None:
        with self.changed:
            self.number += 1 if signal is request_started else -1
            self.changed.notify_all()

    def wait(self) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: self.number <= 0, timeout=30)


@pytest.fixture
def in_flight() -> Iterator[InFlight]:
    counted = InFlight()
    for signal in (request_started, request_finished):
        signal.connect(counted.count)
    yield counted
    for signal in (request_started, request_finished):
        signal.disconnect(counted.count)


@pytest.fixture
def new_page(browser: Browser, live_server: Any, in_flight: InFlight) -> Iterator[Open]:
    with ExitStack() as stack:
        stack.callback(in_flight.wait)
        yield lambda **options: stack.enter_context(opened(browser, live_server.url, **options))


@pytest.fixture
def page(new_page: Open) -> Page:
    return new_page()


def violations(page: Page) -> list[tuple[str, list[str]]]:
    """What axe finds wrong on a page: rules, and the elements that break them."""
    found = Axe().run(page, options={"preload": False}).response["violations"]  # it would break the policy
    return [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]


def refuse_clipboard(page: Page, wholly: bool = False) -> None:
    """No script of this context may write to the clipboard, which holds "before"; with `wholly`, the page shown cannot
    copy in the old way either. Reading stays allowed: it tells what a person has copied.
    """
    page.evaluate("navigator.clipboard.writeText('before')")
    page.context.clear_permissions()
    page.context.grant_permissions(["clipboard-read"])
    if wholly:
        page.evaluate("() => { document.execCommand = () => false; }")
