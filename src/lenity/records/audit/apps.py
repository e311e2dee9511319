"""The audit trail; once the tables are known, it hears of every row that an event answers for."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "lenity.records.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lenity.records import witness

        witness.connect()
