"""Undoing an entry stands on an approval of exactly that; the plan of a prepayment falls with its payment."""

from django.db import migrations

from lenity.records.append_only import run

SAYS = "undoing an entry needs an approval by a second person"
WHEN = """NEW.reverses_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM approvals_changeclaim AS c
  JOIN approvals_changeverdict AS v ON v.id = c.verdict_id
  JOIN approvals_changeproposal AS p ON p.id = v.proposal_id
  JOIN lending_loanfact AS o ON o.id = NEW.reverses_id
  WHERE (p.kind = 'fact_undo' AND p.subject_id = o.public_id)
  OR (p.kind = 'payment_reversal' AND o.source = 'prepayment' AND p.subject_id = o.source_id))"""
SQLITE = f"""
CREATE TRIGGER lending_undo_two_people BEFORE INSERT ON lending_loanfact
WHEN {WHEN}
BEGIN SELECT RAISE(ABORT, '{SAYS}'); END;
"""
POSTGRESQL = f"""
CREATE FUNCTION lending_undo_two_people() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {WHEN} THEN RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER lending_undo_two_people BEFORE INSERT ON lending_loanfact
FOR EACH ROW EXECUTE FUNCTION lending_undo_two_people();
"""


def forwards(apps, editor):
    run(editor, POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE)


def backwards(apps, editor):
    on = editor.connection.vendor == "postgresql"
    editor.execute("DROP TRIGGER lending_undo_two_people" + (" ON lending_loanfact" if on else ""))
    if on:
        editor.execute("DROP FUNCTION lending_undo_two_people()")


class Migration(migrations.Migration):
    dependencies = [("lending", "0011_guard_basis"), ("approvals", "0004_undo_and_suspense")]
    operations = [migrations.RunPython(forwards, backwards)]
