"""What the present and the earlier drawings of icons have in common: a cleaned SVG, and what follows from it."""

import hashlib
import logging

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from icons.faint_bitmaps import clean_without_faint
from icons.svg import FORM
from icons.texts import error_text

log = logging.getLogger(__name__)

# The fields that follow from the source of a drawing, which redraw() sets together.
DRAWING = ("svg", "view_box", "svg_hash", "coloured", "pale", "form")


def hash_svg(svg: str) -> str:
    """The SHA-256 of a cleaned SVG, 64 hex digits: what a vector was computed from."""
    return hashlib.sha256(svg.encode()).hexdigest()


class SVGDrawing(models.Model):
    """A cleaned SVG, with what is known of it without drawing it."""

    svg = models.TextField(
        _("SVG source"), help_text=_("Scripts and references to other files are removed when the icon is saved.")
    )
    view_box = models.CharField(_("view box"), max_length=100, editable=False)
    svg_hash = models.CharField(_("SHA-256 of the source"), max_length=64, editable=False)
    coloured = models.BooleanField(
        default=False, editable=False, help_text="Paints with a colour of its own, other than black, grey and white."
    )
    pale = models.BooleanField(
        default=False, editable=False, help_text="Paints with white alone, or nearly: it wants a dark ground."
    )
    form = models.PositiveSmallIntegerField(
        default=0, editable=False, db_index=True, help_text="Version of the plain form that the source has."
    )

    without_bitmaps = False  # whether redraw() left out bitmaps that nobody sees; not stored

    class Meta:
        abstract = True

    @property
    def svg_version(self) -> str:
        """What changes with the drawing; an SVG whose address holds it may be cached for ever."""
        return self.svg_hash[:12]

    def redraw(self, raw: str | bytes) -> None:
        """Take this SVG source, cleaned, and all that follows from it: every drawing comes in through here.

        Raises ValidationError, with a sentence, whatever is wrong with the source. An error that nobody foresaw is
        logged and becomes one, too: a drawing that trips the cleaner must not end the work on other icons.
        """
        try:
            cleaned, self.without_bitmaps = clean_without_faint(raw)
            svg_hash = hash_svg(cleaned.svg)
        except ValidationError:
            raise
        except Exception as error:
            log.exception("The SVG of icon %r cannot be cleaned.", self.called)
            raise ValidationError(gettext("The SVG cannot be read (%(why)s).") % {"why": error_text(error)}) from error
        self.svg, self.view_box, self.svg_hash = cleaned.svg, cleaned.view_box, svg_hash
        self.coloured, self.pale, self.form = cleaned.coloured, cleaned.pale, FORM

    @property
    def called(self) -> str:
        """The name of the icon that it is a drawing of."""
        raise NotImplementedError

    def take(self, other: "SVGDrawing") -> None:
        """Take over the drawing of another, which is clean already."""
        for field in DRAWING:
            setattr(self, field, getattr(other, field))
