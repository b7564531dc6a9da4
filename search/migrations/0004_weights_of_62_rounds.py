from importlib import import_module

from django.db import migrations


def index_anew(apps, schema_editor):
    """Ask for what was indexed with the weights of 42 rounds to be indexed anew."""
    import_module("search.migrations.0003_looks").index_anew(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0003_looks"),
    ]

    operations = [
        migrations.RunPython(index_anew, migrations.RunPython.noop),
    ]
