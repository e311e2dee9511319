from django.apps import AppConfig


class DebtCollectionConfig(AppConfig):
    name = "lenity.records.debt_collection"
    label = "debt_collection"
    default_auto_field = "django.db.models.BigAutoField"
