"""The bank's own reversal leaves suspense as the reversal of its payment, by two people."""

from importlib import import_module

from django.db import migrations, models

from lenity.records.append_only import Aside, run

ASIDE = Aside("intake_suspenseoutcome")
BEFORE = import_module("lenity.records.intake.migrations.0005_suspense_by_two")
ELSE = "ELSE 'suspense_clear' END"
NOW = f"WHEN 'reversed' THEN 'suspense_reverse' {ELSE}"


def swap(editor, before, after):
    on = editor.connection.vendor == "postgresql"
    text = BEFORE.POSTGRESQL if on else BEFORE.SQLITE
    editor.execute("DROP TRIGGER intake_suspense_two_people" + (" ON intake_suspenseoutcome" if on else ""))
    if on:
        editor.execute("DROP FUNCTION intake_suspense_two_people()")
    run(editor, text.replace(before, after))


def forwards(apps, editor):
    swap(editor, ELSE, NOW)


def backwards(apps, editor):
    swap(editor, ELSE, ELSE)


class Migration(migrations.Migration):
    dependencies = [("intake", "0008_token_by"), ("approvals", "0005_suspense_reverse")]
    operations = [
        ASIDE.first,
        migrations.RemoveConstraint("suspenseoutcome", "suspense_outcome_kind"),
        migrations.AddConstraint(
            "suspenseoutcome",
            models.CheckConstraint(
                condition=models.Q(kind__in=["assigned", "reversed"], payment__isnull=False)
                | models.Q(kind__in=["returned", "cleared"], payment__isnull=True),
                name="suspense_outcome_kind",
            ),
        ),
        ASIDE.last,
        migrations.RunPython(forwards, backwards),
    ]
