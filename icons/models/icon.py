"""Icon sets and icons: what the search index is derived from."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from icons.batches import batched
from icons.models.drawing import SVGDrawing
from icons.names import MAX_LENGTH, validate_name
from icons.set_usage import known_usage, usage_or_known
from icons.signals import icons_changed

HIDDEN_AT_ONCE = 1000  # icons that one transaction hides


class IconSet(models.Model):
    """A library of icons under one prefix and one licence."""

    prefix = models.CharField(_("prefix"), max_length=MAX_LENGTH, unique=True, validators=[validate_name])
    title = models.CharField(_("title"), max_length=200)
    licence = models.CharField(_("licence"), max_length=200, blank=True)
    licence_spdx = models.CharField(_("licence (SPDX id)"), max_length=100, blank=True)
    author = models.CharField(_("author"), max_length=200, blank=True)
    source = models.CharField(
        _("source"), max_length=500, blank=True, help_text=_("Where the set comes from, usually a URL.")
    )
    palette = models.BooleanField(_("palette"), default=False, help_text=_("The icons have several colours."))
    version = models.CharField(_("version"), max_length=50, blank=True)
    usage = models.PositiveBigIntegerField(
        _("usage"),
        null=True,
        blank=True,
        help_text=_(
            "How often the set is used, for example downloads a month. Of icons that look the same, that of the most"
            " used set comes first. Leave it empty for what is known of public sets; any other set counts as your own"
            " and comes before all of them."
        ),
    )
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
    def usage_or_known(self) -> int | None:
        """How often the set is used: as entered, or else as known of its prefix; None for a set of one's own."""
        return usage_or_known(self.prefix, self.usage)

    @property
    def is_public(self) -> bool:
        """Whether Iconify serves the set under this prefix, as far as is known."""
        return self.prefix in known_usage()

    @property
    def licence_id(self) -> str:
        """The licence's SPDX id, or its title where it has none; empty where the licence is unknown."""
        return self.licence_spdx or self.licence

    @property
    def licence_title(self) -> str:
        """The licence's title, or its SPDX id where it has none; empty where the licence is unknown."""
        return self.licence or self.licence_spdx

    @property
    def licence_label(self) -> str:
        """The licence as people read it, "MIT License (MIT)"; empty where the licence is unknown."""
        if self.licence and self.licence_spdx not in ("", self.licence):
            return f"{self.licence} ({self.licence_spdx})"
        return self.licence_title


class IconQuerySet(models.QuerySet["Icon"]):
    """Queries that several pages ask of icons."""

    def visible(self) -> "IconQuerySet":
        """The icons that are listed and searched, without the hidden ones."""
        return self.filter(hidden=False)

    def find(self, prefix: str, name: str) -> "Icon | None":
        """The icon `prefix:name`, read together with its set; an icon of this name outranks one with it as an alias."""
        name_or_alias = models.Q(name=name) | models.Q(aliases__contains=[name])
        matches: list[Icon] = list(self.filter(name_or_alias, set__prefix=prefix).select_related("set"))
        return max(matches, key=lambda icon: icon.name == name, default=None)

    def set_hidden(self, hidden: bool) -> int:
        """Hide these icons, or list them again; returns how many were not so before."""
        changed = 0
        pks = self.exclude(hidden=hidden).order_by("pk").values_list("pk", flat=True)
        for batch in batched(list(pks), HIDDEN_AT_ONCE):
            with transaction.atomic():
                changed += Icon.objects.filter(pk__in=batch).update(hidden=hidden, updated_at=timezone.now())
                icons_changed.send(Icon, pks=batch, redrawn=batch)
        return changed

    def delete_locked(self) -> int:
        """Delete these icons; returns how many there were.

        The rows are locked first. Indexing skips locked rows, so it never waits for a vector that is being deleted
        here while this deletion waits for an icon that indexing holds.
        """
        with transaction.atomic():
            pks = list(self.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
            return Icon.objects.filter(pk__in=pks).delete()[1].get("icons.Icon", 0)


class Icon(SVGDrawing):
    """One icon: its cleaned SVG, and the words that people find it by."""

    set = models.ForeignKey(IconSet, on_delete=models.CASCADE, related_name="icons", verbose_name=_("icon set"))
    name = models.CharField(_("name"), max_length=MAX_LENGTH, validators=[validate_name])
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    name_zh = models.CharField(_("Chinese name"), max_length=200, blank=True)
    file_name = models.CharField(
        _("file name"), max_length=255, blank=True, help_text=_("The name of the file in the source.")
    )
    tags = ArrayField(models.CharField(max_length=100), verbose_name=_("tags"), default=list, blank=True)
    category = models.CharField(_("category"), max_length=200, blank=True)
    aliases = ArrayField(
        models.CharField(max_length=MAX_LENGTH), verbose_name=_("other names"), default=list, blank=True
    )
    hidden = models.BooleanField(
        _("hidden"),
        default=False,
        help_text=_(
            "The icon keeps its address, but it is not listed. Only searches by picture find it, as an earlier drawing."
        ),
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
            # Lists of the API, which are in the order of ids, with a filter each.
            GinIndex(fields=["tags"], name="icon_tags"),
            models.Index(fields=["category", "id"], name="icon_of_category"),
            models.Index(fields=["set", "id"], condition=models.Q(hidden=False), name="icon_listed_in_set"),
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
    def called(self) -> str:
        """Its name."""
        return self.name

    @property
    def public_id(self) -> str:
        """`prefix:name`; reads the set."""
        return f"{self.set.prefix}:{self.name}"

    def get_absolute_url(self) -> str:
        return reverse("icon", args=[self.set.prefix, self.name])

    @property
    def svg_url(self) -> str:
        """The address of the SVG with its version, so that browsers may cache it for ever; reads the set."""
        return self.svg_url_of(self.svg_version)

    def svg_url_of(self, version: str) -> str:
        """The address of the SVG of this version, which may be an earlier drawing's; reads the set."""
        return reverse("icon-svg", args=[self.set.prefix, self.name]) + f"?v={version}"

    def keep_name(self, earlier: str) -> None:
        """Have a renamed icon keep the addresses of its earlier name, which becomes one of its other names."""
        self.aliases = [*(alias for alias in self.aliases if alias not in (earlier, self.name)), earlier]

    def clean(self) -> None:
        self.redraw(self.svg)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.redraw(self.svg)  # cleaning twice changes nothing
        with transaction.atomic():
            super().save(*args, **kwargs)
            icons_changed.send(Icon, pks=[self.pk], redrawn=[self.pk])
