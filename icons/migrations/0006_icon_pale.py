from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("icons", "0005_say_what_fields_are")]
    operations = [
        migrations.AddField(
            model_name="icon",
            name="pale",
            field=models.BooleanField(
                default=False,
                editable=False,
                help_text="Paints with white alone, or nearly: it wants a dark ground.",
            ),
        ),
    ]
