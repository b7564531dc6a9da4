"""From an error that a view of the API raised to the answer."""

import math
from typing import Any

from rest_framework.response import Response
from rest_framework.views import set_rollback

from api.problems import PROBLEM_TYPE, as_problem, problem


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """Django REST framework's EXCEPTION_HANDLER: the answer to an error that a view raised, None for a defect.

    A view with `fields_at_top` also has the wrong fields as members beside the others, as clients written for the
    first version of the API expect.
    """
    known = as_problem(error)
    if known is None:
        return None
    set_rollback()
    members = problem(known.status_code, known.sentence, known.code, **known.more)
    if getattr(context.get("view"), "fields_at_top", False):
        members = {**known.more.get("errors", {}), **members}
    headers = dict(getattr(error, "headers", {}))
    if challenge := getattr(error, "auth_header", ""):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", 0):
        headers["Retry-After"] = str(math.ceil(wait))
    return Response(members, known.status_code, headers=headers, content_type=PROBLEM_TYPE)
