"""Reviews are facts; a second opinion follows a first answer and is given by somebody else."""

from django.db import migrations

from lenity.records.append_only import append_only, run

SAYS = "a second opinion follows the first answer and is given by somebody else"
SECOND = """EXISTS (SELECT 1 FROM lending_decisionreview AS r WHERE r.id = NEW.review_id AND r.number = 2
  AND NOT EXISTS (SELECT 1 FROM lending_decisionreview AS f
    JOIN lending_reviewanswer AS a ON a.review_id = f.id
    WHERE f.decision_id = r.decision_id AND f.number = 1 AND a.decided_by <> NEW.decided_by))"""
SQLITE = f"""
CREATE TRIGGER lending_review_second BEFORE INSERT ON lending_reviewanswer
WHEN {SECOND}
BEGIN SELECT RAISE(ABORT, '{SAYS}'); END;
"""
POSTGRESQL = f"""
CREATE FUNCTION lending_review_second() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {SECOND} THEN RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER lending_review_second BEFORE INSERT ON lending_reviewanswer
FOR EACH ROW EXECUTE FUNCTION lending_review_second();
"""


def forwards(apps, editor):
    run(editor, POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE)


def backwards(apps, editor):
    on = editor.connection.vendor == "postgresql"
    editor.execute("DROP TRIGGER lending_review_second" + (" ON lending_reviewanswer" if on else ""))
    if on:
        editor.execute("DROP FUNCTION lending_review_second()")


class Migration(migrations.Migration):
    dependencies = [("lending", "0007_decision_review")]
    operations = [
        migrations.RunPython(forwards, backwards),
        append_only("lending_decisionreview", "lending_reviewanswer"),
    ]
