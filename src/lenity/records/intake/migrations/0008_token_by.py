"""Who saw a program's token; and no verdict between two who could be one person (decision 0069)."""

from django.db import migrations, models

from lenity.records.append_only import run

SAYS = "a verdict is by a second person, who did not let the first one in, nor the first her"
INVITED = (
    "(SELECT i.made_by FROM people_staffinvitation AS i WHERE i.staff_id = s.id ORDER BY i.id DESC LIMIT 1)"
)
WHEN = f"""EXISTS (SELECT 1 FROM approvals_changeproposal AS p JOIN people_staffmember AS s
  ON s.public_id IN (NEW.decided_by, p.proposed_by)
  WHERE p.id = NEW.proposal_id AND NEW.decided_by <> p.proposed_by AND (
    (s.public_id = NEW.decided_by AND p.proposed_by IN (s.rights_by, {INVITED}))
    OR (s.public_id = p.proposed_by AND NEW.decided_by IN (s.rights_by, {INVITED}))))
  OR EXISTS (SELECT 1 FROM approvals_changeproposal AS p JOIN intake_apiclient AS c
  ON p.proposed_by = 'api:' || c.name WHERE p.id = NEW.proposal_id AND c.token_by = NEW.decided_by)"""  # noqa: S608
SQLITE = f"""
CREATE TRIGGER intake_verdict_bound BEFORE INSERT ON approvals_changeverdict
WHEN {WHEN}
BEGIN SELECT RAISE(ABORT, '{SAYS}'); END;
"""
POSTGRESQL = f"""
CREATE FUNCTION intake_verdict_bound() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {WHEN} THEN RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER intake_verdict_bound BEFORE INSERT ON approvals_changeverdict
FOR EACH ROW EXECUTE FUNCTION intake_verdict_bound();
"""


def forwards(apps, editor):
    run(editor, POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE)


def backwards(apps, editor):
    on = editor.connection.vendor == "postgresql"
    editor.execute("DROP TRIGGER intake_verdict_bound" + (" ON approvals_changeverdict" if on else ""))
    if on:
        editor.execute("DROP FUNCTION intake_verdict_bound()")


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0007_likeness"),
        ("people", "0006_rights_by"),
        ("approvals", "0004_undo_and_suspense"),
    ]
    operations = [
        migrations.AddField("apiclient", "token_by", models.CharField(blank=True, default="", max_length=80)),
        migrations.RunPython(forwards, backwards),
    ]
