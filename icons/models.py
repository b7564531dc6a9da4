"""What an icon is. The search index is derived from these tables and lives in the `search` app."""

import hashlib
from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from icons.names import MAX_LENGTH, validate_name
from icons.signals import icons_changed
from icons.svg import clean_svg


def hash_svg(svg: str) -> str:
    """The SHA-256 of a cleaned SVG, 64 hex digits: what a vector was computed from."""
    return hashlib.sha256(svg.encode()).hexdigest()


class IconSet(models.Model):
    prefix = models.CharField(_("prefix"), max_length=MAX_LENGTH, unique=True, validators=[validate_name])
    title = models.CharField(_("title"), max_length=200)
    licence = models.CharField(_("licence"), max_length=200, blank=True)
    licence_spdx = models.CharField(_("licence (SPDX id)"), max_length=100, blank=True)
    author = models.CharField(_("author"), max_length=200, blank=True)
    source = models.CharField(
        _("source"), max_length=500, blank=True, help_text=_("Where the set comes from, usually a URL.")
    )
    palette = models.BooleanField(
        _("palette"), default=False, help_text=_("Coloured icons, rather than of one colour.")
    )
    version = models.CharField(_("version"), max_length=50, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name, verbose_name_plural = _("icon set"), _("icon sets")
        ordering = ["prefix"]

    def __str__(self) -> str:
        return f"{self.title} ({self.prefix})"

    def get_absolute_url(self) -> str:
        return reverse("set", args=[self.prefix])

    @property
    def licence_id(self) -> str:
        """The licence's SPDX id, or its title where it has none; empty where the licence is unknown."""
        return self.licence_spdx or self.licence

    @property
    def licence_label(self) -> str:
        """The licence as people read it, "MIT License (MIT)"; empty where the licence is unknown."""
        if self.licence and self.licence_spdx not in ("", self.licence):
            return f"{self.licence} ({self.licence_spdx})"
        return self.licence or self.licence_spdx


class IconQuerySet(models.QuerySet["Icon"]):
    def visible(self) -> "IconQuerySet":
        return self.filter(hidden=False)

    def find(self, prefix: str, name: str) -> "Icon | None":
        """The icon `prefix:name`, by its name before an alias; reads the set with it."""
        either = models.Q(name=name) | models.Q(aliases__contains=[name])
        found = self.filter(either, set__prefix=prefix).select_related("set")
        return max(found, key=lambda icon: icon.name == name, default=None)

    def delete_locked(self) -> int:
        """Delete these icons; returns how many.

        Locks the rows first: indexing skips rows that are locked, and so never waits for a vector that is
        being deleted while we wait for the icon that it holds.
        """
        with transaction.atomic():
            pks = list(self.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
            return Icon.objects.filter(pk__in=pks).delete()[1].get("icons.Icon", 0)


class Icon(models.Model):
    set = models.ForeignKey(IconSet, on_delete=models.CASCADE, related_name="icons", verbose_name=_("icon set"))
    name = models.CharField(_("name"), max_length=MAX_LENGTH, validators=[validate_name])
    svg = models.TextField(_("SVG source"), help_text=_("Cleaned when saved: no scripts, no outside references."))
    view_box = models.CharField(_("view box"), max_length=100, editable=False)
    svg_hash = models.CharField(_("SHA-256 of the source"), max_length=64, editable=False)
    coloured = models.BooleanField(
        default=False, editable=False, help_text="Paints with a colour of its own, other than black, grey and white."
    )
    pale = models.BooleanField(
        default=False, editable=False, help_text="Paints with white alone, or nearly: it wants a dark ground."
    )
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    name_zh = models.CharField(_("Chinese name"), max_length=200, blank=True)
    file_name = models.CharField(_("file name"), max_length=255, blank=True, help_text=_("As the source called it."))
    tags = ArrayField(models.CharField(max_length=100), verbose_name=_("tags"), default=list, blank=True)
    category = models.CharField(_("category"), max_length=200, blank=True)
    aliases = ArrayField(
        models.CharField(max_length=MAX_LENGTH), verbose_name=_("other names"), default=list, blank=True
    )
    hidden = models.BooleanField(
        _("hidden"), default=False, help_text=_("Keeps its address, but is not listed or found.")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects = IconQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("icon"), _("icons")
        ordering = ["set_id", "name"]
        constraints = [models.UniqueConstraint(fields=["set", "name"], name="icon_unique_in_set")]
        indexes = [
            GinIndex(fields=["aliases"], name="icon_aliases"),
            # Counts, names and categories of what a set shows are read from the index alone.
            models.Index(
                fields=["set", "name"],
                include=["id", "category"],
                condition=models.Q(hidden=False),
                name="icon_visible_in_set",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def public_id(self) -> str:
        """`prefix:name`; reads the set."""
        return f"{self.set.prefix}:{self.name}"

    def get_absolute_url(self) -> str:
        return reverse("icon", args=[self.set.prefix, self.name])

    @property
    def svg_version(self) -> str:
        """What changes with the drawing; an address that holds it is of this very drawing, and is cached for ever."""
        return self.svg_hash[:12]

    @property
    def svg_url(self) -> str:
        """The address of the SVG, with its version; reads the set."""
        return reverse("icon-svg", args=[self.set.prefix, self.name]) + f"?v={self.svg_version}"

    def redraw(self, raw: str | bytes) -> None:
        """Take this SVG source, cleaned. Raises ValidationError, as clean_svg does."""
        cleaned = clean_svg(raw)
        self.svg, self.view_box, self.svg_hash = cleaned.svg, cleaned.view_box, hash_svg(cleaned.svg)
        self.coloured, self.pale = cleaned.coloured, cleaned.pale

    def clean(self) -> None:
        self.redraw(self.svg)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.redraw(self.svg)  # cleaning twice changes nothing
        with transaction.atomic():
            super().save(*args, **kwargs)
            icons_changed.send(Icon, pks=[self.pk], redrawn=[self.pk])


class ImportRun(models.Model):
    """One import: where it stands, what it did, and the icons that it had to leave out."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        STOPPED = "stopped", _("Stopped")
        FAILED = "failed", _("Failed")

    UNFINISHED = (Status.QUEUED, Status.RUNNING)
    PROBLEMS_KEPT = 10_000

    source = models.CharField(_("source"), max_length=500)
    upload = models.FileField(upload_to="imports/", blank=True, editable=False)
    options = models.JSONField(default=dict, editable=False)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.QUEUED, db_index=True)
    reason = models.TextField(_("reason"), blank=True, help_text=_("Why it stopped or failed."))
    added = models.PositiveIntegerField(_("added"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    rejected = models.PositiveIntegerField(_("rejected"), default=0)
    pruned = models.PositiveIntegerField(_("pruned"), default=0)
    expected = models.PositiveIntegerField(null=True, help_text="Icons in the source, as far as known.")
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), default=timezone.now, help_text=_("Its last sign of life."))

    class Meta:
        verbose_name, verbose_name_plural = _("import"), _("imports")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return gettext("Import %(number)s from %(source)s") % {"number": self.pk, "source": self.source}

    @property
    def seen(self) -> int:
        return self.added + self.changed + self.unchanged + self.rejected

    @property
    def finished(self) -> bool:
        return self.status not in self.UNFINISHED

    def summary(self) -> str:
        counts = ("added", "changed", "unchanged", "rejected", "pruned")
        return ", ".join(f"{getattr(self, name)} {name}" for name in counts)

    def claim(self) -> bool:
        """Make this run ours, of all that may have got the message; False where another was first."""
        mine = ImportRun.objects.filter(pk=self.pk, status=self.Status.QUEUED).update(
            status=self.Status.RUNNING, attempts=models.F("attempts") + 1, updated_at=timezone.now()
        )
        self.refresh_from_db()
        return bool(mine)

    def finish(self, status: "ImportRun.Status", reason: str = "") -> None:
        self.status, self.reason = status, reason
        self.save()
        if self.upload:
            self.upload.delete()

    def keep_problems(self, problems: Sequence[tuple[str, str]]) -> None:
        """Record (name, reason) of icons that were left out, up to PROBLEMS_KEPT a run."""
        room = max(0, self.PROBLEMS_KEPT - self.problems.count())
        rows = [ImportProblem(run=self, icon=name[:300], reason=why) for name, why in problems[:room]]
        ImportProblem.objects.bulk_create(rows)


class ImportProblem(models.Model):
    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="problems")
    icon = models.CharField(_("icon"), max_length=300)
    reason = models.TextField(_("reason"))

    class Meta:
        verbose_name = _("icon left out")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.icon}: {self.reason}"
