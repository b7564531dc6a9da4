"""How an icon is drawn: in lines, as an area, in two tones. By its name where that says it, else by its look."""

from collections.abc import Mapping, Sequence

import cv2
import numpy as np
from django.db import models
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from icons.models import Icon
from search.matching.signature import unpack

WRITTEN_AT_ONCE = 2_000
FINER = 3  # times the signature's resolution, at which the widths of lines are measured
# In px of a signature, 44 px to the icon: an icon is drawn in lines where its ink is no wider than this on the
# average, or at its widest. Of icons whose names say which, 87 of 100 are told rightly so.
THIN_ON_AVERAGE, THIN_AT_MOST = 6.5, 10.0
TONE = 0.1, 0.7  # ink of the lighter of two tones
TONE_SHARE = 0.05  # of the drawing
EVEN = 0.08  # difference between a pixel and those around it, within an area


class Style(models.TextChoices):
    OUTLINE = "outline", _("Outline")
    FILLED = "filled", _("Filled")
    DUOTONE = "duotone", _("Duotone")


WORDS: Mapping[str, Style] = {
    **dict.fromkeys(("outline", "outlined", "line", "linear", "thin"), Style.OUTLINE),
    **dict.fromkeys(("fill", "filled", "solid"), Style.FILLED),
    **dict.fromkeys(("duotone", "twotone"), Style.DUOTONE),
}


def style_of(name: str, signature: bytes) -> Style | None:
    """The style of an icon, given its name and what is stored of its drawing; None where neither tells."""
    first, *others = name.split("-")
    for word in (*reversed(others), first if others else ""):
        if word in WORDS:
            return WORDS[word]
    if not signature:
        return None
    drawing = unpack([signature])
    return _style_of_drawing(drawing.ink[0], bool(drawing.coloured[0]))


def _style_of_drawing(ink: NDArray[np.float32], coloured: bool) -> Style:
    around = np.ones((3, 3), np.uint8)
    even = cv2.dilate(ink, around) - cv2.erode(ink, around) < EVEN
    light = np.count_nonzero(even & (ink > TONE[0]) & (ink < TONE[1]))
    # Colours differ in lightness too, which makes no duotone.
    if not coloured and light > TONE_SHARE * (light + np.count_nonzero(ink >= TONE[1])):
        return Style.DUOTONE
    fine = cv2.resize(ink, None, fx=FINER, fy=FINER, interpolation=cv2.INTER_LINEAR)
    framed = np.pad((fine > ink.max() / 2).astype(np.uint8), 1)  # where all is ink, there must be an edge
    to_edge = cv2.distanceTransform(framed, cv2.DIST_L2, 3) / FINER
    inside = to_edge[to_edge > 0]
    # Within a line, the distance to its edge is a quarter of its width on the average, and half of it at most.
    thin = inside.size and (4 * inside.mean() < THIN_ON_AVERAGE or 2 * inside.max() < THIN_AT_MOST)
    return Style.OUTLINE if thin else Style.FILLED


class IconStyleQuerySet(models.QuerySet["IconStyle"]):
    def store(self, drawn: Sequence[tuple[int, str, bytes]]) -> int:
        """Write the styles of icons given as (id, name, signature); returns how many were written."""
        styles = [(pk, style_of(name, bytes(signature))) for pk, name, signature in drawn]
        rows = [IconStyle(icon_id=pk, style=style or "") for pk, style in styles]
        self.bulk_create(
            rows, update_conflicts=True, unique_fields=["icon"], update_fields=["style"], batch_size=WRITTEN_AT_ONCE
        )
        return len(rows)


class IconStyle(models.Model):
    """Candidate out when an icon is indexed; empty where it cannot be told."""

    icon = models.OneToOneField(Icon, on_delete=models.CASCADE, primary_key=True, related_name="drawn_in")
    style = models.CharField(max_length=10, choices=Style, blank=True, db_index=True)

    objects = IconStyleQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.icon}: {self.style}"
