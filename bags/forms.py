"""What a request asks of a bag: which icons, which name, which look."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from bags.models import Bag
from icons.exporting.look import PLAIN, Look
from icons.exporting.look_forms import NUMBER_ERRORS, LookForm
from icons.models import Icon, IconSet
from icons.names import split_id

UNKNOWN_ICON = "unknown-icon"  # the code of a ValidationError
MAX_SIZE = 1024  # px; the visitor waits while all pictures of a bag are drawn
NO_SIZE = _lazy("The size must be a whole number from 1 to 1024.")

AnyForm = TypeVar("AnyForm", bound=forms.BaseForm)


class BagLookForm(LookForm):
    """The look that all icons of a bag are to have in a download."""

    size = forms.IntegerField(
        required=False, min_value=1, max_value=MAX_SIZE, error_messages=dict.fromkeys(NUMBER_ERRORS, NO_SIZE)
    )


class NameForm(forms.ModelForm):
    """The name of a bag."""

    class Meta:
        model = Bag
        fields = ["name"]


def parse_look(data: QueryDict) -> Look:
    """The look that the parameters of an address describe. Raises ValidationError if one of them is invalid."""
    return _valid(BagLookForm(data)).look()


def parse_name(data: QueryDict) -> str:
    """The field `name` of a form. Raises ValidationError if a bag cannot have this name."""
    return str(_valid(NameForm(data)).cleaned_data["name"])


def _valid(form: AnyForm) -> AnyForm:
    if not form.is_valid():
        raise ValidationError([error for errors in form.errors.as_data().values() for error in errors])
    return form


def strokes_to_add(values: Sequence[str]) -> tuple[list[int], dict[int, float]]:
    """The primary keys of icons to add, and by these the stroke widths that some are asked for with.

    A value is `prefix:name` or, with a stroke width, `prefix:name?stroke=1.5`. Raises ValidationError, with the code
    UNKNOWN_ICON if an icon does not exist.
    """
    parts = [value.partition("?") for value in values]
    pks = icons_by_public_id([public_id for public_id, *_ in parts])
    looks = [parse_look(QueryDict(query)) if query else PLAIN for *_, query in parts]
    return pks, {pk: look.stroke for pk, look in zip(pks, looks, strict=True) if look.stroke is not None}


def icons_by_public_id(public_ids: Sequence[str]) -> list[int]:
    """The primary keys of the icons with the public ids `prefix:name`, in this order.

    Raises ValidationError, with the code UNKNOWN_ICON, if an icon does not exist.
    """
    pairs = [split_id(text) for text in public_ids]
    pks = _primary_keys(dict.fromkeys(filter(None, pairs)))
    icons = []
    for text, pair in zip(public_ids, pairs, strict=True):
        if pair is None or pair not in pks:
            asked_for = text.replace("\x00", "")[:100]
            raise ValidationError(_("There is no icon %(icon)s.") % {"icon": asked_for}, UNKNOWN_ICON)
        icons.append(pks[pair])
    return icons


def _primary_keys(pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """The primary key for each (prefix, name) that is an icon's, in two queries."""
    names: dict[str, list[str]] = {}
    for prefix, name in pairs:
        names.setdefault(prefix, []).append(name)
    prefixes = dict(IconSet.objects.filter(prefix__in=names).values_list("pk", "prefix"))
    if not prefixes:
        return {}
    asked_for = Q(*(Q(set=pk, name__in=names[prefix]) for pk, prefix in prefixes.items()), _connector=Q.OR)
    rows = Icon.objects.filter(asked_for).values_list("set_id", "name", "pk")
    return {(prefixes[set_pk], name): pk for set_pk, name, pk in rows}
