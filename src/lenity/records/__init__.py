"""Thin tables. Each room: models, queries, writes, migrations."""
