"""A bag: icons that somebody collects, to share them and to download them together."""

import secrets
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bags.prepared_downloads import PreparedDownload as PreparedDownload  # defined beside its subject
from icons.models import Icon

NAME_LENGTH = 100  # characters
KEY_BYTES = 16  # random bytes, or 22 characters: whoever has the address sees the bag, and nobody guesses 128 bits
DELETED_AT_ONCE = 500  # bags; a short transaction keeps nobody waiting


class BagQuerySet(models.QuerySet["Bag"]):
    """Bags, also counted, and deleted when nobody has changed them for long."""

    def with_totals(self) -> "BagQuerySet":
        """The bags, each with the number of its icons in `total`."""
        return self.annotate(total=models.Count("bagicon"))

    def delete_old(self) -> int:
        """Delete the bags that have no owner and have not changed for BAG_DAYS days. Returns how many."""
        since = timezone.now() - timedelta(days=settings.BAG_DAYS)
        old, deleted = self.filter(owner=None, updated_at__lt=since), 0
        while pks := list(old.values_list("pk", flat=True)[:DELETED_AT_ONCE]):
            # The filter applies once more: somebody may just have changed one of them, or have signed in with it.
            old.filter(pk__in=pks).delete()
            deleted += len(pks)
        return deleted


class Bag(models.Model):
    """Icons in the order in which they were added. Its owner, or the session that began it, may change it."""

    total: int  # the number of icons, which BagQuerySet.with_totals() reads

    key = models.CharField(
        gettext_lazy("address"),
        max_length=22,
        unique=True,
        default=partial(secrets.token_urlsafe, KEY_BYTES),
        editable=False,
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="bags",
        verbose_name=gettext_lazy("owner"),
    )
    name = models.CharField(gettext_lazy("name"), max_length=NAME_LENGTH, blank=True)
    updated_at = models.DateTimeField(gettext_lazy("updated"), default=timezone.now, editable=False)
    icons = models.ManyToManyField(Icon, through="BagIcon", related_name="+")

    objects = BagQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = gettext_lazy("bag"), gettext_lazy("bags")
        ordering = ["-updated_at", "-pk"]
        indexes = [models.Index(fields=["updated_at"], name="bag_of_nobody", condition=models.Q(owner=None))]

    def __str__(self) -> str:
        return self.name or _("Bag")

    def get_absolute_url(self) -> str:
        return reverse("bag-page", args=[self.key])

    def in_order(self) -> models.QuerySet[Icon]:
        """The icons with their sets, in the order in which they were added."""
        return Icon.objects.filter(bagicon__bag=self).order_by("bagicon__pk").select_related("set")

    def strokes(self) -> dict[int, float]:
        """The stroke widths that icons were added with, by their ids: of those that were not added as they are."""
        rows = self.bagicon_set.values_list("icon_id", "stroke")
        return {pk: width for pk, width in rows if width is not None}

    def add(self, pks: Collection[int], strokes: Mapping[int, float] | None = None) -> None:
        """Put icons in, after those that are in, some at stroke widths of their own, which those that are in get, too.

        Raises ValidationError if there is no room for all of them, or if the bag or an icon is gone.
        """
        try:
            with self._changing():
                inside = set(self.bagicon_set.values_list("icon_id", flat=True))
                new = [pk for pk in dict.fromkeys(pks) if pk not in inside]
                if len(inside) + len(new) > settings.BAG_MAX_ICONS:
                    raise ValidationError(
                        _("A bag holds at most %(most)s icons, and this one has %(have)s. Remove some first.")
                        % {"most": settings.BAG_MAX_ICONS, "have": len(inside)}
                    )
                strokes = strokes or {}
                BagIcon.objects.bulk_create(BagIcon(bag=self, icon_id=pk, stroke=strokes.get(pk)) for pk in new)
                again = [row for row in self.bagicon_set.filter(icon__in=strokes) if row.stroke != strokes[row.icon_id]]
                for row in again:
                    row.stroke = strokes[row.icon_id]
                BagIcon.objects.bulk_update(again, ["stroke"])
        except IntegrityError:
            raise ValidationError(_("This icon has just been deleted.")) from None

    def remove(self, pks: Collection[int]) -> None:
        """Take icons out. Raises ValidationError if the bag is gone."""
        with self._changing():
            self.bagicon_set.filter(icon_id__in=pks).delete()

    def empty(self) -> None:
        """Take all icons out. Raises ValidationError if the bag is gone."""
        with self._changing():
            self.bagicon_set.all().delete()

    def rename(self, name: str) -> None:
        """Give the bag another name. Raises ValidationError if the bag is gone."""
        with self._changing():
            self.name = name
            self.save(update_fields=["name"])

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Lock the bag, so that changes come one after the other, and note the time of the change."""
        with transaction.atomic():
            if not Bag.objects.select_for_update().filter(pk=self.pk).values_list("pk"):
                raise ValidationError(_("This bag has just been deleted."))
            yield
            self.updated_at = timezone.now()
            self.save(update_fields=["updated_at"])


class BagIcon(models.Model):
    """An icon in a bag. The order of the primary keys is the order in which icons were added."""

    bag = models.ForeignKey(Bag, on_delete=models.CASCADE)
    icon = models.ForeignKey(Icon, on_delete=models.CASCADE)
    stroke = models.FloatField(gettext_lazy("stroke width"), null=True, blank=True)  # units of the icon's view box

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bag", "icon"], name="icon_once_in_bag")]

    def __str__(self) -> str:
        return f"{self.icon_id} in {self.bag_id}"
