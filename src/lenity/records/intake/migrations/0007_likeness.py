"""What a movement has in every format, so that the second one to tell it changes nothing."""

from django.db import migrations, models

from lenity.records.append_only import Aside

ASIDE = Aside("intake_bankentry")


class Migration(migrations.Migration):
    dependencies = [("intake", "0006_answers_with_work")]
    operations = [
        ASIDE.first,
        migrations.AddField(
            "bankentry", "likeness", models.CharField(max_length=64, blank=True, default="", db_index=True)
        ),
        migrations.AddField(
            "bankentry",
            "sure_likeness",
            models.CharField(max_length=64, blank=True, default="", db_index=True),
        ),
        migrations.AddField(
            "bankentry", "account_key", models.CharField(max_length=8, blank=True, default="")
        ),
        ASIDE.last,
    ]
