"""What the API keeps: the keys of programs."""

from api.models.keys import ApiKey, ApiKeyQuerySet, Scope

__all__ = ["ApiKey", "ApiKeyQuerySet", "Scope"]
