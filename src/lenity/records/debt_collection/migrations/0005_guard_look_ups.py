"""A look-up is kept as it was: the database refuses to change or remove it."""

from django.db import migrations

from lenity.records.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("debt_collection", "0004_case_leases")]
    operations = [append_only("debt_collection_caselookup")]
