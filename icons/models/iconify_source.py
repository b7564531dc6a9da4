"""What the Iconify JSON of a set says beside its drawings, so that the set can be served and exported as it came."""

import json
from typing import Any

from django.db import models

from icons.models.icon import IconSet


class IconifySource(models.Model):
    """The fields that icons.importing.kept_fields keeps of a set's last import from Iconify JSON.

    They are held as text, since the order of the fields matters, which Postgres' jsonb does not keep. Where they
    contradict the icons and the set as they are now, those are right: somebody has changed them since.
    """

    set = models.OneToOneField(IconSet, on_delete=models.CASCADE, primary_key=True, related_name="iconify_source")
    text = models.TextField(help_text="A JSON object.")
    imported_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Iconify JSON of {self.set_id}"

    def fields(self) -> dict[str, Any]:
        """The fields that were kept."""
        fields: dict[str, Any] = json.loads(self.text)
        return fields
