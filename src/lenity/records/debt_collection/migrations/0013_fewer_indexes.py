"""A contact is written with indexes that something reads by: none for patterns, none that another covers."""

import django.db.models.deletion
from django.db import migrations, models

from lenity.records.rows import drop_pattern_indexes

TABLES = ("debt_collection_contact", "debt_collection_gatedecision", "debt_collection_outboxmessage")
COVERED = ("debt_collection_contact_borrower_id_c6897fc1", "debt_collection_contactslot_borrower_id_adb12661")


def drop_covered(apps, editor):
    for name in COVERED:
        editor.execute(f"DROP INDEX IF EXISTS {name}")


def add_covered(apps, editor):
    for name, table in zip(COVERED, ("contact", "contactslot"), strict=True):
        editor.execute(f"CREATE INDEX {name} ON debt_collection_{table} (borrower_id)")


def borrower(**more):
    return models.ForeignKey(
        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="people.borrower", **more
    )


class Migration(migrations.Migration):
    dependencies = [("debt_collection", "0012_guard_concern_steps")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField("contact", "borrower", borrower(related_name="contacts")),
                migrations.AlterField("contactslot", "borrower", borrower()),
            ],
            database_operations=[migrations.RunPython(drop_covered, add_covered)],
        ),
        drop_pattern_indexes(*TABLES),
    ]
