from django.apps import AppConfig


class FurnishingConfig(AppConfig):
    name = "lenity.records.furnishing"
    label = "furnishing"
    default_auto_field = "django.db.models.BigAutoField"
