"""What a borrower was shown and confirmed is a fact: read before confirmed, agreed to before paid out."""

from django.db import migrations

from lenity.records.append_only import append_only, run

UNREAD = "a cost statement is opened before it is confirmed"
UNAGREED = "a loan is paid out on a cost statement that its borrower agreed to"
OPENED = """NEW.step = 'confirmed' AND NOT EXISTS (SELECT 1 FROM lending_coststep AS s
  WHERE s.statement_id = NEW.statement_id AND s.step = 'opened' AND s.at <= NEW.at)"""
AGREED = """NOT EXISTS (SELECT 1 FROM lending_coststep AS s JOIN lending_coststatement AS c ON c.id = s.statement_id
  JOIN lending_loan AS l ON l.borrower_id = c.borrower_id
  WHERE s.statement_id = NEW.statement_id AND l.id = NEW.loan_id AND s.step IN ('confirmed', 'signed'))"""
TRIGGERS = (("lending_cost_read", "lending_coststep", OPENED, UNREAD),
            ("lending_cost_agreed", "lending_loancost", AGREED, UNAGREED))  # fmt: skip
SQLITE = """
CREATE TRIGGER {name} BEFORE INSERT ON {table}
WHEN {when}
BEGIN SELECT RAISE(ABORT, '{says}'); END;
"""
POSTGRESQL = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {when} THEN RAISE EXCEPTION '{says}' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER {name} BEFORE INSERT ON {table}
FOR EACH ROW EXECUTE FUNCTION {name}();
"""


def forwards(apps, editor):
    text = POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE
    for name, table, when, says in TRIGGERS:
        run(editor, text.format(name=name, table=table, when=when, says=says))


def backwards(apps, editor):
    on = editor.connection.vendor == "postgresql"
    for name, table, _, _ in TRIGGERS:
        editor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if on else ""))
        if on:
            editor.execute(f"DROP FUNCTION {name}()")


class Migration(migrations.Migration):
    dependencies = [("lending", "0016_cost_statements")]
    operations = [
        migrations.RunPython(forwards, backwards),
        append_only("lending_coststatement", "lending_coststep", "lending_loancost"),
    ]
