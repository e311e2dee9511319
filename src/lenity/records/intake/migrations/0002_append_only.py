"""What came in is never edited: the database refuses it."""

from django.db import migrations

from lenity.records.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]
    operations = [
        append_only("intake_bankfile", "intake_bankbooking", "intake_bankentry", "intake_suspenseoutcome")
    ]
