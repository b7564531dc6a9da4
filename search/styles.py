"""The style of an icon: outline, filled or duotone. It is told by the icon's name if possible, else by its drawing."""

from collections.abc import Mapping, Sequence

from django.db import models
from django.utils.translation import gettext_lazy as _

from icons.models import Icon
from search.matching.signature import unpack
from search.model_choice import active_model
from search.vision.drawing_style import has_two_tones, is_drawn_in_lines

ROWS_PER_INSERT = 2_000


class Style(models.TextChoices):
    """How an icon is drawn: in lines, as an area, or in two tones."""

    OUTLINE = "outline", _("Outline")
    FILLED = "filled", _("Filled")
    DUOTONE = "duotone", _("Duotone")


STYLE_WORDS: Mapping[str, Style] = {
    **dict.fromkeys(("outline", "outlined", "line", "linear", "thin"), Style.OUTLINE),
    **dict.fromkeys(("fill", "filled", "solid"), Style.FILLED),
    **dict.fromkeys(("duotone", "twotone"), Style.DUOTONE),
}


def style_of(name: str, signature: bytes) -> Style | None:
    """The style of an icon, given its name and the stored signature of its drawing.

    None if the name does not tell it and the signature is empty.
    """
    return _style_of_name(name) or (_style_of_drawing(signature) if signature else None)


def _style_of_name(name: str) -> Style | None:
    first, *others = name.split("-")
    # The last words tell more than the first one. A name of one word, such as "line", says what is drawn.
    for word in (*reversed(others), first if others else ""):
        if word in STYLE_WORDS:
            return STYLE_WORDS[word]
    return None


def _style_of_drawing(signature: bytes) -> Style:
    drawing = unpack([signature])
    ink = drawing.ink[0]
    # The colours of a drawing differ in lightness too; that makes it no duotone.
    if not drawing.coloured[0] and has_two_tones(ink):
        return Style.DUOTONE
    return Style.OUTLINE if is_drawn_in_lines(ink) else Style.FILLED


class IconStyleQuerySet(models.QuerySet["IconStyle"]):
    """Rows of styles, one for each indexed icon."""

    def store(self, icons: Sequence[tuple[int, str, bytes | memoryview]]) -> int:
        """Write the styles of icons given as (id, name, signature); returns how many were written."""
        styles = [(pk, style_of(name, bytes(signature))) for pk, name, signature in icons]
        rows = [IconStyle(icon_id=pk, style=style or "") for pk, style in styles]
        IconStyle.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["icon"], update_fields=["style"], batch_size=ROWS_PER_INSERT
        )
        return len(rows)

    def update_names(self, pks: Sequence[int]) -> int:
        """Write the styles of these icons anew, since they may have been renamed; returns how many were written.

        Their drawings are taken from the index. Icons that are not indexed are left to the indexing.
        """
        indexed = Icon.objects.filter(
            pk__in=pks,
            drawn_in__isnull=False,
            vectors__model=active_model().id,
            vectors__rendition=0,
            vectors__vector__isnull=False,
        )
        return self.store(list(indexed.values_list("pk", "name", "vectors__signature")))


class IconStyle(models.Model):
    """The style of an icon, stored when the icon is indexed or renamed."""

    icon = models.OneToOneField(Icon, on_delete=models.CASCADE, primary_key=True, related_name="drawn_in")
    # Empty if neither the name nor the drawing tells the style.
    style = models.CharField(max_length=10, choices=Style, blank=True, db_index=True)

    objects = IconStyleQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.icon}: {self.style}"
