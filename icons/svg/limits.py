"""Refusals: each raises ValidationError with a sentence that says what is wrong or which limit is passed."""

from typing import NoReturn

from django.conf import settings
from django.core.exceptions import ValidationError


def refuse(reason: str) -> NoReturn:
    raise ValidationError(reason)


def refuse_bytes() -> NoReturn:
    refuse(f"The SVG is larger than {settings.SVG_MAX_BYTES:,} bytes.")


def refuse_depth() -> NoReturn:
    refuse(f"The SVG nests elements more than {settings.SVG_MAX_DEPTH} deep.")


def refuse_elements() -> NoReturn:
    refuse(f"The SVG draws more than {settings.SVG_MAX_ELEMENTS:,} elements.")
