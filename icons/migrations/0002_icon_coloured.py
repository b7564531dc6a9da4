from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('icons', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='icon',
            name='coloured',
            field=models.BooleanField(default=False, editable=False, help_text='Paints with a colour of its own, other than black, grey and white.'),
        ),
    ]
