"""Downloads of bags that take long: a worker makes them, and whoever asked for one fetches its file."""

from django.db import models
from django.http import HttpRequest
from django.urls import reverse

from icons.prepared_files import PreparedFile, PreparedFileQuerySet

SESSION_KEY = "downloads"  # the session's entry with the keys of the visitor's own, the newest last


class PreparedDownloadQuerySet(PreparedFileQuerySet["PreparedDownload"]):
    """Prepared downloads by whose they are and where they stand."""

    def of(self, request: HttpRequest) -> "PreparedDownloadQuerySet":
        """Those that this session asked for."""
        return self.alive().filter(key__in=request.session.get(SESSION_KEY, ()))


class PreparedDownload(PreparedFile):
    """A download of a bag that a worker makes."""

    FOLDER, LOCKS = "prepared_downloads", 0x1C1

    bag = models.ForeignKey("bags.Bag", on_delete=models.SET_NULL, null=True)
    look = models.JSONField(default=dict)
    colour_glyphs = models.BooleanField(default=False)
    icons = models.JSONField(default=list, help_text="Primary keys, in order.")
    strokes = models.JSONField(default=dict, help_text="Stroke widths by primary key, of those not as they are.")

    objects = PreparedDownloadQuerySet.as_manager()

    def get_absolute_url(self) -> str:
        """The address of the page that says where it stands."""
        return reverse("prepared-download", args=[self.key])

    def get_file_url(self) -> str:
        """The address of the file."""
        return reverse("prepared-file", args=[self.key])

    @property
    def total(self) -> int:
        """How many icons were asked for."""
        return len(self.icons)
