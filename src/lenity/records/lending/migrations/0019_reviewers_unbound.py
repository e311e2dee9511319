"""A high limit stands on two reviewers of whom neither let the other in (decision 0069)."""

from django.db import migrations

from lenity.records.append_only import run

SAYS = "a limit of two reviewers needs a second person who did not let the first one in, nor the first her"
INVITED = (
    "(SELECT i.made_by FROM people_staffinvitation AS i WHERE i.staff_id = s.id ORDER BY i.id DESC LIMIT 1)"
)
WHEN = f"""NEW.alone_minor IS NOT NULL AND NEW.limit_minor > NEW.alone_minor AND EXISTS (
  SELECT 1 FROM lending_reviewproposal AS p JOIN people_staffmember AS s
  ON s.public_id IN (NEW.decided_by, p.proposed_by)
  WHERE p.review_id = NEW.review_id AND p.limit_minor = NEW.limit_minor
  AND p.proposed_by <> NEW.decided_by AND (
    (s.public_id = NEW.decided_by AND p.proposed_by IN (s.rights_by, {INVITED}))
    OR (s.public_id = p.proposed_by AND NEW.decided_by IN (s.rights_by, {INVITED}))))"""  # noqa: S608
SQLITE = f"""
CREATE TRIGGER lending_review_bound BEFORE INSERT ON lending_reviewanswer
WHEN {WHEN}
BEGIN SELECT RAISE(ABORT, '{SAYS}'); END;
"""
POSTGRESQL = f"""
CREATE FUNCTION lending_review_bound() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {WHEN} THEN RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER lending_review_bound BEFORE INSERT ON lending_reviewanswer
FOR EACH ROW EXECUTE FUNCTION lending_review_bound();
"""


def forwards(apps, editor):
    run(editor, POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE)


def backwards(apps, editor):
    on = editor.connection.vendor == "postgresql"
    editor.execute("DROP TRIGGER lending_review_bound" + (" ON lending_reviewanswer" if on else ""))
    if on:
        editor.execute("DROP FUNCTION lending_review_bound()")


class Migration(migrations.Migration):
    dependencies = [("lending", "0018_bank_reversals"), ("people", "0006_rights_by")]
    operations = [migrations.RunPython(forwards, backwards)]
