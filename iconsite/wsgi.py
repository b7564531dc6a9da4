"""WSGI entry point: `gunicorn iconsite.wsgi`."""

import os
import re
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iconsite.settings")

CHARSET = re.compile(r"""; *charset *= *["']?([^;"']*)["']?""", re.IGNORECASE)
EVERY_BYTE = bytes(range(256))
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def of_text(application: Application) -> Application:
    """Leave charsets that no text can be read with, "hex" or "undefined" say, out of what Django gets to see.

    It takes over whatever codec Python finds, and fails with it before any middleware could answer.
    """

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        declared = environ.get("CONTENT_TYPE", "")
        if named := CHARSET.search(declared):
            try:
                EVERY_BYTE.decode(named[1].strip(), "replace")
            except (LookupError, ValueError):
                environ["CONTENT_TYPE"] = CHARSET.sub("", declared)
        return application(environ, start_response)

    return answer


application = of_text(get_wsgi_application())
