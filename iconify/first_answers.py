"""Answers about icons that nobody has asked for yet, made before anything of Django's is asked.

The views of `iconify.urls` make them of the same questions. What Django adds to their headers is learnt from the first
answer of each form that comes from it.
"""

import re
from typing import NamedTuple
from urllib.parse import parse_qs

from django.conf import settings
from django.utils.text import compress_string

from iconify.bodies import kept_texts, new_texts
from iconify.kept_answers import ROOT, Answer, Environ, Headers, MadeOf, key_of
from iconify.questions import ROUTES, Drawing, Question
from iconify.reader import Read
from iconify.sets import known_set

MOST_DRAWINGS = 100  # that are made of an icon's source here; an answer that needs more is Django's, in its own threads
OWN_HEADERS = frozenset({"Content-Length", "Content-Disposition"})  # of one answer
COMPRESSED_FROM = 200  # bytes, as in django.middleware.gzip
RANDOM_BYTES = 100
ACCEPTS_GZIP = re.compile(r"\bgzip\b")


class Form(NamedTuple):
    """What tells which headers an answer has."""

    view: str
    content_type: str
    may_be_compressed: bool
    compressed: bool


class FirstAnswers:
    """Makes answers about icons of sets whose names this process has read. Any thread may ask."""

    def __init__(self, read: Read) -> None:
        """`read` reads drawings."""
        self.read = read
        self._headers: dict[Form, Headers] = {}

    def learn(self, answer: Answer) -> None:
        """Take the headers of this answer, which is Django's, for those of all answers of its form."""
        values = dict(answer.headers)
        form = Form(answer.made_of.view, values["Content-Type"], "Vary" in values, "Content-Encoding" in values)
        self._headers[form] = tuple(pair for pair in answer.headers if pair[0] not in OWN_HEADERS)

    def get(self, environ: Environ) -> Answer | None:
        """The answer to this request; None where Django has to be asked."""
        if not self._headers or key_of(environ) is None or environ.get("CONTENT_TYPE"):
            return None
        asked = _question(environ)
        if asked is None:
            return None
        view, question = asked
        served = known_set(question.prefix) if question.is_sound else None
        if served is None:
            return None
        texts, missing = kept_texts(served, question.bases(served))
        reading = self.read(served.prefix, missing) if len(missing) <= MOST_DRAWINGS else None
        made_of = MadeOf.of(served, view)
        if reading is None or reading.version != made_of.version:
            return None
        answer = question.answer(served, texts | new_texts(served, missing, reading.rows))
        if answer.status != 200:
            return None
        body, content_type = answer.body, answer.content_type
        may_be_compressed, compressed = len(body) >= COMPRESSED_FROM, False
        if may_be_compressed and ACCEPTS_GZIP.search(environ.get("HTTP_ACCEPT_ENCODING", "")):
            shorter = compress_string(body, max_random_bytes=RANDOM_BYTES)
            if len(shorter) < len(body):
                body, compressed = shorter, True
        headers = self._headers.get(Form(view, content_type, may_be_compressed, compressed))
        if headers is None:
            return None
        own = [("Content-Length", str(len(body)))]
        own += [pair for pair in answer.headers.items() if pair[0] in OWN_HEADERS]
        return Answer(made_of, (*headers, *own), body)


def _question(environ: Environ) -> tuple[str, Question] | None:
    """What is asked about icons of a set, and the name of the view that answers it, too; None for anything else."""
    path = environ["PATH_INFO"]
    matches = ((route.match(path, len(ROOT)), view, question_of) for route, view, question_of in ROUTES)
    match, view, question_of = next((each for each in matches if each[0]), (None, "", Drawing))
    if match is None:
        return None
    try:
        text = environ.get("QUERY_STRING", "").encode("latin-1").decode()
        most = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
        parameters = parse_qs(text, keep_blank_values=True, max_num_fields=most) if text else {}
    except ValueError:  # Django knows what to make of it
        return None
    return f"iconify.views.{view}", question_of(parameters, **match.groupdict())
