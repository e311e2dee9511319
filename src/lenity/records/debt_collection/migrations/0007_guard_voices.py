"""What was found, reviewed, noted, reported and spent is kept as it was."""

from django.db import migrations

from lenity.records.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("debt_collection", "0006_voices")]
    operations = [
        append_only(
            "debt_collection_contactcheck",
            "debt_collection_textfinding",
            "debt_collection_findingreview",
            "debt_collection_contactnote",
            "debt_collection_impostorreport",
            "debt_collection_spending",
        )
    ]
