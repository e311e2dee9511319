"""Facts are only added: the database refuses to change or remove them."""

from django.db import migrations

from lenity.records.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("debt_collection", "0001_initial")]
    operations = [
        append_only(
            "debt_collection_contact",
            "debt_collection_gatedecision",
            "debt_collection_hold",
            "debt_collection_holdend",
            "debt_collection_contactoutcome",
        )
    ]
