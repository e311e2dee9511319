"""One fact for a helper, with her keys; the lender's seal; what borrowers put beside contacts and tell of them.

Whom a borrower had let read by a program becomes a helper with a key, sealed anew under its own name.
"""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from lenity.records import encrypted
from lenity.records.append_only import append_only

TALK = {"plans", "concerns"}


def move(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Each access of a program becomes a helper with a key."""
    old, helper = apps.get_model("intake", "HelperAccess"), apps.get_model("arrangements", "Helper")
    key, end = apps.get_model("arrangements", "HelperKey"), apps.get_model("arrangements", "HelperEnd")
    for row in old.objects.order_by("pk").iterator():
        name = encrypted.unseal(
            row.name_sealed, table="intake_helperaccess", column="name", row=row.public_id
        )
        made = helper.objects.create(
            public_id=row.public_id,
            borrower_id=row.borrower_id,
            name_sealed=encrypted.seal(name, table="arrangements_helper", column="name", row=row.public_id),
            reach_sealed="",
            scope="talk" if TALK & set(row.scopes) else "see",
            until=row.until,
            recorded_at=row.given_at,
        )
        key.objects.create(
            helper=made,
            token_digest=row.token_digest,
            parts=row.scopes,
            until=row.until,
            given_at=row.given_at,
        )
        if row.ended_at is not None:
            end.objects.create(helper=made, ended_at=row.ended_at)


class Migration(migrations.Migration):
    dependencies = [
        ("arrangements", "0003_concern_notes"),
        ("debt_collection", "0007_guard_voices"),
        ("intake", "0003_helper_access"),
    ]

    operations = [
        migrations.CreateModel(
            name="AgreementSeal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("signature", models.CharField(max_length=128)),
                ("public_key", models.CharField(max_length=64)),
                (
                    "agreement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seal",
                        to="arrangements.agreement",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HelperKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token_digest", models.CharField(max_length=64, unique=True)),
                ("parts", models.JSONField()),
                ("until", models.DateField()),
                ("given_at", models.DateTimeField()),
                (
                    "helper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="keys",
                        to="arrangements.helper",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HelperReading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("read_at", models.DateTimeField()),
                (
                    "helper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="readings",
                        to="arrangements.helper",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="NoteFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.CharField(max_length=20, unique=True)),
                ("media_type", models.CharField(max_length=30)),
                ("size", models.IntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("content_sealed", models.TextField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "note",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="debt_collection.contactnote",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ToldContact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.CharField(max_length=20, unique=True)),
                ("channel", models.CharField(max_length=10)),
                ("happened_at", models.DateTimeField()),
                ("number_sealed", models.TextField(blank=True, default="")),
                ("who_sealed", models.TextField(blank=True, default="")),
                ("recorded_at", models.DateTimeField()),
                (
                    "hold",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="told_contacts",
                        to="debt_collection.hold",
                    ),
                ),
            ],
        ),
        append_only(
            "arrangements_agreementseal",
            "arrangements_helperkey",
            "arrangements_helperreading",
            "arrangements_notefile",
            "arrangements_toldcontact",
        ),
        migrations.RunPython(move, migrations.RunPython.noop),
    ]
