"""What all changes through the API share: If-Match, Idempotency-Key, one transaction."""

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import etag_of
from api.models import KeptAnswer
from api.models.kept_answers import MAX_KEY
from api.problems import FieldErrors, Problem

P = ParamSpec("P")
Method = Callable[Concatenate[Any, Request, P], Response]
REPLAYED = "Idempotent-Replayed"
KEPT_HEADERS = ("ETag", "Location")

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": MAX_KEY},
    OpenApiParameter.HEADER,
    description="Any text: the same request with the same text, sent again within 24 hours, changes nothing twice.",
)
IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description="The ETag of what is to be changed, or *."
)


def writes(method: Method[P]) -> Method[P]:
    """Run a method of a view in one transaction, once for each Idempotency-Key of its user."""

    @wraps(method)
    def writing(self: Any, request: Request, /, *args: P.args, **kwargs: P.kwargs) -> Response:
        key = request.headers.get("Idempotency-Key", "").strip()
        if len(key) > MAX_KEY or "\x00" in key:
            raise FieldErrors({"Idempotency-Key": [_("The key is too long, or has signs that no text has.")]})
        with transaction.atomic():
            if not key:
                return method(self, request, *args, **kwargs)
            fingerprint = _fingerprint(request)
            # Where another request with the key is being answered, this waits for it.
            kept, made = KeptAnswer.objects.get_or_create(
                owner=cast(User, request.user), key=key, defaults={"fingerprint": fingerprint}
            )
            if not made:
                return _replayed(kept, fingerprint)
            answer = method(self, request, *args, **kwargs)
            kept.status, kept.headers = (
                answer.status_code,
                {name: answer[name] for name in KEPT_HEADERS if name in answer},
            )
            kept.body = None if answer.data is None else json.loads(JSONRenderer().render(answer.data))
            kept.save()
            return answer

    return writing


def _replayed(kept: KeptAnswer, fingerprint: str) -> Response:
    if kept.fingerprint != fingerprint:
        raise Problem(422, _("This Idempotency-Key was sent with another request."), "idempotency_key_reused")
    return Response(kept.body, kept.status, headers={**kept.headers, REPLAYED: "true"})


def _fingerprint(request: Request) -> str:
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    for name, value in sorted(dict(request.data).items()) if isinstance(request.data, dict) else [("", request.data)]:
        for each in value if isinstance(value, list) else [value]:
            digest.update(f"{name}\n".encode("utf-8", "replace"))
            if isinstance(each, UploadedFile):
                for chunk in each.chunks():
                    digest.update(chunk)
                each.seek(0)
            else:
                digest.update(json.dumps(each, sort_keys=True, default=str).encode())
    return digest.hexdigest()


def check_unchanged(request: Request, data: Any, required: bool = True) -> None:
    """Raise Problem, 412, where If-Match names another ETag than this data has; 428 where it is missing but required.

    To be called while what is to be changed is locked.
    """
    sent = request.headers.get("If-Match", "").strip()
    if not sent:
        if required:
            raise Problem(428, _("Say what you change: send the ETag that you have read as If-Match, or *."))
        return
    # Proxies that compress answers mark their ETags as weak; what is here is the same.
    if sent != "*" and etag_of(data) not in [etag.removeprefix("W/") for etag in parse_etags(sent)]:
        raise Problem(412, _("Somebody has changed this since you read it: read it again."))


def with_etag(data: Any, status: int = 200, location: str = "") -> Response:
    """An answer with the ETag of what was written."""
    headers = {"ETag": etag_of(data)} | ({"Location": location} if location else {})
    return Response(data, status, headers=headers)
