"""Sending messages to webhooks: signed as https://www.standardwebhooks.com describes, and sent again if need be."""

import base64
import hashlib
import hmac
import json
import logging
import time

from django.utils import timezone

from api import outgoing
from api.models import Change, Webhook
from api.models.webhooks import DELAYS, SECRET_START
from icons.texts import storable

log = logging.getLogger(__name__)


def send_due(seconds: float) -> int:
    """Send what is due, for about so many seconds; returns how many messages were delivered."""
    deadline, delivered = time.monotonic() + seconds, 0
    while time.monotonic() < deadline and (webhook := Webhook.objects.claim()):
        while time.monotonic() < deadline and send_next(webhook):
            delivered += 1
    return delivered


def send_next(webhook: Webhook) -> bool:
    """Send a claimed webhook its next message; False where there is nothing to send, or it failed for now."""
    message = webhook.next_message()
    if message is None:
        later = timezone.now() + DELAYS[0] / 2
        Webhook.objects.filter(pk=webhook.pk, due_at=webhook.due_at).update(due_at=later)
        return False
    delivery, changes = message
    last = delivery.last_position
    delivery.attempts += 1
    delivery.delivered, delivery.answer = post(webhook, f"msg_{webhook.pk}_{last}", changes, last)
    delivery.save()
    if delivery.delivered:
        webhook.position = last
        Webhook.objects.filter(pk=webhook.pk).update(position=last)
        return True
    if delivery.attempts > len(DELAYS):
        log.warning("Webhook %s is switched off: %s", webhook.pk, delivery.answer)
        Webhook.objects.filter(pk=webhook.pk).update(active=False)
    else:
        Webhook.objects.filter(pk=webhook.pk).update(due_at=timezone.now() + DELAYS[delivery.attempts - 1])
    return False


def post(webhook: Webhook, id: str, changes: list[Change], last: int) -> tuple[bool, str]:
    """Post a message; (whether it was taken, what came back)."""
    message = {"type": "icons.changed", "cursor": str(last), "changes": [change.data() for change in changes]}
    body, sent_at = json.dumps(message).encode(), str(int(time.time()))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Iconsite",
        "webhook-id": id,
        "webhook-timestamp": sent_at,
        "webhook-signature": signature(webhook.secret, id, sent_at, body),
    }
    taken, answer = outgoing.post(webhook.url, body, headers)
    return taken, storable(answer, outgoing.ANSWER_KEPT)


def signature(secret: str, id: str, sent_at: str, body: bytes) -> str:
    """The signature of a message: version 1, an HMAC with SHA-256 in base64."""
    key = base64.b64decode(secret.removeprefix(SECRET_START))
    digest = hmac.new(key, f"{id}.{sent_at}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"
