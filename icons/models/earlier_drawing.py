"""How icons were drawn before: screens that people take pictures of show earlier releases of their sets."""

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from itertools import islice
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from icons.models.drawing import SVGDrawing
from icons.models.icon import Icon
from icons.shapes import MOST, Shape, look_different, shapes
from icons.signals import icons_changed


class EarlierDrawingQuerySet(models.QuerySet["EarlierDrawing"]):
    """The one way in."""

    def keep(self, drawings: Sequence["EarlierDrawing"], known: Sequence["EarlierDrawing"] = ()) -> set[int]:
        """Store these drawings, the oldest of an icon first, where they look different; returns whose were stored.

        They are not in the database yet; their icons are, as they are now. What looks like an icon's present drawing,
        or like an earlier one that it has, is left out. Drawings that are `known` to look different are stored first;
        they are not compared, which would take the most time. The caller has the icons, whose ids are returned,
        `index_anew`.
        """
        with transaction.atomic():
            pks = {drawing.icon_id for drawing in (*known, *drawings)}
            # Two imports of one set must not give the same number twice.
            list(Icon.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk").values_list("pk"))
            stored: dict[int, list[EarlierDrawing]] = defaultdict(list)
            for row in self.filter(icon__in=pks).order_by("icon", "number"):
                stored[row.icon_id].append(row)
            hashes = {pk: {row.svg_hash for row in rows} for pk, rows in stored.items()}
            new_known, new = (
                [row for row in rows if row.svg_hash not in {row.icon.svg_hash, *hashes.get(row.icon_id, ())}]
                for rows in (known, drawings)
            )
            return _store(stored, [*new_known, *_different(new, stored)])


def _different(
    new: Sequence["EarlierDrawing"], stored: Mapping[int, Sequence["EarlierDrawing"]]
) -> list["EarlierDrawing"]:
    """Those of the drawings that look like nothing that their icons have."""
    icons = {row.icon_id: row.icon for row in new}
    there = [(pk, row.svg) for pk, icon in icons.items() for row in (icon, *stored.get(pk, ()))]
    drawn = shapes([*(svg for pk, svg in there), *(row.svg for row in new)])
    known: dict[int, list[Shape]] = defaultdict(list)
    for (pk, _svg), shape in zip(there, islice(drawn, len(there)), strict=True):
        known[pk] += [] if shape is None else [shape]
    different = []
    for row, shape in zip(new, drawn, strict=True):
        if shape is not None and look_different(shape, known[row.icon_id]):
            known[row.icon_id].append(shape)
            different.append(row)
    return different


def _store(stored: Mapping[int, list["EarlierDrawing"]], new: Sequence["EarlierDrawing"]) -> set[int]:
    """Write the new ones beside those that are stored, MOST of an icon; returns the ids of the icons."""
    for row in new:
        row.number = 1 + max((other.number for other in stored[row.icon_id]), default=0)
        stored[row.icon_id].append(row)
    EarlierDrawing.objects.filter(
        pk__in=[row.pk for rows in stored.values() for row in rows[:-MOST] if row.pk]
    ).delete()
    wanted = [row for rows in stored.values() for row in rows[-MOST:] if not row.pk]
    EarlierDrawing.objects.bulk_create(wanted)
    return {row.icon_id for row in wanted}


def index_anew(icons: Set[int]) -> None:
    """Have the icons of these ids indexed anew, although they are drawn as before."""
    if icons:
        icons_changed.send(Icon, pks=[], redrawn=sorted(icons), rehashed={})


class EarlierDrawing(SVGDrawing):
    """A drawing that an icon had before: searches by picture find the icon by it, too."""

    icon = models.ForeignKey(Icon, on_delete=models.CASCADE, related_name="earlier_drawings")
    number = models.PositiveSmallIntegerField(_("number"))  # 1 for an icon's first; later ones keep theirs

    objects = EarlierDrawingQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("earlier drawing"), _("earlier drawings")
        ordering = ["icon", "number"]
        constraints = [models.UniqueConstraint(fields=["icon", "number"], name="earlier_drawing_numbered")]

    def __str__(self) -> str:
        return f"{self.icon} before, {self.number}"

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete it, and have its icon indexed anew."""
        with transaction.atomic():
            deleted = super().delete(*args, **kwargs)
            index_anew({self.icon_id})
        return deleted

    def get_absolute_url(self) -> str:
        return f"{self.icon.get_absolute_url()}?v={self.svg_version}"

    @property
    def svg_url(self) -> str:
        """The address of the SVG, which browsers may cache for ever; reads the icon and its set."""
        return self.icon.svg_url_of(self.svg_version)

    @property
    def called(self) -> str:
        """The name of its icon."""
        return self.icon.name


def drawn_as_before(icon: Icon, version: str) -> Icon:
    """The icon, drawn as in its earlier drawing of this `svg_version`; the icon as it is where it had none."""
    if version and version != icon.svg_version:
        for drawing in icon.earlier_drawings.all():
            if drawing.svg_version == version:
                icon.take(drawing)
    return icon
