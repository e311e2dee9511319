"""Who a concern was passed on to is kept as it was."""

from django.db import migrations

from lenity.records.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("debt_collection", "0011_concern_steps")]
    operations = [append_only("debt_collection_concernstep")]
