"""Two more kinds, and programs that ask: the guards are taken down on SQLite while its table is rebuilt."""

from importlib import import_module

from django.db import migrations, models

from lenity.records.append_only import append_only

guards = import_module("lenity.records.approvals.migrations.0002_guards")
APPEND = append_only("approvals_changeproposal")
KINDS = [
    "policy_activation",
    "model_activation",
    "write_off",
    "refund",
    "rate_change",
    "bulk_send",
    "payment_reversal",
    "beyond_offer",
]


def down(apps, editor):
    if editor.connection.vendor == "sqlite":
        guards.backwards(apps, editor)
        APPEND.reverse_code(apps, editor)


def up(apps, editor):
    if editor.connection.vendor == "sqlite":
        guards.forwards(apps, editor)
        for name in ("update", "delete"):
            editor.execute(f"DROP TRIGGER IF EXISTS approvals_changeproposal_no_{name}")
        APPEND.code(apps, editor)


class Migration(migrations.Migration):
    dependencies = [("approvals", "0002_guards")]
    operations = [
        migrations.RunPython(down, up),
        migrations.AlterField("changeproposal", "proposed_by", models.CharField(max_length=60)),
        migrations.RemoveConstraint("changeproposal", "change_kind"),
        migrations.AddConstraint(
            "changeproposal",
            models.CheckConstraint(condition=models.Q(kind__in=KINDS), name="change_kind"),
        ),
        migrations.RunPython(up, down),
    ]
