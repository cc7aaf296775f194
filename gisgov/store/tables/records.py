"""Records of what was brought in."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, DateTime, Identity, Integer, Table, Text, func
from sqlalchemy.dialects.postgresql import JSONB

from gisgov.store.tables.columns import NO_JSON, metadata

import_batch = Table(
    "import_batch",
    metadata,
    Column("id", Integer, Identity(always=True), primary_key=True),
    Column(
        "kind",
        Text,
        CheckConstraint("kind IN ('areas', 'events', 'buildings', 'blocks')", name="kind"),
        nullable=False,
    ),
    Column("file_name", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("options", JSONB, nullable=False, server_default=NO_JSON),
    Column("rows_read", Integer, nullable=False),
    Column("rows_imported", Integer, nullable=False),
    Column("rows_unchanged", Integer, nullable=False),
    Column("rows_rejected", Integer, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
