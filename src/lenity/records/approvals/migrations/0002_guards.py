"""Two people, one content, in time, used once: the database refuses everything else."""

from django.db import migrations

from lenity.records.append_only import append_only, run

VERDICT = """NOT EXISTS (SELECT 1 FROM approvals_changeproposal AS p WHERE p.id = NEW.proposal_id
  AND p.proposed_by <> NEW.decided_by AND p.digest = NEW.digest
  AND p.proposed_at <= NEW.decided_at AND NEW.decided_at < p.expires_at)"""
CLAIM = """NOT EXISTS (SELECT 1 FROM approvals_changeverdict AS v
  JOIN approvals_changeproposal AS p ON p.id = v.proposal_id
  WHERE v.id = NEW.verdict_id AND v.verdict = 'approved' AND NEW.claimed_at < p.expires_at)"""
SAYS = {
    "verdict": "a verdict is by a second person, on exactly the proposed content, before it expires",
    "claim": "a claim uses an approval before it expires",
}
SQLITE = f"""
CREATE TRIGGER approvals_verdict_guard BEFORE INSERT ON approvals_changeverdict
WHEN {VERDICT}
BEGIN SELECT RAISE(ABORT, '{SAYS["verdict"]}'); END;
CREATE TRIGGER approvals_claim_guard BEFORE INSERT ON approvals_changeclaim
WHEN {CLAIM}
BEGIN SELECT RAISE(ABORT, '{SAYS["claim"]}'); END;
"""
POSTGRESQL = f"""
CREATE FUNCTION approvals_verdict_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {VERDICT} THEN RAISE EXCEPTION '{SAYS["verdict"]}' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER approvals_verdict_guard BEFORE INSERT ON approvals_changeverdict
FOR EACH ROW EXECUTE FUNCTION approvals_verdict_guard();
CREATE FUNCTION approvals_claim_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {CLAIM} THEN RAISE EXCEPTION '{SAYS["claim"]}' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER approvals_claim_guard BEFORE INSERT ON approvals_changeclaim
FOR EACH ROW EXECUTE FUNCTION approvals_claim_guard();
"""


def forwards(apps, editor):
    run(editor, POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE)


def backwards(apps, editor):
    on = editor.connection.vendor == "postgresql"
    for name in ("verdict", "claim"):
        place = f" ON approvals_change{name}" if on else ""
        editor.execute(f"DROP TRIGGER approvals_{name}_guard{place}")
        if on:
            editor.execute(f"DROP FUNCTION approvals_{name}_guard()")


class Migration(migrations.Migration):
    dependencies = [("approvals", "0001_initial")]
    operations = [
        migrations.RunPython(forwards, backwards),
        append_only("approvals_changeproposal", "approvals_changeverdict", "approvals_changeclaim"),
    ]
