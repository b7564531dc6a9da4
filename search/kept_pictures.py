"""Pictures that were searched for: they are kept for a while, so that a search has an address that can be shared."""

import secrets
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import models
from django.db.models import F, Sum, Window
from django.db.models.functions import Extract, Now
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from search.uploads import open_picture, picture_to_keep
from search.vision.crops import WHOLE, FractionBox

KEY_BYTES = 16  # random bytes: nobody guesses 128 bits


class KeptPictureQuerySet(models.QuerySet["KeptPicture"]):
    """The pictures that are kept, and those that have been kept long enough."""

    def keep(self, data: bytes) -> "KeptPicture":
        """Keep what a file shows, without its metadata. Raises ValidationError, as picture_to_keep does."""
        stored, media_type, (width, height) = picture_to_keep(data)
        kept = self.create(data=stored, size=len(stored), media_type=media_type, width=width, height=height)
        if (self.aggregate(total=Sum("size"))["total"] or 0) > settings.QUERY_MAX_BYTES:
            self.delete_old()
        return kept

    def alive(self) -> "KeptPictureQuerySet":
        """Those that have not yet been kept for QUERY_HOURS."""
        return self.filter(created_at__gt=timezone.now() - timedelta(hours=settings.QUERY_HOURS))

    def delete_old(self) -> int:
        """Delete what was kept for QUERY_HOURS, and what is beyond QUERY_MAX_BYTES; returns how many.

        Those go first whose bytes times their age is the most, so that who sends large pictures does not drive out the
        small ones of everybody else.
        """
        expired = self.exclude(pk__in=self.alive().values("pk"))
        claim = F("size") * Extract(Now() - F("created_at"), "epoch", output_field=models.FloatField())
        room = Window(Sum("size"), order_by=[claim.asc(), F("pk").desc()])
        crowded = self.annotate(room=room).filter(room__gt=settings.QUERY_MAX_BYTES)
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
