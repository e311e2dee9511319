"""Which columns are sealed, and under which keys their values lie."""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.db import models
from django.db.models import F, Value
from django.db.models.functions import StrIndex, Substr

from lenity.records import encrypted

ENDING = "_sealed"
ROWS = {
    "arrangements_budgetdraft": "borrower__public_id",
    "arrangements_dataanswer": "request__public_id",
    "debt_collection_caselookup": "staff",
    "debt_collection_contactoutcome": "contact__public_id",
    "debt_collection_outboxmessage": "contact__public_id",
    "lending_reviewanswer": "review__public_id",
    "people_staffreading": "subject_id",
}
"""What a sealed value is bound to where it is not its row's own public id."""


@dataclass(frozen=True)
class SealedColumn:
    """One sealed column: its model and field, and the look-up of the row's name that a value is bound to."""

    model: type[models.Model]
    field: str
    row: str

    @property
    def table(self) -> str:
        """The table's name, as values are bound to it."""
        return self.model._meta.db_table

    @property
    def column(self) -> str:
        """The column's name, as values are bound to it."""
        return self.field.removesuffix(ENDING)

    def filled(self) -> models.QuerySet[models.Model]:
        """Rows in which something is sealed."""
        rows: models.QuerySet[models.Model] = self.model._default_manager.exclude(
            **{f"{self.field}__in": ["", encrypted.GONE]}
        )
        return rows

    def older_than(self, key_id: str) -> models.QuerySet[models.Model]:
        """Rows whose value lies under another key."""
        return self.filled().exclude(**{f"{self.field}__startswith": f"{encrypted.FORMAT}.{key_id}."})


def columns() -> list[SealedColumn]:
    """Every text column whose name says that it is sealed; a new one is found by its name."""
    return [
        SealedColumn(model, field.name, ROWS.get(model._meta.db_table, "public_id"))
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, models.TextField) and field.name.endswith(ENDING)
    ]


def by_key() -> dict[str, dict[str, int]]:
    """How many values lie under each key, by `table.column`."""
    found: dict[str, dict[str, int]] = {}
    for one in columns():
        after_form = Substr(F(one.field), len(encrypted.FORMAT) + 2)
        rows = one.filled().annotate(rest=after_form).annotate(dot=StrIndex(F("rest"), Value(".")))
        keys = rows.values_list(Substr(F("rest"), 1, F("dot") - 1)).annotate(number=models.Count("pk"))
        for key_id, number in keys.order_by():
            found.setdefault(str(key_id), {})[f"{one.table}.{one.column}"] = number
    return found


def remaining(key_id: str) -> int:
    """How many values lie under any other key."""
    return sum(one.older_than(key_id).count() for one in columns())
