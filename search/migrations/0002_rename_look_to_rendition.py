"""A look is how an exported icon is to look; what is indexed of an icon are its renditions."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        # The last migration that 0001_squashed replaces: a database that lacks it is refused.
        ('search', '0008_set_of_terms'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='iconvector',
            name='vector_unique_for_model_icon_look',
        ),
        migrations.RenameField(
            model_name='iconvector',
            old_name='look',
            new_name='rendition',
        ),
        migrations.AlterField(
            model_name='iconvector',
            name='rendition',
            field=models.PositiveSmallIntegerField(default=0, help_text='0: on white. Others, where they look different: in all its colours, on a dark page.', verbose_name='rendition'),
        ),
        migrations.AddConstraint(
            model_name='iconvector',
            constraint=models.UniqueConstraint(fields=('model', 'icon', 'rendition'), name='vector_unique_for_model_icon_rendition'),
        ),
    ]
