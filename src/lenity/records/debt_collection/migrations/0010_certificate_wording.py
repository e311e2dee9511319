"""What the law says is kept once, what was found of each contact with it; a decision names a wording there is."""

import django.db.models.deletion
from django.db import migrations, models

from lenity.records.append_only import append_only, run

NAMED = "NEW.wording_id IS NOT NULL"
THERE = "EXISTS (SELECT 1 FROM debt_collection_certificatewording AS w WHERE w.digest = NEW.wording_id)"
SAYS = "a decision names a wording that is kept"
SQLITE = f"""
CREATE TRIGGER debt_collection_wording_guard BEFORE INSERT ON debt_collection_gatedecision
WHEN {NAMED} AND NOT {THERE}
BEGIN SELECT RAISE(ABORT, '{SAYS}'); END;
"""
POSTGRESQL = f"""
CREATE FUNCTION debt_collection_wording_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT {THERE} THEN RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'foreign_key_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER debt_collection_wording_guard BEFORE INSERT ON debt_collection_gatedecision
FOR EACH ROW WHEN ({NAMED}) EXECUTE FUNCTION debt_collection_wording_guard();
ALTER TABLE debt_collection_gatedecision SET (toast_tuple_target = 8160);
"""


def forwards(apps, editor):
    run(editor, POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE)


def backwards(apps, editor):
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP TRIGGER debt_collection_wording_guard ON debt_collection_gatedecision")
        editor.execute("DROP FUNCTION debt_collection_wording_guard()")
        editor.execute("ALTER TABLE debt_collection_gatedecision RESET (toast_tuple_target)")
        return
    editor.execute("DROP TRIGGER debt_collection_wording_guard")


class Migration(migrations.Migration):
    dependencies = [("debt_collection", "0009_guard_handling")]
    operations = [
        migrations.CreateModel(
            name="CertificateWording",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("text", models.TextField()),
            ],
        ),
        migrations.AddField(
            model_name="gatedecision",
            name="wording",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="debt_collection.certificatewording",
            ),
        ),
        append_only("debt_collection_certificatewording"),
        migrations.RunPython(forwards, backwards),
    ]
