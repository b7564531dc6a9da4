"""How pages say the probability that an icon is the one meant."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from search.picture_search import PERHAPS

register = template.Library()

# What is said from a probability on. The scores are calibrated: of 10 icons that score 0.9, 9 are the one meant.
WORDS = (
    (0.8, gettext_lazy("Almost certain match")),
    (0.5, gettext_lazy("Probable match")),
    (PERHAPS, gettext_lazy("Possible match")),
    (0.03, gettext_lazy("Similar")),
    (0.0, gettext_lazy("Loosely similar")),
)


@register.filter
def in_words(score: float) -> str:
    """`{{ hit.score|in_words }}`: “Almost certainly it, 97 %”; without a number where that is below half a percent."""
    words = next(words for least, words in WORDS if score >= least)
    percent = min(round(100 * score), 99)  # nothing is certain
    return _("%(words)s, %(percent)d\xa0%%") % {"words": words, "percent": percent} if percent else str(words)
