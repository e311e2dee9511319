"""Who gave somebody her roles."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0005_staff_invitations")]
    operations = [
        migrations.AddField(
            "staffmember", "rights_by", models.CharField(blank=True, default="", max_length=80)
        )
    ]
