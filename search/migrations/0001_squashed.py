"""All migrations up to the first release in one. A database that has only some of the replaced ones is refused."""

import pgvector.django
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.comparison
import functools
import pgvector.django.halfvec
import pgvector.django.indexes
import secrets
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True
    replaces = [
        ("search", "0001_initial"),
        ("search", "0002_signatures_and_dimensions"),
        ("search", "0003_looks"),
        ("search", "0004_weights_of_62_rounds"),
        ("search", "0005_words"),
        ("search", "0006_kept_pictures_and_styles"),
        ("search", "0007_say_what_fields_are"),
        ("search", "0008_set_of_terms"),
    ]

    dependencies = [
        ('icons', '0001_squashed'),
    ]

    operations = [
        pgvector.django.VectorExtension(),
        migrations.CreateModel(
            name='IconStyle',
            fields=[
                ('icon', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='drawn_in', serialize=False, to='icons.icon')),
                ('style', models.CharField(blank=True, choices=[('outline', 'Outline'), ('filled', 'Filled'), ('duotone', 'Duotone')], db_index=True, max_length=10)),
            ],
        ),
        migrations.CreateModel(
            name='KeptPicture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=functools.partial(secrets.token_urlsafe, *(16,), **{}), editable=False, max_length=32, unique=True)),
                ('data', models.BinaryField()),
                ('size', models.PositiveIntegerField(help_text='Bytes.')),
                ('media_type', models.CharField(max_length=20)),
                ('width', models.PositiveSmallIntegerField(help_text='Pixels.')),
                ('height', models.PositiveSmallIntegerField(help_text='Pixels.')),
                ('created_at', models.DateTimeField(auto_now_add=True, db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='Reindexing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField()),
                ('set', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='reindexing', to='icons.iconset')),
            ],
        ),
        migrations.CreateModel(
            name='Term',
            fields=[
                ('text', models.TextField(primary_key=True, serialize=False)),
                ('icons', models.PositiveIntegerField(help_text='The number of visible icons that have this term.')),
                ('grams', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), help_text='The pieces by which a misspelt word finds this term.', size=None)),
            ],
            options={
                'indexes': [models.Index(django.contrib.postgres.indexes.OpClass('text', 'text_pattern_ops'), name='term_beginning'), django.contrib.postgres.indexes.GinIndex(fields=['grams'], name='term_grams')],
            },
        ),
        migrations.CreateModel(
            name='IconTerms',
            fields=[
                ('icon', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='words', serialize=False, to='icons.icon')),
                ('named', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), help_text="The terms of the icon's names.", size=None)),
                ('terms', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), help_text='The terms of its names, tags, category and aliases.', size=None)),
                ('set', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='icons.iconset')),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['terms'], name='icon_terms')],
            },
        ),
        migrations.CreateModel(
            name='IconVector',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('model', models.CharField(max_length=50, verbose_name='model')),
                ('look', models.PositiveSmallIntegerField(default=0, help_text='0: on white. Further ones: in all its colours, on a dark page, where they differ.', verbose_name='look')),
                ('svg_hash', models.CharField(blank=True, help_text='Of the source it was computed from.', max_length=64)),
                ('vector', pgvector.django.halfvec.HalfVectorField(help_text='Of as many numbers as its model makes.', null=True)),
                ('signature', models.BinaryField(default=b'', help_text='What the second stage compares.')),
                ('error', models.TextField(blank=True, help_text='Why there is no vector.', verbose_name='error')),
                ('computed_at', models.DateTimeField(help_text='When its computation began.')),
                ('icon', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='vectors', to='icons.icon', verbose_name='icon')),
            ],
            options={
                'verbose_name': 'indexed icon',
                'verbose_name_plural': 'indexed icons',
                'indexes': [pgvector.django.indexes.HnswIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.comparison.Cast('vector', pgvector.django.halfvec.HalfVectorField(dimensions=256)), 'halfvec_ip_ops'), condition=models.Q(('model', 'vgg16-icons-1')), ef_construction=64, m=16, name='hnsw_vgg16_icons_1'), pgvector.django.indexes.HnswIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.comparison.Cast('vector', pgvector.django.halfvec.HalfVectorField(dimensions=512)), 'halfvec_ip_ops'), condition=models.Q(('model', 'vgg16-block4')), ef_construction=64, m=16, name='hnsw_vgg16_block4'), pgvector.django.indexes.HnswIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.comparison.Cast('vector', pgvector.django.halfvec.HalfVectorField(dimensions=512)), 'halfvec_ip_ops'), condition=models.Q(('model', 'vgg16-imagenet')), ef_construction=64, m=16, name='hnsw_vgg16_imagenet'), models.Index(condition=models.Q(('error', ''), _negated=True), fields=['model', 'icon'], name='vector_failed')],
                'constraints': [models.UniqueConstraint(fields=('model', 'icon', 'look'), name='vector_unique_for_model_icon_look'), models.CheckConstraint(condition=models.Q(models.Q(('error', ''), ('vector__isnull', False)), models.Q(('vector__isnull', True), models.Q(('error', ''), _negated=True)), _connector='OR'), name='vector_or_error')],
            },
        ),
    ]
