from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "lenity.records.intake"
    label = "intake"
    default_auto_field = "django.db.models.BigAutoField"
