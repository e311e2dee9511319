"""An answer is written with what its request did, once; claims without an answer go."""

from django.db import migrations, models

from lenity.records.append_only import append_only


def drop_claims(apps, editor):
    apps.get_model("intake", "IdempotentRequest").objects.filter(status=None).delete()


class Migration(migrations.Migration):
    dependencies = [("intake", "0005_suspense_by_two")]
    operations = [
        migrations.RunPython(drop_claims, migrations.RunPython.noop),
        migrations.RenameField("idempotentrequest", "claimed_at", "answered_at"),
        migrations.AlterField("idempotentrequest", "status", models.IntegerField()),
        append_only("intake_idempotentrequest"),
    ]
