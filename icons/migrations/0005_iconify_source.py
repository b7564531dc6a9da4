from django.db import migrations, models
import django.db.models.deletion


class Migration(migrations.Migration):

    dependencies = [
        ('icons', '0004_names_and_lists'),
    ]

    operations = [
        migrations.CreateModel(
            name='IconifySource',
            fields=[
                ('set', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='iconify_source', serialize=False, to='icons.iconset')),
                ('text', models.TextField(help_text='A JSON object.')),
                ('imported_at', models.DateTimeField()),
            ],
        ),
    ]
