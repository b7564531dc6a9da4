"""The model that icons are indexed for: the one that somebody has chosen while the site runs, or else the setting's."""

from django.core.cache import cache
from django.db import models
from django.utils.translation import gettext_lazy as _

from search.matching.embedding import MODELS, EmbeddingModel, configured_model

CHOICE_KNOWN_FOR = 10  # seconds until all processes know of another choice
CACHE_KEY = "model-choice"
ONLY = 1  # the primary key of the one row


class ModelChoice(models.Model):
    """The model that somebody has chosen; without a row, or for a model that is no more, the setting counts."""

    model = models.CharField(_("model"), max_length=50)
    chosen_at = models.DateTimeField(_("chosen"), auto_now=True)

    class Meta:
        verbose_name, verbose_name_plural = _("choice of the model"), _("choices of the model")

    def __str__(self) -> str:
        return self.model


def active_model() -> EmbeddingModel:
    """The model that icons are indexed for, and that answers once they are. Raises ImproperlyConfigured."""
    if (chosen := cache.get(CACHE_KEY)) is None:
        chosen = ModelChoice.objects.filter(pk=ONLY).values_list("model", flat=True).first() or ""
        cache.set(CACHE_KEY, chosen, CHOICE_KNOWN_FOR)
    return MODELS.get(chosen) or configured_model()


def choose_model(model: str) -> None:
    """Have icons indexed for this model, an id of MODELS, from now on; until they are, the one before answers."""
    ModelChoice.objects.update_or_create(pk=ONLY, defaults={"model": model})
    cache.delete(CACHE_KEY)
