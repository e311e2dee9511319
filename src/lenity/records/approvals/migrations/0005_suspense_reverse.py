"""A kind for the bank's own reversal of a payment."""

from django.db import migrations, models

from lenity.records.append_only import Aside

KINDS = [
    "policy_activation",
    "model_activation",
    "write_off",
    "refund",
    "rate_change",
    "bulk_send",
    "payment_reversal",
    "beyond_offer",
    "fact_undo",
    "waiver",
    "plan_agreed",
    "suspense_assign",
    "suspense_return",
    "suspense_clear",
    "suspense_reverse",
]
GUARDS = Aside("approvals_changeproposal")


class Migration(migrations.Migration):
    dependencies = [("approvals", "0004_undo_and_suspense")]
    operations = [
        GUARDS.first,
        migrations.RemoveConstraint("changeproposal", "change_kind"),
        migrations.AddConstraint(
            "changeproposal",
            models.CheckConstraint(condition=models.Q(kind__in=KINDS), name="change_kind"),
        ),
        GUARDS.last,
    ]
