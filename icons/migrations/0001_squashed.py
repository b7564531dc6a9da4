"""All migrations up to the first release in one. A database that has only some of the replaced ones is refused."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import re
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True
    replaces = [
        ("icons", "0001_initial"),
        ("icons", "0002_icon_coloured"),
        ("icons", "0003_tell_coloured_icons"),
        ("icons", "0004_icon_visible_in_set"),
        ("icons", "0005_say_what_fields_are"),
        ("icons", "0006_icon_pale"),
        ("icons", "0007_tell_pale_icons"),
    ]

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='IconSet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('prefix', models.CharField(max_length=200, unique=True, validators=[django.core.validators.RegexValidator(re.compile('[a-z0-9]+(-[a-z0-9]+)*\\Z'), 'Use lower-case letters, digits and single hyphens between them, as in “arrow-left-2”.')], verbose_name='prefix')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('licence', models.CharField(blank=True, max_length=200, verbose_name='licence')),
                ('licence_spdx', models.CharField(blank=True, max_length=100, verbose_name='licence (SPDX id)')),
                ('author', models.CharField(blank=True, max_length=200, verbose_name='author')),
                ('source', models.CharField(blank=True, help_text='Where the set comes from, usually a URL.', max_length=500, verbose_name='source')),
                ('palette', models.BooleanField(default=False, help_text='The icons have several colours.', verbose_name='palette')),
                ('version', models.CharField(blank=True, max_length=50, verbose_name='version')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated')),
            ],
            options={
                'verbose_name': 'icon set',
                'verbose_name_plural': 'icon sets',
                'ordering': ['prefix'],
            },
        ),
        migrations.CreateModel(
            name='ImportRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=500, verbose_name='source')),
                ('upload', models.FileField(blank=True, editable=False, upload_to='imports/')),
                ('options', models.JSONField(default=dict, editable=False)),
                ('status', models.CharField(choices=[('queued', 'Queued'), ('running', 'Running'), ('done', 'Done'), ('stopped', 'Stopped'), ('failed', 'Failed')], db_index=True, default='queued', max_length=10, verbose_name='status')),
                ('reason', models.TextField(blank=True, help_text='Why the import stopped or failed.', verbose_name='reason')),
                ('added', models.PositiveIntegerField(default=0, verbose_name='added')),
                ('changed', models.PositiveIntegerField(default=0, verbose_name='changed')),
                ('unchanged', models.PositiveIntegerField(default=0, verbose_name='unchanged')),
                ('rejected', models.PositiveIntegerField(default=0, verbose_name='rejected')),
                ('pruned', models.PositiveIntegerField(default=0, verbose_name='pruned')),
                ('expected', models.PositiveIntegerField(help_text='Icons in the source, as far as known.', null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, help_text='When the import last made progress.', verbose_name='updated')),
            ],
            options={
                'verbose_name': 'import',
                'verbose_name_plural': 'imports',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='ImportProblem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('icon', models.CharField(max_length=300, verbose_name='icon')),
                ('reason', models.TextField(verbose_name='reason')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='problems', to='icons.importrun')),
            ],
            options={
                'verbose_name': 'icon left out',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Icon',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, validators=[django.core.validators.RegexValidator(re.compile('[a-z0-9]+(-[a-z0-9]+)*\\Z'), 'Use lower-case letters, digits and single hyphens between them, as in “arrow-left-2”.')], verbose_name='name')),
                ('svg', models.TextField(help_text='Scripts and references to other files are removed when the icon is saved.', verbose_name='SVG source')),
                ('view_box', models.CharField(editable=False, max_length=100, verbose_name='view box')),
                ('svg_hash', models.CharField(editable=False, max_length=64, verbose_name='SHA-256 of the source')),
                ('coloured', models.BooleanField(default=False, editable=False, help_text='Paints with a colour of its own, other than black, grey and white.')),
                ('pale', models.BooleanField(default=False, editable=False, help_text='Paints with white alone, or nearly: it wants a dark ground.')),
                ('name_en', models.CharField(blank=True, max_length=200, verbose_name='English name')),
                ('name_zh', models.CharField(blank=True, max_length=200, verbose_name='Chinese name')),
                ('file_name', models.CharField(blank=True, help_text='The name of the file in the source.', max_length=255, verbose_name='file name')),
                ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), blank=True, default=list, size=None, verbose_name='tags')),
                ('category', models.CharField(blank=True, max_length=200, verbose_name='category')),
                ('aliases', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), blank=True, default=list, size=None, verbose_name='other names')),
                ('hidden', models.BooleanField(default=False, help_text='The icon keeps its address, but it is not listed or found.', verbose_name='hidden')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated')),
                ('set', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='icons', to='icons.iconset', verbose_name='icon set')),
            ],
            options={
                'verbose_name': 'icon',
                'verbose_name_plural': 'icons',
                'ordering': ['set_id', 'name'],
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['aliases'], name='icon_aliases'), models.Index(condition=models.Q(('hidden', False)), fields=['set', 'name'], include=('id', 'category'), name='icon_visible_in_set')],
                'constraints': [models.UniqueConstraint(fields=('set', 'name'), name='icon_unique_in_set')],
            },
        ),
    ]
