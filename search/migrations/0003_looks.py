from django.db import migrations, models
from django.utils import timezone


def index_anew(apps, schema_editor):
    """Ask for what was indexed by one look alone, and by the first weights, to be indexed anew."""
    vectors = apps.get_model("search", "IconVector").objects.filter(model="vgg16-icons-1")
    if vectors.exists():
        now = timezone.now()
        wish = apps.get_model("search", "Reindexing").objects
        for pk in apps.get_model("icons", "IconSet").objects.values_list("pk", flat=True):
            wish.update_or_create(set_id=pk, defaults={"asked_at": now})


class Migration(migrations.Migration):
    dependencies = [
        ("icons", "0001_initial"),
        ("search", "0002_signatures_and_dimensions"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="iconvector",
            name="vector_unique_for_model_and_icon",
        ),
        migrations.AddField(
            model_name="iconvector",
            name="look",
            field=models.PositiveSmallIntegerField(
                default=0, help_text="0: on white. Further ones: in all its colours, on a dark page, where they differ."
            ),
        ),
        migrations.AddConstraint(
            model_name="iconvector",
            constraint=models.UniqueConstraint(
                fields=("model", "icon", "look"), name="vector_unique_for_model_icon_look"
            ),
        ),
        migrations.RunPython(index_anew, migrations.RunPython.noop),
    ]
