"""Facts are only added: the database refuses to change or remove them."""

from django.db import migrations

from lenity.records.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("lending", "0001_initial")]
    operations = [
        append_only(
            "lending_application",
            "lending_creditdecision",
            "lending_scheduleversion",
            "lending_instalment",
            "lending_payment",
            "lending_loanmonth",
            "lending_importedbook",
        )
    ]
