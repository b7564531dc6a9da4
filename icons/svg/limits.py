"""Refusing an SVG with a sentence that says what is wrong with it, or which limit it passes."""

from typing import NoReturn

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def refuse(reason: str) -> NoReturn:
    """Raise ValidationError for this reason."""
    raise ValidationError(reason)


def refuse_bytes() -> NoReturn:
    """Raise ValidationError for an SVG of more than SVG_MAX_BYTES bytes."""
    refuse(_("The SVG is larger than %(most)s bytes.") % {"most": f"{settings.SVG_MAX_BYTES:,}"})


def refuse_depth() -> NoReturn:
    """Raise ValidationError for an SVG with more than SVG_MAX_DEPTH levels of elements."""
    refuse(_("The SVG nests elements more than %(most)s levels deep.") % {"most": settings.SVG_MAX_DEPTH})


def refuse_elements() -> NoReturn:
    """Raise ValidationError for an SVG that draws more than SVG_MAX_ELEMENTS elements."""
    refuse(_("The SVG draws more than %(most)s elements.") % {"most": f"{settings.SVG_MAX_ELEMENTS:,}"})
