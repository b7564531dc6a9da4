"""The site with the answers that are kept for clients of Iconify before it, which need neither Django nor a thread."""

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, nullcontext
from typing import Any

from iconify.kept_answers import Environ, KeptAnswers
from iconsite.observing import HEADER, id_of, note
from iconsite.tabs import Tabs

Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
REQUEST_ID = f"HTTP_{HEADER.upper().replace('-', '_')}"  # the header in the environment of a request


class PromptSite:
    """A WSGI application. `prompt` answers what takes next to no time, so that any thread may call it."""

    def __init__(self, application: Application, kept: KeptAnswers) -> None:
        """`application` is the site itself."""
        self.application = application
        self.kept = kept
        self.tabs = Tabs()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """What is kept, or else what the site answers, which may be kept then."""
        answer = self.prompt(environ, start_response)
        return answer if answer is not None else self.ask(environ, start_response)

    def prompt(self, environ: Environ, start_response: Callable[..., Any]) -> list[bytes] | None:
        """The answer, if it is kept; None where the site has to be asked."""
        started = time.perf_counter()
        answer = self.kept.get(environ)
        if answer is None or not self.tabs.is_welcome(environ):
            return None
        start_response("200 OK", [*answer.headers, (HEADER, id_of(environ.get(REQUEST_ID, "")))])
        seconds = time.perf_counter() - started
        self.tabs.owe(environ, seconds)
        note(answer.made_of.view, "GET", environ["PATH_INFO"], 200, seconds)
        return [answer.body]

    def ask(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """What the site answers."""
        status, headers = "", list[tuple[str, str]]()

        def starting(said: str, said_headers: Sequence[tuple[str, str]], *error: Any) -> Any:
            nonlocal status
            status, headers[:] = said, said_headers
            return start_response(said, said_headers, *error)

        parts = self.application(environ, starting)
        if not KeptAnswers.can_keep(environ) or not status.startswith("200"):
            return parts
        with closing(parts) if hasattr(parts, "close") else nullcontext():  # type: ignore[type-var]
            body = b"".join(parts)
        self.kept.keep(environ, tuple(pair for pair in headers if pair[0] != HEADER), body)
        return [body]
