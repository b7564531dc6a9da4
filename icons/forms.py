"""The filters of the list of sets."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from icons.models import IconSet

FEW, MANY = 100, 1000  # icons: below is a small set, above a large one


class SetFilter(forms.Form):
    """What to list, and in which order; what a field does not know is left out of account."""

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

    def __init__(self, data: QueryDict, sets: Sequence[IconSet]) -> None:
        super().__init__(data, auto_id="sets-%s", label_suffix="")
        self.sets = sets
        licences = sorted({licence for one in sets if (licence := _licence(one))}, key=str.lower)
        self.fields["licence"].choices = [("", _("Any")), *((licence, licence) for licence in licences)]
        self.fields["q"].widget.attrs["autocomplete"] = "off"

    def found(self) -> list[IconSet]:
        """The sets that fit, in the order asked for; they have `total`, the number of their icons."""
        self.is_valid()
        asked = self.cleaned_data
        fitting = [one for one in self.sets if _fits(one, asked)]
        if asked.get("sort") == "size":
            return sorted(fitting, key=lambda one: -one.total)  # type: ignore[attr-defined]
        return sorted(fitting, key=lambda one: one.title.lower())


def _fits(icon_set: IconSet, asked: dict[str, Any]) -> bool:
    text = f"{icon_set.title} {icon_set.prefix} {icon_set.author}".lower()
    total: int = icon_set.total  # type: ignore[attr-defined]
    size = "small" if total < FEW else "large" if total > MANY else "medium"
    return (
        all(word in text for word in asked.get("q", "").lower().split())
        and asked.get("licence") in ("", None, _licence(icon_set))
        and asked.get("colours") in ("", None, "several" if icon_set.palette else "one")
        and asked.get("size") in ("", None, size)
    )


def _licence(icon_set: IconSet) -> str:
    return icon_set.licence_spdx or icon_set.licence
