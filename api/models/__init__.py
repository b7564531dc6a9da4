"""What the API keeps: keys of programs, what it answered to them, what has changed, and whom it tells of that."""

from api.models.changes import Change, ChangeQuerySet
from api.models.kept_answers import KeptAnswer, KeptAnswerQuerySet
from api.models.keys import ApiKey, ApiKeyQuerySet, Scope
from api.models.webhooks import Delivery, Webhook, WebhookQuerySet

__all__ = [
    "ApiKey",
    "ApiKeyQuerySet",
    "Change",
    "ChangeQuerySet",
    "Delivery",
    "KeptAnswer",
    "KeptAnswerQuerySet",
    "Scope",
    "Webhook",
    "WebhookQuerySet",
]
