"""A program's access to a borrower's record is a key of her helper now."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("arrangements", "0004_helpers_are_one"),
        ("intake", "0003_helper_access"),
    ]

    operations = [
        migrations.DeleteModel(
            name="HelperAccess",
        ),
    ]
