"""A trigger notes every write to the terms of icons, so that the terms are counted again."""

from django.db import migrations, models

CREATE = """
    CREATE FUNCTION search_note_terms_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO search_termschange DEFAULT VALUES;
        RETURN NULL;
    END $$;
    CREATE TRIGGER search_terms_change AFTER INSERT OR UPDATE OR DELETE ON search_iconterms
        FOR EACH STATEMENT EXECUTE FUNCTION search_note_terms_change();
    -- The counts of a database that is migrated may be old.
    INSERT INTO search_termschange DEFAULT VALUES;
"""
DROP = """
    DROP TRIGGER search_terms_change ON search_iconterms;
    DROP FUNCTION search_note_terms_change();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('search', '0004_remove_index_of_vgg16_block4'),
    ]

    operations = [
        migrations.CreateModel(
            name='TermsChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
