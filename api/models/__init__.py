"""What the API keeps: the keys of programs, and what it answered to them."""

from api.models.kept_answers import KeptAnswer, KeptAnswerQuerySet
from api.models.keys import ApiKey, ApiKeyQuerySet, Scope

__all__ = ["ApiKey", "ApiKeyQuerySet", "KeptAnswer", "KeptAnswerQuerySet", "Scope"]
