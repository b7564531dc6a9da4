"""The filters of the list of sets."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from icons.set_samples import SetSummary

FEW, MANY = 100, 1000  # icons; a set with fewer than FEW is small, one with more than MANY is large


class SetFilter(forms.Form):
    """Which sets to list, and in which order; a field with a value that it does not offer filters nothing."""

    q = forms.CharField(
        required=False, max_length=200, label=_("Title, prefix or author"), widget=forms.TextInput({"type": "search"})
    )
    licence = forms.ChoiceField(required=False, label=_("Licence"))
    colours = forms.ChoiceField(
        required=False,
        label=_("Colours"),
        choices=[("", _("Any")), ("one", _("One colour")), ("several", _("Several colours"))],
    )
    size = forms.ChoiceField(
        required=False,
        label=_("Size"),
        choices=[
            ("", _("Any")),
            ("small", _("Under 100 icons")),
            ("medium", _("100 to 1,000 icons")),
            ("large", _("Over 1,000 icons")),
        ],
    )
    sort = forms.ChoiceField(
        required=False, label=_("Order"), choices=[("", _("By name")), ("size", _("Largest first"))]
    )

    def __init__(self, data: QueryDict, summaries: Sequence[SetSummary]) -> None:
        super().__init__(data, auto_id="sets-%s", label_suffix="")
        self.summaries = summaries
        licences = sorted({summary.icon_set.licence_id for summary in summaries} - {""}, key=str.lower)
        licence_field = cast(forms.ChoiceField, self.fields["licence"])
        licence_field.choices = [("", _("Any")), *((licence, licence) for licence in licences)]
        self.fields["q"].widget.attrs["autocomplete"] = "off"

    def fitting_sets(self) -> list[SetSummary]:
        """The sets that pass all filters, in the order asked for."""
        self.is_valid()
        filters = self.cleaned_data
        fitting = [summary for summary in self.summaries if _fits(summary, filters)]
        if filters.get("sort") == "size":
            return sorted(fitting, key=lambda summary: -summary.total)
        return sorted(fitting, key=lambda summary: summary.icon_set.title.lower())


def _fits(summary: SetSummary, filters: dict[str, Any]) -> bool:
    icon_set, total = summary.icon_set, summary.total
    text = f"{icon_set.title} {icon_set.prefix} {icon_set.author}".lower()
    size = "small" if total < FEW else "large" if total > MANY else "medium"
    return (
        all(word in text for word in filters.get("q", "").lower().split())
        and filters.get("licence") in ("", None, icon_set.licence_id)
        and filters.get("colours") in ("", None, "several" if icon_set.palette else "one")
        and filters.get("size") in ("", None, size)
    )
