"""Money leaves suspense by two people only: assigned to a loan, returned to its sender, or cleared."""

from django.db import migrations, models

from lenity.records.append_only import Aside, run

ASIDE = Aside("intake_suspenseoutcome")
SAYS = "money leaves suspense by an approval of a second person"
WHEN = """NOT EXISTS (SELECT 1 FROM approvals_changeclaim AS c
  JOIN approvals_changeverdict AS v ON v.id = c.verdict_id
  JOIN approvals_changeproposal AS p ON p.id = v.proposal_id
  JOIN intake_bankentry AS e ON e.public_id = p.subject_id
  WHERE e.id = NEW.entry_id AND p.kind = CASE NEW.kind
    WHEN 'assigned' THEN 'suspense_assign' WHEN 'returned' THEN 'suspense_return' ELSE 'suspense_clear' END)"""
SQLITE = f"""
CREATE TRIGGER intake_suspense_two_people BEFORE INSERT ON intake_suspenseoutcome
WHEN {WHEN}
BEGIN SELECT RAISE(ABORT, '{SAYS}'); END;
"""
POSTGRESQL = f"""
CREATE FUNCTION intake_suspense_two_people() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {WHEN} THEN RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER intake_suspense_two_people BEFORE INSERT ON intake_suspenseoutcome
FOR EACH ROW EXECUTE FUNCTION intake_suspense_two_people();
"""


def forwards(apps, editor):
    run(editor, POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE)


def backwards(apps, editor):
    on = editor.connection.vendor == "postgresql"
    editor.execute("DROP TRIGGER intake_suspense_two_people" + (" ON intake_suspenseoutcome" if on else ""))
    if on:
        editor.execute("DROP FUNCTION intake_suspense_two_people()")


class Migration(migrations.Migration):
    dependencies = [("intake", "0004_helpers_are_one"), ("approvals", "0004_undo_and_suspense")]
    operations = [
        ASIDE.first,
        migrations.RemoveConstraint("suspenseoutcome", "suspense_outcome_kind"),
        migrations.AddConstraint(
            "suspenseoutcome",
            models.CheckConstraint(
                condition=models.Q(kind="assigned", payment__isnull=False)
                | models.Q(kind__in=["returned", "cleared"], payment__isnull=True),
                name="suspense_outcome_kind",
            ),
        ),
        ASIDE.last,
        migrations.RunPython(forwards, backwards),
    ]
