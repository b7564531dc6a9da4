"""Answers to errors: a page for a person, JSON for a program."""

import errno
import math
import sys
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError as QueueError
from psycopg.errors import DiskFull
from redis import RedisError

from api.problems import problem_response
from search.uploads import drain

# Errors of a database or a queue that is away, or of a disk that is full: they pass, or somebody sees to them.
AWAY = (OperationalError, InterfaceError, RedisError, QueueError)
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
AWAY_FOR, FULL_FOR = 5, 60  # seconds after which to try again
PROGRAM_PATHS = ("/api/", "/upload", "/mcp")  # addresses that begin so are for programs


def answer_error(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    """A page with this status and sentence; JSON for a program, and for a script that accepts nothing else."""
    if _is_program(request):
        return problem_response(status, sentence)
    return render(request, "error.html", {"status": status, "sentence": sentence}, status=status)


def _is_program(request: HttpRequest) -> bool:
    return request.path.startswith(PROGRAM_PATHS) or request.headers.get("Accept") == "application/json"


def answer_busy(request: HttpRequest, status: int, sentence: str, seconds: float) -> HttpResponse:
    """The same for a request that may be sent again after so many seconds, which a person's browser does by itself.

    It costs next to nothing, and needs neither the database nor a session.
    """
    reply = (
        problem_response(status, sentence)
        if _is_program(request)
        else HttpResponse(render_to_string("busy.html", {"status": status, "sentence": sentence}), status=status)
    )
    reply["Retry-After"] = str(math.ceil(seconds))
    if request.method == "GET":
        reply["Refresh"] = reply["Retry-After"]
    reply["Cache-Control"] = "no-store"
    return reply


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The answer to a request whose body or headers Django refuses: 413 where it has too much, else 400."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        with suppress(UnreadablePostError):
            drain(request)  # a client that is still sending would not see the answer
        return answer_error(request, 413, _too_much(exception))
    return answer_error(request, 400, _("The request cannot be understood."))


def _too_much(exception: Exception) -> str:
    if isinstance(exception, RequestDataTooBig):
        megabytes = (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0) / 1024 / 1024
        return _("The fields of the form are larger than %(most)s MB.") % {"most": f"{megabytes:g}"}
    return _("The form has too many fields or files.")


def forbidden(request: HttpRequest, exception: Exception | None = None, **kwargs: Any) -> HttpResponse:
    """The answer to a request that is not allowed, such as a form without its CSRF token."""
    return answer_error(request, 403, _("This is not allowed."))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The answer to an address with nothing at it; a text that Http404 was raised with says more."""
    sentence = exception.args[0] if exception and exception.args and isinstance(exception.args[0], str) else ""
    return answer_error(request, 404, sentence or _("There is nothing at this address."))


def restarting() -> str:
    """The sentence for whoever has to wait until a part of the site is back."""
    return _("A part of the site is being restarted. Try again in some seconds.")


def server_error(request: HttpRequest) -> HttpResponse:
    """The answer to a request at which the site failed: 503 where a part is away or the disk is full, else 500."""
    error = sys.exc_info()[1]
    if getattr(error, "errno", None) in NO_ROOM or isinstance(getattr(error, "__cause__", None), DiskFull):
        return answer_busy(request, 503, _("The site's disk is full. Tell whoever runs the site."), FULL_FOR)
    if isinstance(error, AWAY):
        return answer_busy(request, 503, restarting(), AWAY_FOR)
    return answer_error(request, 500, _("The site failed to answer. The error has been logged."))
