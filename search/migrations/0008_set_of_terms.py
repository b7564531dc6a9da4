import django.db.models.deletion
from django.db import migrations, models

# Their singulars are others than the ones stored so far; a periodic task stores these icons anew.
CUT_OTHERWISE = [
    *("men", "women", "feet", "teeth", "mice", "geese", "leave", "wolve", "shelve", "halve", "loave", "thieve"),
    *("scarve", "calve", "elve", "knive", "wive", "live"),
]


class Migration(migrations.Migration):
    dependencies = [("icons", "0005_say_what_fields_are"), ("search", "0007_say_what_fields_are")]

    operations = [
        migrations.AddField(
            "iconterms",
            "set",
            models.ForeignKey(
                "icons.iconset", on_delete=django.db.models.deletion.CASCADE, related_name="+", null=True, db_index=False
            ),
        ),
        migrations.RunSQL(
            "UPDATE search_iconterms SET set_id = icons_icon.set_id FROM icons_icon WHERE icons_icon.id = icon_id",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            [("DELETE FROM search_iconterms WHERE terms && %s::text[]", [CUT_OTHERWISE])], migrations.RunSQL.noop
        ),
        # The constraint is checked at the end of a transaction, which a change of the table does not wait for.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField(
            "iconterms",
            "set",
            models.ForeignKey("icons.iconset", on_delete=django.db.models.deletion.CASCADE, related_name="+"),
        ),
    ]
