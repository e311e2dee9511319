"""A fact of a loan is never edited."""

from django.db import migrations

from lenity.records.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("lending", "0005_loan_facts")]
    operations = [append_only("lending_loanfact")]
