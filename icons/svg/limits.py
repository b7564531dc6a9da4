"""Refusals: each raises ValidationError with a sentence that says what is wrong or which limit is passed."""

from typing import NoReturn

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def refuse(reason: str) -> NoReturn:
    raise ValidationError(reason)


def refuse_bytes() -> NoReturn:
    refuse(_("The SVG is larger than %(most)s bytes.") % {"most": f"{settings.SVG_MAX_BYTES:,}"})


def refuse_depth() -> NoReturn:
    refuse(_("The SVG nests elements more than %(most)s deep.") % {"most": settings.SVG_MAX_DEPTH})


def refuse_elements() -> NoReturn:
    refuse(_("The SVG draws more than %(most)s elements.") % {"most": f"{settings.SVG_MAX_ELEMENTS:,}"})
