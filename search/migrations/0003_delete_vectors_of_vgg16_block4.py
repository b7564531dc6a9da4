"""The model vgg16-block4 was dropped, so that no search asks for its vectors any more."""

from django.db import migrations


def delete_vectors(apps, schema_editor):
    vectors = apps.get_model('search', 'IconVector').objects.using(schema_editor.connection.alias)
    vectors.filter(model='vgg16-block4').delete()


class Migration(migrations.Migration):

    dependencies = [
        ('search', '0002_rename_look_to_rendition'),
    ]

    operations = [
        migrations.RunPython(delete_vectors, migrations.RunPython.noop, elidable=True),
    ]
