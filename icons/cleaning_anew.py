"""Icons that an earlier version of the cleaner has stored are cleaned anew, in the background.

Their drawings mostly stay as they were, although the text of a few changes. Only icons whose drawing changes are
indexed again.
"""

import logging
import time

import numpy as np
from django.core.exceptions import ValidationError
from django.db import transaction
from numpy.typing import NDArray
from PIL import Image

from icons.models import DRAWING, EarlierDrawing, Icon, index_anew
from icons.rendering import RenderError, render_many
from icons.signals import icons_changed
from icons.svg import FORM
from icons.svg.fixed_strokes import NON_SCALING
from icons.svg.view_box import ViewBox

log = logging.getLogger(__name__)

BATCH = 500  # icons in one transaction
SIDE = 96  # px, the size at which the old drawing is compared with the new one
TOLERANCE = 3  # of 255, by which a pixel may differ


def clean_anew(seconds: float) -> int:
    """Clean icons whose form is not the present one, for about so many seconds; returns how many were cleaned.

    It may run twice at the same time: icons that another process holds are left to it.
    """
    deadline, cleaned = time.monotonic() + seconds, 0
    for clean_batch in (_clean_icons, _clean_earlier_drawings):
        while time.monotonic() < deadline and (number := clean_batch()):
            cleaned += number
    return cleaned


def _clean_icons() -> int:
    """Clean a batch; returns how many there were."""
    with transaction.atomic():
        icons = Icon.objects.select_for_update(of=("self",), skip_locked=True).filter(form__lt=FORM)
        batch = list(icons.order_by("form").only("name", *DRAWING)[:BATCH])
        if batch:
            _clean_batch(batch)
    return len(batch)


def _clean_earlier_drawings() -> int:
    """The same of earlier drawings; where the text of any changes, its icon is indexed anew."""
    with transaction.atomic():
        rows = EarlierDrawing.objects.select_for_update(of=("self",), skip_locked=True).filter(form__lt=FORM)
        batch = list(rows.order_by("form").select_related("icon")[:BATCH])
        changed: list[EarlierDrawing] = []
        for drawing in batch:
            svg_hash = drawing.svg_hash
            try:
                drawing.redraw(drawing.svg)
            except ValidationError as error:
                log.warning("An earlier drawing of %s stays as it is: %s", drawing.icon_id, " ".join(error.messages))
                drawing.form = FORM
            changed += [drawing] if drawing.svg_hash != svg_hash else []
        EarlierDrawing.objects.bulk_update(batch, DRAWING)
        index_anew({drawing.icon_id for drawing in changed})
    return len(batch)


def _clean_batch(icons: list[Icon]) -> None:
    changed: list[tuple[Icon, str, str]] = []  # icons, each with its SVG before and the hash of that
    redrawn: list[int] = []
    for icon in icons:
        svg, svg_hash, form = icon.svg, icon.svg_hash, icon.form
        try:
            icon.redraw(svg)
        except ValidationError as error:
            # It was accepted once, and its page shows it. Nothing is taken away from people who use it.
            log.warning("The icon %s stays in form %d: %s", icon.pk, form, " ".join(error.messages))
            continue
        if form == 0 and _was_drawn_otherwise(svg):
            redrawn.append(icon.pk)
        if icon.svg_hash != svg_hash:
            changed.append((icon, svg, svg_hash))
    Icon.objects.bulk_update([icon for icon, _svg, _hash in changed], DRAWING)
    Icon.objects.filter(pk__in=[icon.pk for icon in icons]).update(form=FORM)
    before = render_many([svg for _icon, svg, _hash in changed], SIDE)
    after = render_many([icon.svg for icon, _svg, _hash in changed], SIDE)
    rehashed: dict[int, str] = {}
    for (icon, _svg, svg_hash), old, new in zip(changed, before, after, strict=True):
        if icon.pk in redrawn or not _same(old, new):
            redrawn.append(icon.pk)
        else:
            rehashed[icon.pk] = svg_hash
    redrawn = list(dict.fromkeys(redrawn))
    if changed or redrawn:
        pks = list(dict.fromkeys([*(icon.pk for icon, _svg, _hash in changed), *redrawn]))
        icons_changed.send(Icon, pks=pks, redrawn=redrawn, rehashed=rehashed)


def _was_drawn_otherwise(svg: str) -> bool:
    """Whether the rasteriser of the time before there were forms drew it in another way: cut, or with other strokes."""
    try:
        view_box = ViewBox.parse(svg.partition('viewBox="')[2].partition('"')[0])
    except ValueError:
        return False
    return NON_SCALING in svg or not all(map(float.is_integer, view_box[2:]))


def _same(old: Image.Image | RenderError, new: Image.Image | RenderError) -> bool:
    if isinstance(old, RenderError) or isinstance(new, RenderError):
        return False
    return int(np.abs(_seen(old) - _seen(new)).max()) <= TOLERANCE


def _seen(picture: Image.Image) -> NDArray[np.int64]:
    """Red, green and blue as far as they are seen, and alpha, 0 to 255."""
    pixels = np.asarray(picture, np.int64)
    return np.concatenate([pixels[..., :3] * pixels[..., 3:] // 255, pixels[..., 3:]], axis=2)
