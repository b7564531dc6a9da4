"""The keys of programs: a secret is shown once, when a key is made, and only its SHA-256 is stored."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

START = "ico_"  # what every key begins with, by which scanners for leaked secrets can tell it
SECRET_BYTES = 32  # random bytes: a fast hash is enough for so many
SHOWN = 10  # characters by which people tell their keys apart
NOTED_EVERY = timedelta(minutes=1)  # how exactly it is kept when a key was last used


class Scope(models.TextChoices):
    """What a key may be used for; its owner's permissions bound it further."""

    READ = "read", _("Read sets and icons")
    SEARCH = "search", _("Search by picture and by words")
    WRITE = "write", _("Change sets and icons")
    IMPORT = "import", _("Import icons")
    OPERATE = "operate", _("Index anew and switch the model")


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    """Making keys, and finding the one of a secret."""

    def issue(
        self,
        owner: User,
        name: str,
        scopes: Iterable[str],
        expires_at: datetime | None = None,
        rate: float | None = None,
    ) -> tuple["ApiKey", str]:
        """A new key and its secret, which is not kept."""
        secret = new_secret()
        key = ApiKey(owner=owner, name=name, scopes=list(scopes), expires_at=expires_at, rate=rate)
        key.take_secret(secret)
        key.save()
        return key, secret

    def of_secret(self, secret: str) -> "ApiKey | None":
        """The key of a secret, with its owner; None where there is none, or it has expired, or its owner has gone."""
        if not secret.startswith(START):
            return None  # no look-up for what is no key, such as the token of another program
        valid = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
        keys = self.filter(valid, digest=digest_of(secret), owner__is_active=True)
        return keys.select_related("owner").first()


class ApiKey(models.Model):
    """A key by which a program acts for a person."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_keys", verbose_name=_("owner")
    )
    name = models.CharField(_("name"), max_length=100, help_text=_("What the key is for."))
    start = models.CharField(_("beginning"), max_length=SHOWN, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = ArrayField(models.CharField(max_length=10, choices=Scope), verbose_name=_("allowed"), default=list)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True, help_text=_("Empty: never."))
    rate = models.FloatField(
        _("rate"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0.001)],
        help_text=_("Seconds a second for which it may keep the site busy. Empty: as the settings say."),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("API key"), _("API keys")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.name} ({self.start}…)"

    @property
    def expired(self) -> bool:
        """Whether it is of no use any more."""
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def scope_labels(self) -> list[str]:
        """What it may be used for, in words."""
        return [str(Scope(scope).label) for scope in self.scopes if scope in Scope.values]

    def take_secret(self, secret: str) -> None:
        """Be the key of this secret."""
        self.start, self.digest = secret[:SHOWN], digest_of(secret)

    def note_use(self) -> None:
        """Keep in mind that it is used now, as exactly as NOTED_EVERY says."""
        now = timezone.now()
        long_ago = Q(last_used_at=None) | Q(last_used_at__lt=now - NOTED_EVERY)
        if self.last_used_at is None or self.last_used_at < now - NOTED_EVERY:
            ApiKey.objects.filter(long_ago, pk=self.pk).update(last_used_at=now)


def new_secret() -> str:
    """A secret that nobody guesses."""
    return START + secrets.token_urlsafe(SECRET_BYTES)


def digest_of(secret: str) -> str:
    """What is stored of a secret: 64 hex digits."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
