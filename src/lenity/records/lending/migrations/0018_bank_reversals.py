"""A reversal stands on an approval of it, or on one of the bank's own movement that names exactly this payment."""

from importlib import import_module

from django.db import migrations

from lenity.records.append_only import run

BEFORE = import_module("lenity.records.lending.migrations.0009_two_people")
CONDITION, SAYS = BEFORE.GUARDS["payment"]
BANK = f"""{CONDITION} AND {BEFORE.APPROVED}
  JOIN lending_payment AS o ON p.payload LIKE '%"payment":"' || o.public_id || '"%'
  WHERE o.id = NEW.reverses_id AND p.kind = 'suspense_reverse')"""


def swap(editor, condition):
    on = editor.connection.vendor == "postgresql"
    editor.execute("DROP TRIGGER lending_payment_two_people" + (" ON lending_payment" if on else ""))
    if on:
        editor.execute("DROP FUNCTION lending_payment_two_people()")
    text = BEFORE.POSTGRESQL if on else BEFORE.SQLITE
    run(editor, text.format(name="payment", condition=condition, says=SAYS))


def forwards(apps, editor):
    swap(editor, BANK)


def backwards(apps, editor):
    swap(editor, CONDITION)


class Migration(migrations.Migration):
    dependencies = [("lending", "0017_guard_cost"), ("approvals", "0005_suspense_reverse")]
    operations = [migrations.RunPython(forwards, backwards)]
