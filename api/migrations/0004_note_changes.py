"""Triggers write down what happens to icons and sets, in the transaction in which it happens."""

from django.db import migrations

CREATE = """
    CREATE SEQUENCE api_change_position;

    CREATE FUNCTION api_note_icons() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'INSERT' THEN
            INSERT INTO api_change (what, kind, prefix, name, earlier, version, at)
            SELECT 'icon', 'added', s.prefix, n.name, '', left(n.svg_hash, 12), clock_timestamp()
            FROM new_rows n JOIN icons_iconset s ON s.id = n.set_id WHERE NOT n.hidden ORDER BY n.id;
        ELSIF TG_OP = 'DELETE' THEN
            INSERT INTO api_change (what, kind, prefix, name, earlier, version, at)
            SELECT 'icon', 'removed', s.prefix, o.name, '', left(o.svg_hash, 12), clock_timestamp()
            FROM old_rows o JOIN icons_iconset s ON s.id = o.set_id WHERE NOT o.hidden ORDER BY o.id;
        ELSE
            INSERT INTO api_change (what, kind, prefix, name, earlier, version, at)
            SELECT
                'icon',
                CASE
                    WHEN o.hidden THEN 'added'
                    WHEN n.hidden THEN 'removed'
                    WHEN (o.set_id, o.name) <> (n.set_id, n.name) THEN 'renamed'
                    ELSE 'changed'
                END,
                s.prefix,
                n.name,
                CASE WHEN (o.set_id, o.name) <> (n.set_id, n.name) THEN earlier.prefix || ':' || o.name ELSE '' END,
                left(n.svg_hash, 12),
                clock_timestamp()
            FROM new_rows n
            JOIN old_rows o ON o.id = n.id
            JOIN icons_iconset s ON s.id = n.set_id
            JOIN icons_iconset earlier ON earlier.id = o.set_id
            WHERE NOT (o.hidden AND n.hidden) AND (
                (o.set_id, o.name, o.svg_hash, o.name_en, o.name_zh, o.tags, o.category, o.aliases, o.hidden)
                IS DISTINCT FROM
                (n.set_id, n.name, n.svg_hash, n.name_en, n.name_zh, n.tags, n.category, n.aliases, n.hidden)
            )
            ORDER BY n.id;
        END IF;
        RETURN NULL;
    END $$;

    CREATE TRIGGER api_icons_added AFTER INSERT ON icons_icon
        REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION api_note_icons();
    CREATE TRIGGER api_icons_changed AFTER UPDATE ON icons_icon
        REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION api_note_icons();
    CREATE TRIGGER api_icons_removed AFTER DELETE ON icons_icon
        REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION api_note_icons();

    CREATE FUNCTION api_note_set() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND (
            (OLD.prefix, OLD.title, OLD.licence, OLD.licence_spdx, OLD.author, OLD.source, OLD.palette, OLD.version)
            IS NOT DISTINCT FROM
            (NEW.prefix, NEW.title, NEW.licence, NEW.licence_spdx, NEW.author, NEW.source, NEW.palette, NEW.version)
        ) THEN
            RETURN NULL;
        END IF;
        INSERT INTO api_change (what, kind, prefix, name, earlier, version, at) VALUES (
            'set',
            CASE
                WHEN TG_OP = 'INSERT' THEN 'added'
                WHEN TG_OP = 'DELETE' THEN 'removed'
                WHEN OLD.prefix <> NEW.prefix THEN 'renamed'
                ELSE 'changed'
            END,
            CASE WHEN TG_OP = 'DELETE' THEN OLD.prefix ELSE NEW.prefix END,
            '',
            CASE WHEN TG_OP = 'UPDATE' AND OLD.prefix <> NEW.prefix THEN OLD.prefix ELSE '' END,
            '',
            clock_timestamp()
        );
        RETURN NULL;
    END $$;
    CREATE TRIGGER api_set_changed AFTER INSERT OR UPDATE OR DELETE ON icons_iconset
        FOR EACH ROW EXECUTE FUNCTION api_note_set();
"""
DROP = """
    DROP TRIGGER api_set_changed ON icons_iconset;
    DROP FUNCTION api_note_set();
    DROP TRIGGER api_icons_removed ON icons_icon;
    DROP TRIGGER api_icons_changed ON icons_icon;
    DROP TRIGGER api_icons_added ON icons_icon;
    DROP FUNCTION api_note_icons();
    DROP SEQUENCE api_change_position;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('api', '0003_changes'),
        ('icons', '0003_icon_form'),
    ]

    operations = [
        migrations.RunSQL(CREATE, DROP),
    ]
