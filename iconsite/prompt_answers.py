"""The site with a way before it for clients of Iconify, whose answers need neither Django nor a thread of its own."""

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, nullcontext
from typing import Any

from iconify.first_answers import FirstAnswers
from iconify.kept_answers import MADE_OF, Answer, Environ, KeptAnswers
from iconify.reader import Read
from iconsite.observing import HEADER, id_of, note
from iconsite.tabs import Tabs

Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
REQUEST_ID = f"HTTP_{HEADER.upper().replace('-', '_')}"  # the header in the environment of a request


class PromptSite:
    """A WSGI application. `prompt` answers what takes next to no time, so that any thread may call it."""

    def __init__(self, application: Application, read: Read) -> None:
        """`application` is the site itself, `read` reads what answers are made of."""
        self.application = application
        self.kept = KeptAnswers(read)
        self.first = FirstAnswers(read)
        self.tabs = Tabs()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """The prompt answer, or else what the site answers, which may be kept then."""
        answer = self.prompt(environ, start_response)
        return answer if answer is not None else self.ask(environ, start_response)

    def prompt(self, environ: Environ, start_response: Callable[..., Any]) -> list[bytes] | None:
        """The answer, if it is kept or can be made at once; None where the site has to be asked."""
        started = time.perf_counter()
        if not self.tabs.is_welcome(environ):
            return None
        answer = self.kept.get(environ)
        if answer is None:
            answer = self.first.get(environ)
            if answer is None:
                return None
            self.kept.keep(environ, answer)
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
        answer = Answer(environ[MADE_OF], tuple(pair for pair in headers if pair[0] != HEADER), body)
        self.kept.keep(environ, answer)
        self.first.learn(answer)
        return [body]
