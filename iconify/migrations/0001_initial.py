"""Triggers note every write to sets, to their icons and to what was kept of their Iconify JSON."""

from django.db import migrations, models
from django.db.models.functions import Now

TABLES = {"icons_icon": "set_id", "icons_iconset": "id", "icons_iconifysource": "set_id"}
ROWS = {
    "insert": "NEW TABLE AS new_rows",
    "update": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "delete": "OLD TABLE AS old_rows",
}
FUNCTION = """
    CREATE FUNCTION iconify_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP <> 'DELETE' THEN
            EXECUTE format('INSERT INTO iconify_setchange (set_id) SELECT DISTINCT %I FROM new_rows', TG_ARGV[0]);
        END IF;
        IF TG_OP <> 'INSERT' THEN
            EXECUTE format('INSERT INTO iconify_setchange (set_id) SELECT DISTINCT %I FROM old_rows', TG_ARGV[0]);
        END IF;
        RETURN NULL;
    END $$;
"""
CREATE = FUNCTION + "".join(
    f"CREATE TRIGGER iconify_{event} AFTER {event.upper()} ON {table} REFERENCING {rows}"
    f" FOR EACH STATEMENT EXECUTE FUNCTION iconify_note_change('{column}');\n"
    for table, column in TABLES.items()
    for event, rows in ROWS.items()
) + "INSERT INTO iconify_setchange (set_id) SELECT id FROM icons_iconset;"
DROP = "".join(
    f"DROP TRIGGER iconify_{event} ON {table};" for table in TABLES for event in ROWS
) + "DROP FUNCTION iconify_note_change();"


class Migration(migrations.Migration):

    dependencies = [
        ('icons', '0005_iconify_source'),
    ]

    operations = [
        migrations.CreateModel(
            name='SetChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('set_id', models.BigIntegerField(help_text='Of a set that may be gone.')),
                ('changed_at', models.DateTimeField(db_default=Now())),
            ],
            options={
                'indexes': [models.Index(fields=['set_id'], name='iconify_change_of_set')],
            },
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
