"""A write-off, a refund and a reversal stand on an approval of exactly that by a second person."""

from django.db import migrations

from lenity.records.append_only import run

APPROVED = """NOT EXISTS (SELECT 1 FROM approvals_changeclaim AS c
  JOIN approvals_changeverdict AS v ON v.id = c.verdict_id
  JOIN approvals_changeproposal AS p ON p.id = v.proposal_id"""
FACT = f"""NEW.reverses_id IS NULL AND NEW.kind IN ('charge_off', 'refund') AND {APPROVED}
  JOIN lending_loan AS l ON l.public_id = p.subject_id
  WHERE p.public_id = NEW.source_id AND l.id = NEW.loan_id
  AND p.kind = CASE NEW.kind WHEN 'refund' THEN 'refund' ELSE 'write_off' END)"""
PAYMENT = f"""NEW.reverses_id IS NOT NULL AND {APPROVED}
  JOIN lending_payment AS o ON o.public_id = p.subject_id
  WHERE o.id = NEW.reverses_id AND p.kind = 'payment_reversal')"""
GUARDS = {
    "loanfact": (FACT, "a write-off or a refund needs an approval by a second person"),
    "payment": (PAYMENT, "a reversal needs an approval by a second person"),
}
SQLITE = """
CREATE TRIGGER lending_{name}_two_people BEFORE INSERT ON lending_{name}
WHEN {condition}
BEGIN SELECT RAISE(ABORT, '{says}'); END;
"""
POSTGRESQL = """
CREATE FUNCTION lending_{name}_two_people() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {condition} THEN RAISE EXCEPTION '{says}' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER lending_{name}_two_people BEFORE INSERT ON lending_{name}
FOR EACH ROW EXECUTE FUNCTION lending_{name}_two_people();
"""


def forwards(apps, editor):
    text = POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE
    for name, (condition, says) in GUARDS.items():
        run(editor, text.format(name=name, condition=condition, says=says))


def backwards(apps, editor):
    on = editor.connection.vendor == "postgresql"
    for name in GUARDS:
        place = f" ON lending_{name}" if on else ""
        editor.execute(f"DROP TRIGGER lending_{name}_two_people{place}")
        if on:
            editor.execute(f"DROP FUNCTION lending_{name}_two_people()")


class Migration(migrations.Migration):
    dependencies = [("lending", "0008_guard_review"), ("approvals", "0003_more_kinds")]
    operations = [migrations.RunPython(forwards, backwards)]
