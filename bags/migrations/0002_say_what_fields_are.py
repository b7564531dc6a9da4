import bags.models
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bags', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='bag',
            options={'ordering': ['-updated_at', '-pk'], 'verbose_name': 'bag', 'verbose_name_plural': 'bags'},
        ),
        migrations.AlterField(
            model_name='bag',
            name='key',
            field=models.CharField(default=bags.models.new_key, editable=False, max_length=22, unique=True, verbose_name='address'),
        ),
        migrations.AlterField(
            model_name='bag',
            name='name',
            field=models.CharField(blank=True, max_length=100, verbose_name='name'),
        ),
        migrations.AlterField(
            model_name='bag',
            name='owner',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='bags', to=settings.AUTH_USER_MODEL, verbose_name='owner'),
        ),
        migrations.AlterField(
            model_name='bag',
            name='updated_at',
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='updated'),
        ),
    ]
