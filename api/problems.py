"""Errors as programs read them: problem details, https://www.rfc-editor.org/rfc/rfc9457, in the reader's language.

Beside the members of the standard there are `code`, which names the problem in every language, and, where fields of
the request are wrong, `errors`: {"field": ["sentence", …]}.
"""

import json
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.utils.encoding import force_str
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions
from rest_framework.exceptions import APIException

from search.uploads import status_of

PROBLEM_TYPE = "application/problem+json"
GENERAL = "non_field_errors"  # where Django REST framework keeps sentences that are about no field
FORM_GENERAL = "__all__"  # where Django's forms keep them

# By status: the code where nothing more is known, and the title.
STATUSES = {
    400: ("invalid", gettext_lazy("The request is wrong")),
    401: ("not_authenticated", gettext_lazy("Who asks is not known")),
    403: ("forbidden", gettext_lazy("This is not allowed")),
    404: ("not_found", gettext_lazy("There is nothing here")),
    405: ("method_not_allowed", gettext_lazy("This cannot be done here")),
    406: ("not_acceptable", gettext_lazy("There is no such form")),
    409: ("conflict", gettext_lazy("This does not fit with what there is")),
    410: ("gone", gettext_lazy("This is no longer kept")),
    412: ("precondition_failed", gettext_lazy("It has changed meanwhile")),
    413: ("too_large", gettext_lazy("The request is too large")),
    415: ("unsupported_media_type", gettext_lazy("The content type cannot be read")),
    422: ("unprocessable", gettext_lazy("This cannot be done with it")),
    428: ("precondition_required", gettext_lazy("The request lacks a condition")),
    429: ("throttled", gettext_lazy("Too many requests")),
    500: ("error", gettext_lazy("The site failed")),
    503: ("unavailable", gettext_lazy("The site cannot answer now")),
}


class Problem(APIException):
    """An error with this status and sentence; `code` names it for programs, and `more` are further members."""

    def __init__(self, status: int, sentence: str, code: str = "", **more: Any) -> None:
        super().__init__(sentence, code or STATUSES[status][0])
        self.status_code = status
        self.sentence, self.code, self.more = _encodable(sentence), code or STATUSES[status][0], more


def _encodable(text: str) -> str:
    """The text without halves of UTF-16 pairs, which JSON can escape, a sentence may quote and no answer can hold."""
    return text.encode("utf-8", "replace").decode()


class FieldErrors(Problem):
    """Wrong fields of a request, each with its sentences."""

    def __init__(self, errors: Mapping[str, Any], status: int = 400) -> None:
        texts = {
            "" if field in (GENERAL, FORM_GENERAL) else _encodable(str(field)): [_encodable(str(t)) for t in sentences]
            for field, sentences in errors.items()
        }
        sentence = " ".join(dict.fromkeys(text for sentences in texts.values() for text in sentences))
        super().__init__(status, sentence, errors=texts)


def problem(status: int, sentence: str, code: str = "", **more: Any) -> dict[str, Any]:
    """The members of a problem; its type is always the general one, since `code` says more."""
    usual, title = STATUSES.get(status, STATUSES[400])
    return {
        "type": "about:blank",
        "title": str(title),
        "status": status,
        "detail": sentence,
        "code": code or usual,
        **more,
    }


def problem_response(status: int, sentence: str, code: str = "", **more: Any) -> HttpResponse:
    """The answer that Django gives where no view of the API does."""
    body = json.dumps(problem(status, sentence, code, **more), ensure_ascii=False)
    return HttpResponse(body, status=status, content_type=PROBLEM_TYPE)


def as_problem(error: Exception) -> Problem | None:
    """The problem that an error of Django, of the framework or of this site is; None for a defect."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, Http404):
        sentence = error.args[0] if error.args and isinstance(error.args[0], str) else ""
        return Problem(404, sentence or _("There is nothing at this address."))
    if isinstance(error, PermissionDenied):
        return Problem(403, _("This is not allowed."))
    if isinstance(error, ValidationError):
        if hasattr(error, "error_dict"):
            return FieldErrors(error.message_dict)
        return Problem(status_of(error), " ".join(error.messages))
    if isinstance(error, exceptions.ValidationError):
        detail = error.detail
        return FieldErrors(flat(detail) if isinstance(detail, dict) else {GENERAL: _sentences(detail)})
    if isinstance(error, exceptions.ParseError):
        return Problem(400, _("The body cannot be read: {why}").format(why=error.detail), "unreadable")
    if isinstance(error, exceptions.NotFound):
        return Problem(404, _("There is nothing at this address."))
    if isinstance(error, APIException):
        code = error.get_codes()
        return Problem(error.status_code, force_str(error.detail), code if isinstance(code, str) else "")
    return None


def flat(detail: Mapping[Any, Any], before: str = "") -> dict[str, list[str]]:
    """Errors of fields within fields as one mapping, with names such as `icons.0.name`."""
    errors: dict[str, list[str]] = {}
    for name, sentences in detail.items():
        path = before if name == GENERAL else f"{before}.{name}".removeprefix(".")
        if isinstance(sentences, Mapping):
            errors |= flat(sentences, path)
        elif any(isinstance(each, Mapping) for each in sentences):
            errors |= flat(dict(enumerate(sentences)), path)
        else:
            errors[path] = _sentences(sentences)
    return errors


def _sentences(detail: Any) -> list[str]:
    return [force_str(text) for text in detail] if isinstance(detail, list | tuple) else [force_str(detail)]
