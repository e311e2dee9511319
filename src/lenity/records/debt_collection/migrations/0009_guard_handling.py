"""What was done about an impostor is kept as it was."""

from django.db import migrations

from lenity.records.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("debt_collection", "0008_impostor_handling")]
    operations = [append_only("debt_collection_impostorhandling")]
