from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('icons', '0003_tell_coloured_icons'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='icon',
            index=models.Index(condition=models.Q(('hidden', False)), fields=['set', 'name'], include=('id', 'category'), name='icon_visible_in_set'),
        ),
    ]
