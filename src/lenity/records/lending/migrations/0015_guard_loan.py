"""A loan is a fact: whose it is, its account, its limit and its day are never edited. A lock changes nothing."""

from django.db import migrations

from lenity.records.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("lending", "0014_guard_proposals")]
    operations = [append_only("lending_loan")]
