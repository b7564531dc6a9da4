from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('search', '0003_delete_vectors_of_vgg16_block4'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='iconvector',
            name='hnsw_vgg16_block4',
        ),
    ]
