"""All migrations up to the first release in one. A database that has only some of the replaced ones is refused."""

import django.db.models.deletion
import django.utils.timezone
import functools
import secrets
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True
    replaces = [
        ("bags", "0001_initial"),
        ("bags", "0002_say_what_fields_are"),
    ]

    dependencies = [
        ('icons', '0001_squashed'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Bag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=functools.partial(secrets.token_urlsafe, *(16,), **{}), editable=False, max_length=22, unique=True, verbose_name='address')),
                ('name', models.CharField(blank=True, max_length=100, verbose_name='name')),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='updated')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='bags', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
            ],
            options={
                'verbose_name': 'bag',
                'verbose_name_plural': 'bags',
                'ordering': ['-updated_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='BagIcon',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('bag', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='bags.bag')),
                ('icon', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='icons.icon')),
            ],
        ),
        migrations.AddField(
            model_name='bag',
            name='icons',
            field=models.ManyToManyField(related_name='+', through='bags.BagIcon', to='icons.icon'),
        ),
        migrations.AddConstraint(
            model_name='bagicon',
            constraint=models.UniqueConstraint(fields=('bag', 'icon'), name='icon_once_in_bag'),
        ),
        migrations.AddIndex(
            model_name='bag',
            index=models.Index(condition=models.Q(('owner', None)), fields=['updated_at'], name='bag_of_nobody'),
        ),
    ]
