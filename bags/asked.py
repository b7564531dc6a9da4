"""What a request asks of a bag: which icons, which name, which look."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from bags.models import Bag
from icons.exporting.look import Look
from icons.models import Icon, IconSet
from icons.names import split_id

UNKNOWN = "unknown"


COLOUR = r"#([0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})"


class LookForm(forms.Form):
    colour = forms.RegexField(
        regex=f"^{COLOUR}$",
        required=False,
        error_messages={"invalid": _lazy("Give the colour as # and 3 or 6 hexadecimal digits, as in #1d5bd6.")},
    )
    size = forms.IntegerField(min_value=1, max_value=1024, required=False)


class NameForm(forms.ModelForm):
    class Meta:
        model = Bag
        fields = ["name"]


def look_in(data: QueryDict) -> Look:
    """The fields `colour` and `size` of a form, both as the icons have them where empty. Raises ValidationError."""
    return Look(**_cleaned(LookForm(data)))


def name_in(data: QueryDict) -> str:
    """The field `name` of a form. Raises ValidationError where it cannot be a bag's name."""
    return _cleaned(NameForm(data))["name"]


def _cleaned(form: forms.BaseForm) -> dict[str, Any]:
    if not form.is_valid():
        raise ValidationError([error for errors in form.errors.as_data().values() for error in errors])
    return form.cleaned_data


def icons_called(public_ids: Sequence[str]) -> list[int]:
    """The primary keys of the icons `prefix:name`, in this order.

    Raises ValidationError, with the code UNKNOWN, where there is no such icon.
    """
    parts = [split_id(text) for text in public_ids]
    sets = dict(IconSet.objects.filter(prefix__in={part[0] for part in parts if part}).values_list("prefix", "pk"))
    names: dict[int, list[str]] = {}
    for prefix, name in filter(None, parts):
        if prefix in sets:
            names.setdefault(sets[prefix], []).append(name)
    wanted = Q(*(Q(set=pk, name__in=those) for pk, those in names.items()), _connector=Q.OR)
    rows = Icon.objects.filter(wanted).values_list("set_id", "name", "pk") if names else ()
    found = {(set_pk, name): pk for set_pk, name, pk in rows}
    pks = [found.get((sets.get(part[0]), part[1])) if part else None for part in parts]
    if None in pks:
        asked = public_ids[pks.index(None)].replace("\x00", "")[:100]
        raise ValidationError(_("There is no icon %(icon)s.") % {"icon": asked}, UNKNOWN)
    return pks
