import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('icons', '0005_say_what_fields_are'),
        ('search', '0006_kept_pictures_and_styles'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='iconvector',
            options={'verbose_name': 'indexed icon', 'verbose_name_plural': 'indexed icons'},
        ),
        migrations.AlterField(
            model_name='iconvector',
            name='error',
            field=models.TextField(blank=True, help_text='Why there is no vector.', verbose_name='error'),
        ),
        migrations.AlterField(
            model_name='iconvector',
            name='icon',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='vectors', to='icons.icon', verbose_name='icon'),
        ),
        migrations.AlterField(
            model_name='iconvector',
            name='look',
            field=models.PositiveSmallIntegerField(default=0, help_text='0: on white. Further ones: in all its colours, on a dark page, where they differ.', verbose_name='look'),
        ),
        migrations.AlterField(
            model_name='iconvector',
            name='model',
            field=models.CharField(max_length=50, verbose_name='model'),
        ),
    ]
