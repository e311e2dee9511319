"""More than one person may approve alone is approved by two, the same limit each."""

from django.db import migrations

from lenity.records.append_only import append_only, run

SAYS = "a limit above what one person approves alone takes a second person"
WHEN = """NEW.alone_minor IS NOT NULL AND NEW.limit_minor > NEW.alone_minor AND NOT EXISTS (
  SELECT 1 FROM lending_reviewproposal AS p WHERE p.review_id = NEW.review_id
  AND p.limit_minor = NEW.limit_minor AND p.proposed_by <> NEW.decided_by)"""
SQLITE = f"""
CREATE TRIGGER lending_review_two_people BEFORE INSERT ON lending_reviewanswer
WHEN {WHEN}
BEGIN SELECT RAISE(ABORT, '{SAYS}'); END;
"""
POSTGRESQL = f"""
CREATE FUNCTION lending_review_two_people() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {WHEN} THEN RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER lending_review_two_people BEFORE INSERT ON lending_reviewanswer
FOR EACH ROW EXECUTE FUNCTION lending_review_two_people();
"""


def forwards(apps, editor):
    run(editor, POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE)


def backwards(apps, editor):
    on = editor.connection.vendor == "postgresql"
    editor.execute("DROP TRIGGER lending_review_two_people" + (" ON lending_reviewanswer" if on else ""))
    if on:
        editor.execute("DROP FUNCTION lending_review_two_people()")


class Migration(migrations.Migration):
    dependencies = [("lending", "0013_review_proposals_and_notices")]
    operations = [
        migrations.RunPython(forwards, backwards),
        append_only("lending_reviewproposal", "lending_adversenotice"),
    ]
