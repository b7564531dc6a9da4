"""What a request asks of a bag: which icons, which name, which look."""

from collections.abc import Sequence
from typing import TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from bags.models import Bag
from icons.exporting.look import Look
from icons.exporting.look_forms import NUMBER_ERRORS, LookForm
from icons.models import Icon, IconSet
from icons.names import split_id

UNKNOWN = "unknown"
Form = TypeVar("Form", bound=forms.BaseForm)


LARGEST = 1024  # px: all pictures of a bag are drawn while somebody waits
NO_SIZE = _lazy("The size must be a whole number from 1 to 1024.")


class BagLookForm(LookForm):
    size = forms.IntegerField(
        required=False, min_value=1, max_value=LARGEST, error_messages=dict.fromkeys(NUMBER_ERRORS, NO_SIZE)
    )


class NameForm(forms.ModelForm):
    class Meta:
        model = Bag
        fields = ["name"]


def look_in(data: QueryDict) -> Look:
    """The look asked for in the parameters of an address. Raises ValidationError where there is none like it."""
    return _valid(BagLookForm(data)).look()


def name_in(data: QueryDict) -> str:
    """The field `name` of a form. Raises ValidationError where it cannot be a bag's name."""
    return _valid(NameForm(data)).cleaned_data["name"]


def _valid(form: Form) -> Form:
    if not form.is_valid():
        raise ValidationError([error for errors in form.errors.as_data().values() for error in errors])
    return form


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
