"""What a decision rested on is a fact, and no limit is above the smallest of its caps."""

from django.db import migrations

from lenity.records.append_only import append_only, run

SAYS = "a limit is above a cap of its decision"
WHEN = """EXISTS (SELECT 1 FROM lending_creditdecision AS d
  WHERE d.id = NEW.decision_id AND d.limit_minor > NEW.lowest_cap_minor)"""
SQLITE = f"""
CREATE TRIGGER lending_limit_within_caps BEFORE INSERT ON lending_decisionbasis
WHEN {WHEN}
BEGIN SELECT RAISE(ABORT, '{SAYS}'); END;
"""
POSTGRESQL = f"""
CREATE FUNCTION lending_limit_within_caps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {WHEN} THEN RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER lending_limit_within_caps BEFORE INSERT ON lending_decisionbasis
FOR EACH ROW EXECUTE FUNCTION lending_limit_within_caps();
"""


def forwards(apps, editor):
    run(editor, POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE)


def backwards(apps, editor):
    on = editor.connection.vendor == "postgresql"
    editor.execute("DROP TRIGGER lending_limit_within_caps" + (" ON lending_decisionbasis" if on else ""))
    if on:
        editor.execute("DROP FUNCTION lending_limit_within_caps()")


class Migration(migrations.Migration):
    dependencies = [("lending", "0010_decision_basis")]
    operations = [
        migrations.RunPython(forwards, backwards),
        append_only(
            "lending_applicant",
            "lending_decisionbasis",
            "lending_shadowdecision",
            "lending_observedoutcome",
        ),
    ]
