"""Facts are only added: the database refuses to change or remove them. A draft is no fact."""

from django.db import migrations

from lenity.records.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("arrangements", "0001_initial")]
    operations = [
        append_only(
            "arrangements_budget",
            "arrangements_talkturn",
            "arrangements_agreement",
            "arrangements_concerntext",
            "arrangements_concernfile",
            "arrangements_helper",
            "arrangements_helperend",
            "arrangements_datarequest",
            "arrangements_dataanswer",
        )
    ]
