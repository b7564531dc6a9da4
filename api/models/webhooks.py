"""Addresses that are told of changes, and what became of it."""

import base64
import secrets
from contextlib import suppress
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from api.models.changes import Change
from api.outgoing import NotPublic, refuse_numbers
from icons.names import MAX_LENGTH, validate_name

SECRET_START = "whsec_"  # https://www.standardwebhooks.com: what follows is base64
# Between an attempt that failed and the next one; after the last, the webhook is switched off.
DELAYS = [timedelta(seconds=seconds) for seconds in (10, 60, 300, 1800, 7200, 21_600, 43_200, 86_400)]
LEASE = timedelta(minutes=2)  # after which another worker may take up a webhook whose worker died
CHANGES_AT_ONCE = 100  # in one message


def new_signing_secret() -> str:
    """A secret with which messages are signed."""
    return SECRET_START + base64.b64encode(secrets.token_bytes(24)).decode()


class WebhookQuerySet(models.QuerySet["Webhook"]):
    """Webhooks by what is to be done about them."""

    def claim(self) -> "Webhook | None":
        """A webhook that is due, for this worker alone until it has told how it went; None where there is none."""
        now = timezone.now()
        for webhook in self.filter(active=True, due_at__lte=now).order_by("due_at"):
            if self.filter(pk=webhook.pk, active=True, due_at=webhook.due_at).update(due_at=now + LEASE):
                webhook.due_at = now + LEASE
                return webhook
        return None


class Webhook(models.Model):
    """An address that is told of changes, in their order and at least once."""

    url = models.URLField(_("address"), max_length=500, validators=[URLValidator(["http", "https"])])
    sets = ArrayField(
        models.CharField(max_length=MAX_LENGTH, validators=[validate_name]),
        verbose_name=_("icon sets"),
        default=list,
        blank=True,
        help_text=_("Prefixes, separated by commas. Empty: all sets."),
    )
    secret = models.CharField(
        _("secret"),
        max_length=100,
        default=new_signing_secret,
        editable=False,
        help_text=_("Messages are signed with it, as standardwebhooks.com describes."),
    )
    active = models.BooleanField(
        _("active"), default=True, help_text=_("It is switched off after several attempts that failed.")
    )
    position = models.BigIntegerField(default=0, editable=False)  # of the last change that it was told
    due_at = models.DateTimeField(_("next attempt"), default=timezone.now, editable=False, db_index=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("webhook"), _("webhooks")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.url

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding and not self.position:
            self.position = Change.objects.last_position()  # it is told what changes from now on
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Raises ValidationError where the address is a number that must not be posted to."""
        with suppress(ValueError):
            host = urlsplit(self.url).hostname or ""
            try:
                refuse_numbers(host)
            except NotPublic as error:
                raise ValidationError({"url": str(error)}) from None

    def next_message(self) -> "tuple[Delivery, list[Change]] | None":
        """What it is to be told next, None where there is nothing; a message that failed stays the same."""
        changes = Change.objects.after(self.position, self.sets)
        waiting = self.deliveries.filter(delivered=False).first()
        if waiting and (same := list(changes.filter(position__lte=waiting.last_position))):
            return waiting, same
        fresh = list(changes[:CHANGES_AT_ONCE])
        if not fresh:
            return None
        last = fresh[-1].position or 0  # all that are told have a place
        return Delivery(webhook=self, last_position=last, changes=len(fresh)), fresh


class Delivery(models.Model):
    """A message to a webhook: what was sent, how often, and what came back."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    last_position = models.BigIntegerField()
    changes = models.PositiveIntegerField(_("changes"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    delivered = models.BooleanField(_("delivered"), default=False)
    answer = models.TextField(_("answer"), blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name, verbose_name_plural = _("message"), _("messages")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.webhook} · {self.last_position}"
