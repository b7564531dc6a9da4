import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import re
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('icons', '0004_icon_visible_in_set'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='icon',
            options={'ordering': ['set_id', 'name'], 'verbose_name': 'icon', 'verbose_name_plural': 'icons'},
        ),
        migrations.AlterModelOptions(
            name='iconset',
            options={'ordering': ['prefix'], 'verbose_name': 'icon set', 'verbose_name_plural': 'icon sets'},
        ),
        migrations.AlterModelOptions(
            name='importproblem',
            options={'ordering': ['pk'], 'verbose_name': 'icon left out'},
        ),
        migrations.AlterModelOptions(
            name='importrun',
            options={'ordering': ['-pk'], 'verbose_name': 'import', 'verbose_name_plural': 'imports'},
        ),
        migrations.AlterField(
            model_name='icon',
            name='aliases',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), blank=True, default=list, size=None, verbose_name='other names'),
        ),
        migrations.AlterField(
            model_name='icon',
            name='category',
            field=models.CharField(blank=True, max_length=200, verbose_name='category'),
        ),
        migrations.AlterField(
            model_name='icon',
            name='created_at',
            field=models.DateTimeField(auto_now_add=True, verbose_name='created'),
        ),
        migrations.AlterField(
            model_name='icon',
            name='file_name',
            field=models.CharField(blank=True, help_text='As the source called it.', max_length=255, verbose_name='file name'),
        ),
        migrations.AlterField(
            model_name='icon',
            name='hidden',
            field=models.BooleanField(default=False, help_text='Keeps its address, but is not listed or found.', verbose_name='hidden'),
        ),
        migrations.AlterField(
            model_name='icon',
            name='name',
            field=models.CharField(max_length=200, validators=[django.core.validators.RegexValidator(re.compile('[a-z0-9]+(-[a-z0-9]+)*\\Z'), 'Use lower-case letters, digits and single hyphens between them, as in “arrow-left-2”.')], verbose_name='name'),
        ),
        migrations.AlterField(
            model_name='icon',
            name='set',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='icons', to='icons.iconset', verbose_name='icon set'),
        ),
        migrations.AlterField(
            model_name='icon',
            name='svg_hash',
            field=models.CharField(editable=False, max_length=64, verbose_name='SHA-256 of the source'),
        ),
        migrations.AlterField(
            model_name='icon',
            name='tags',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), blank=True, default=list, size=None, verbose_name='tags'),
        ),
        migrations.AlterField(
            model_name='icon',
            name='updated_at',
            field=models.DateTimeField(auto_now=True, verbose_name='updated'),
        ),
        migrations.AlterField(
            model_name='icon',
            name='view_box',
            field=models.CharField(editable=False, max_length=100, verbose_name='view box'),
        ),
        migrations.AlterField(
            model_name='iconset',
            name='author',
            field=models.CharField(blank=True, max_length=200, verbose_name='author'),
        ),
        migrations.AlterField(
            model_name='iconset',
            name='created_at',
            field=models.DateTimeField(auto_now_add=True, verbose_name='created'),
        ),
        migrations.AlterField(
            model_name='iconset',
            name='licence',
            field=models.CharField(blank=True, max_length=200, verbose_name='licence'),
        ),
        migrations.AlterField(
            model_name='iconset',
            name='palette',
            field=models.BooleanField(default=False, help_text='Coloured icons, rather than of one colour.', verbose_name='palette'),
        ),
        migrations.AlterField(
            model_name='iconset',
            name='prefix',
            field=models.CharField(max_length=200, unique=True, validators=[django.core.validators.RegexValidator(re.compile('[a-z0-9]+(-[a-z0-9]+)*\\Z'), 'Use lower-case letters, digits and single hyphens between them, as in “arrow-left-2”.')], verbose_name='prefix'),
        ),
        migrations.AlterField(
            model_name='iconset',
            name='source',
            field=models.CharField(blank=True, help_text='Where the set comes from, usually a URL.', max_length=500, verbose_name='source'),
        ),
        migrations.AlterField(
            model_name='iconset',
            name='title',
            field=models.CharField(max_length=200, verbose_name='title'),
        ),
        migrations.AlterField(
            model_name='iconset',
            name='updated_at',
            field=models.DateTimeField(auto_now=True, verbose_name='updated'),
        ),
        migrations.AlterField(
            model_name='iconset',
            name='version',
            field=models.CharField(blank=True, max_length=50, verbose_name='version'),
        ),
        migrations.AlterField(
            model_name='importproblem',
            name='icon',
            field=models.CharField(max_length=300, verbose_name='icon'),
        ),
        migrations.AlterField(
            model_name='importproblem',
            name='reason',
            field=models.TextField(verbose_name='reason'),
        ),
        migrations.AlterField(
            model_name='importrun',
            name='added',
            field=models.PositiveIntegerField(default=0, verbose_name='added'),
        ),
        migrations.AlterField(
            model_name='importrun',
            name='attempts',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='attempts'),
        ),
        migrations.AlterField(
            model_name='importrun',
            name='changed',
            field=models.PositiveIntegerField(default=0, verbose_name='changed'),
        ),
        migrations.AlterField(
            model_name='importrun',
            name='created_at',
            field=models.DateTimeField(auto_now_add=True, verbose_name='created'),
        ),
        migrations.AlterField(
            model_name='importrun',
            name='pruned',
            field=models.PositiveIntegerField(default=0, verbose_name='pruned'),
        ),
        migrations.AlterField(
            model_name='importrun',
            name='reason',
            field=models.TextField(blank=True, help_text='Why it stopped or failed.', verbose_name='reason'),
        ),
        migrations.AlterField(
            model_name='importrun',
            name='rejected',
            field=models.PositiveIntegerField(default=0, verbose_name='rejected'),
        ),
        migrations.AlterField(
            model_name='importrun',
            name='source',
            field=models.CharField(max_length=500, verbose_name='source'),
        ),
        migrations.AlterField(
            model_name='importrun',
            name='status',
            field=models.CharField(choices=[('queued', 'Queued'), ('running', 'Running'), ('done', 'Done'), ('stopped', 'Stopped'), ('failed', 'Failed')], db_index=True, default='queued', max_length=10, verbose_name='status'),
        ),
        migrations.AlterField(
            model_name='importrun',
            name='unchanged',
            field=models.PositiveIntegerField(default=0, verbose_name='unchanged'),
        ),
        migrations.AlterField(
            model_name='importrun',
            name='updated_at',
            field=models.DateTimeField(default=django.utils.timezone.now, help_text='Its last sign of life.', verbose_name='updated'),
        ),
    ]
