"""Who read what is kept as it was."""

from django.db import migrations

from lenity.records.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("people", "0003_staff_readings")]
    operations = [append_only("people_staffreading")]
