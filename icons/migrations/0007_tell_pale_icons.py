from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from icons.colours import is_pale

BATCH = 2000  # icons read at once


def tell_pale(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    icons, last = apps.get_model("icons", "Icon").objects.order_by("pk"), 0
    while batch := list(icons.filter(pk__gt=last).values_list("pk", "svg")[:BATCH]):
        icons.filter(pk__in=[pk for pk, svg in batch if is_pale(svg)]).update(pale=True)
        last = batch[-1][0]


class Migration(migrations.Migration):
    atomic = False  # no lock is held over the whole library; once more does no harm

    dependencies = [("icons", "0006_icon_pale")]
    operations = [migrations.RunPython(tell_pale, migrations.RunPython.noop)]
