"""An event is written without indexes for patterns: nobody looks for the beginning of an id."""

from django.db import migrations

from lenity.records.rows import drop_pattern_indexes


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]
    operations = [drop_pattern_indexes("audit_auditevent")]
