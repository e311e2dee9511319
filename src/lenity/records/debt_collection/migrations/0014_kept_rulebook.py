"""Rulebooks that have decided are kept whole: a contact is decided again by the rules of its day."""

from django.db import migrations, models

from lenity.records.append_only import append_only, run

SHARED = "NEW.wording_id IS NOT NULL"
THERE = "EXISTS (SELECT 1 FROM debt_collection_keptrulebook AS k WHERE k.digest = NEW.rulebook_digest)"
SAYS = "a decision names a rulebook that is kept"
SQLITE = f"""
CREATE TRIGGER debt_collection_rulebook_guard BEFORE INSERT ON debt_collection_gatedecision
WHEN {SHARED} AND NOT {THERE}
BEGIN SELECT RAISE(ABORT, '{SAYS}'); END;
"""
POSTGRESQL = f"""
CREATE FUNCTION debt_collection_rulebook_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT {THERE} THEN RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'foreign_key_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER debt_collection_rulebook_guard BEFORE INSERT ON debt_collection_gatedecision
FOR EACH ROW WHEN ({SHARED}) EXECUTE FUNCTION debt_collection_rulebook_guard();
"""


def forwards(apps, editor):
    run(editor, POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE)


def backwards(apps, editor):
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP TRIGGER debt_collection_rulebook_guard ON debt_collection_gatedecision")
        editor.execute("DROP FUNCTION debt_collection_rulebook_guard()")
        return
    editor.execute("DROP TRIGGER debt_collection_rulebook_guard")


class Migration(migrations.Migration):
    dependencies = [("debt_collection", "0013_fewer_indexes")]
    operations = [
        migrations.CreateModel(
            name="KeptRulebook",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("place", models.CharField(max_length=2)),
                ("text", models.TextField()),
            ],
        ),
        append_only("debt_collection_keptrulebook"),
        migrations.RunPython(forwards, backwards),
    ]
