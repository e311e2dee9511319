"""Reports on a score are facts."""

import django.db.models.deletion
from django.db import migrations, models

from lenity.records.append_only import append_only

COLUMNS = [
    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
    ("kind", models.CharField(max_length=20)),
    ("digest", models.CharField(max_length=64, unique=True)),
    ("content", models.TextField()),
    ("recorded_at", models.DateTimeField()),
    (
        "model",
        models.ForeignKey(
            blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="scoring.scoremodel"
        ),
    ),
]


class Migration(migrations.Migration):
    dependencies = [("scoring", "0004_guard_activation")]
    operations = [
        migrations.CreateModel(
            name="ScoreReport",
            fields=COLUMNS,
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(kind__in=["watch", "cures"]), name="score_report_kind"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(kind="cures") | models.Q(model__isnull=False),
                        name="watch_has_a_model",
                    ),
                ],
            },
        ),
        append_only("scoring_scorereport"),
    ]
