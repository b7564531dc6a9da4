"""Answers about one set that a web process keeps, and gives again for as long as the set has not changed.

They are found by the address as it was sent, before anything of Django's is asked, so that an icon costs little more
than the question to the database which version the set has.
"""

from collections import OrderedDict
from threading import Lock
from typing import Any, NamedTuple

from django.conf import settings

from iconify.reader import Read, Version
from iconify.served_set import ServedSet

Environ = dict[str, Any]
Headers = tuple[tuple[str, str], ...]
Key = tuple[str, str, bool]
ROOT = "/iconify/"
MADE_OF = "iconify.made_of"  # where a request says, in its environment, which set its answer was made of
OVERHEAD = 1000  # bytes of an answer beside its body and its address


class MadeOf(NamedTuple):
    """The set that an answer was made of, and the name of the view that made it."""

    prefix: str
    version: Version
    view: str

    @classmethod
    def of(cls, served: ServedSet, view: str) -> "MadeOf":
        """The set as it is served now."""
        return cls(served.prefix, tuple(b"%d" % number for number in (served.pk, *served.version)), view)


class Answer(NamedTuple):
    """An answer with status 200, and all of its headers but the id of the request."""

    made_of: MadeOf
    headers: Headers
    body: bytes

    def size(self, key: Key) -> int:
        """About how many bytes of memory it takes."""
        return len(self.body) + len(key[0]) + len(key[1]) + OVERHEAD


class KeptAnswers:
    """The answers that were given last, up to ICONIFY_ANSWERS_MAX_BYTES. Any thread may use them."""

    def __init__(self, read: Read) -> None:
        """`read` tells which version a set has now."""
        self.read = read
        self._answers: OrderedDict[Key, Answer] = OrderedDict()
        self._lock = Lock()
        self._size = 0

    def get(self, environ: Environ) -> Answer | None:
        """The answer to this request, if it is kept and its set has not changed."""
        key = key_of(environ)
        answer = self._answers.get(key) if key else None
        if key is None or answer is None:
            return None
        reading = self.read(answer.made_of.prefix, ())
        if reading is None or reading.version != answer.made_of.version:
            return None
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
        return answer

    @staticmethod
    def can_keep(environ: Environ) -> bool:
        """Whether the request was answered with what one set alone says, and may be kept."""
        return MADE_OF in environ and key_of(environ) is not None

    def keep(self, environ: Environ, answer: Answer) -> None:
        """Keep an answer that was just made, and that can be kept."""
        key = key_of(environ)
        if key is None:
            return
        most, size = settings.ICONIFY_ANSWERS_MAX_BYTES, answer.size(key)
        if size > most // 2:  # it would leave no room for others
            return
        with self._lock:
            before = self._answers.pop(key, None)
            self._size += size - (before.size(key) if before else 0)
            self._answers[key] = answer
            while self._size > most:
                oldest, gone = self._answers.popitem(last=False)
                self._size -= gone.size(oldest)


def key_of(environ: Environ) -> Key | None:
    """What an answer is kept by; None for requests whose answers are not kept, such as those of a known program."""
    path = environ["PATH_INFO"]
    if environ["REQUEST_METHOD"] != "GET" or not path.startswith(ROOT) or "HTTP_AUTHORIZATION" in environ:
        return None
    return path, environ.get("QUERY_STRING", ""), "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "")
