"""Facts are only added: the database refuses to change or remove them."""

from django.db import migrations

from lenity.records.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("furnishing", "0001_initial")]
    operations = [append_only("furnishing_furnishingfile", "furnishing_furnishedrecord")]
