"""What comes into force is exactly what two people approved, by kind and fingerprint; never changed."""

from django.db import migrations

from lenity.records.append_only import append_only, run

WHEN = """NOT EXISTS (SELECT 1 FROM approvals_changeclaim AS c
  JOIN approvals_changeverdict AS v ON v.id = c.verdict_id
  JOIN approvals_changeproposal AS p ON p.id = v.proposal_id
  WHERE c.id = NEW.claim_id AND p.kind = NEW.kind AND p.subject_id = NEW.fingerprint)"""
SAYS = "what comes into force is what two people approved"
SQLITE = f"""
CREATE TRIGGER scoring_activation_guard BEFORE INSERT ON scoring_activation
WHEN {WHEN}
BEGIN SELECT RAISE(ABORT, '{SAYS}'); END;
"""
POSTGRESQL = f"""
CREATE FUNCTION scoring_activation_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {WHEN} THEN RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER scoring_activation_guard BEFORE INSERT ON scoring_activation
FOR EACH ROW EXECUTE FUNCTION scoring_activation_guard();
"""


def forwards(apps, editor):
    run(editor, POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE)


def backwards(apps, editor):
    on = editor.connection.vendor == "postgresql"
    editor.execute("DROP TRIGGER scoring_activation_guard" + (" ON scoring_activation" if on else ""))
    if on:
        editor.execute("DROP FUNCTION scoring_activation_guard()")


class Migration(migrations.Migration):
    dependencies = [("scoring", "0003_activation")]
    operations = [migrations.RunPython(forwards, backwards), append_only("scoring_activation")]
