"""Pictures that were searched for: they are kept for a while, so that a search has an address that can be shared."""

import secrets
from datetime import timedelta
from functools import partial
from io import BytesIO
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Sum, Window
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from search.uploads import SVG_TYPE, open_picture, vector_source
from search.vision.crops import WHOLE, FractionBox

KEPT_SIDE = 5120  # px; searches reduce further, but a crop still has the original pixels
LARGE = 4 * 1024 * 1024  # bytes of a PNG from which on the picture is taken for a photograph
KEY_BYTES = 16  # random bytes: nobody guesses 128 bits


class KeptPictureQuerySet(models.QuerySet["KeptPicture"]):
    """The pictures that are kept, and those that have been kept long enough."""

    def keep(self, data: bytes) -> "KeptPicture":
        """Keep what a file shows, without its metadata. Raises ValidationError, as open_picture does."""
        picture = open_picture(data, side=KEPT_SIDE)
        source = vector_source(data)
        if source:
            stored, media_type = source.encode(), SVG_TYPE
        else:
            stored, media_type, picture = _encoded(picture)
        return self.create(
            data=stored, size=len(stored), media_type=media_type, width=picture.width, height=picture.height
        )

    def alive(self) -> "KeptPictureQuerySet":
        """Those that have not yet been kept for QUERY_HOURS."""
        return self.filter(created_at__gt=timezone.now() - timedelta(hours=settings.QUERY_HOURS))

    def delete_old(self) -> int:
        """Delete what was kept for QUERY_HOURS, and the oldest beyond QUERY_MAX_BYTES; returns how many."""
        expired = self.exclude(pk__in=self.alive().values("pk"))
        newer = Window(Sum("size"), order_by=[F("created_at").desc(), F("pk").desc()])
        crowded = self.annotate(room=newer).filter(room__gt=settings.QUERY_MAX_BYTES)
        pks = {*expired.values_list("pk", flat=True), *crowded.values_list("pk", flat=True)}
        return self.filter(pk__in=pks).delete()[0]


class KeptPicture(models.Model):
    """A picture that somebody searched for; whoever knows its key can see it."""

    key = models.CharField(
        max_length=32, unique=True, default=partial(secrets.token_urlsafe, KEY_BYTES), editable=False
    )
    data = models.BinaryField()
    size = models.PositiveIntegerField(help_text="Bytes.")
    media_type = models.CharField(max_length=20)
    width = models.PositiveSmallIntegerField(help_text="Pixels.")
    height = models.PositiveSmallIntegerField(help_text="Pixels.")
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    objects = KeptPictureQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.media_type}, {self.width} × {self.height}"

    def get_absolute_url(self) -> str:
        """The address of the search for this picture."""
        return reverse("kept-search", args=[self.key])

    def open(self, crop: FractionBox = WHOLE) -> Image.Image:
        """The picture, or a part of it, as open_picture gives it."""
        return open_picture(bytes(self.data), crop)


def _encoded(picture: Image.Image) -> tuple[bytes, str, Image.Image]:
    """A picture as PNG, or as JPEG where it is a photograph: (bytes, media type, the picture as it is kept).

    A picture that would take more bytes than may be sent is halved until it does not.
    """
    # The lowest level of compression is quick, and the file is small enough for the time that it is kept.
    data, media_type = _saved(picture, "PNG", compress_level=1), "image/png"
    if len(data) > LARGE and picture.mode == "RGB":
        data, media_type = _saved(picture, "JPEG", quality=95), "image/jpeg"
    if len(data) > settings.UPLOAD_MAX_BYTES:
        return _encoded(picture.reduce(2))
    return data, media_type, picture


def _saved(picture: Image.Image, format: str, **options: Any) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, format, **options)
    return buffer.getvalue()
