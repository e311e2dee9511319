"""An agreement is never edited."""

from django.db import migrations

from lenity.records.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("lending", "0003_loan_agreement")]
    operations = [append_only("lending_loanagreement")]
