"""What attempts met is only added."""

from django.db import migrations

from lenity.records.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("webhooks", "0001_initial")]
    operations = [append_only("webhooks_webhookattempt")]
