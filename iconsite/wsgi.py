"""WSGI entry point: `gunicorn iconsite.wsgi`."""

import os
import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.core.wsgi import get_wsgi_application

if TYPE_CHECKING:
    from iconsite.prompt_answers import PromptSite

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iconsite.settings")

CHARSET = re.compile(r"""; *charset *= *["']?([^;"']*)["']?""", re.IGNORECASE)
# What a charset has to decode to text: what some of them take for half of a UTF-16 pair, and every byte.
SAMPLES = (rb"\ud800", b"+2AA-", bytes(range(256)))
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def without_unreadable_charsets(application: Application) -> Application:
    """Keep charsets that no text can be decoded with, such as "hex", "undefined" or "unicode_escape", from Django.

    Django decodes a request with any codec that Python has under the name. It fails before a middleware could answer,
    or makes a text of halves of UTF-16 pairs that no answer can hold.
    """

    def application_without(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        declared = environ.get("CONTENT_TYPE", "")
        if charset := CHARSET.search(declared):
            try:
                for sample in SAMPLES:
                    sample.decode(charset[1].strip(), "replace").encode()
            except (LookupError, ValueError):
                environ["CONTENT_TYPE"] = CHARSET.sub("", declared)
        return application(environ, start_response)

    return application_without


def site() -> "PromptSite":
    """The whole site, as a web server runs it."""
    django_application = without_unreadable_charsets(get_wsgi_application())
    from iconify.reader import Reader  # these need the settings and the apps
    from iconsite.prompt_answers import PromptSite

    return PromptSite(django_application, Reader())


application = site()
