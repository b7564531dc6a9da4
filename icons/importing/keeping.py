"""Storing what an import keeps of Iconify JSON, once the icons of a set are written."""

import json

from django.db import transaction
from django.db.models.functions import Now

from icons.importing.kept_fields import Json, drawing_mark
from icons.models import IconSet
from icons.models.iconify_source import IconifySource


def keep_fields(icon_set: IconSet, fields: Json) -> None:
    """Store what fields_to_keep returned, once all icons of the set are written."""
    redrawn: dict[str, str] = fields["redrawn"]
    names = {*redrawn, *redrawn.values()}
    hashes = dict(icon_set.icons.filter(name__in=names).values_list("name", "svg_hash")) if names else {}
    drawings = {
        name: drawing_mark(hashes[name], hashes[parent])
        for name, parent in redrawn.items()
        if name in hashes and parent in hashes
    }
    text = json.dumps({**fields, "redrawn": drawings}, separators=(",", ":"))
    with transaction.atomic():
        IconifySource.objects.update_or_create(set=icon_set, defaults={"text": text, "imported_at": Now()})
