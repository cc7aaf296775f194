"""Accounts, the roles they hold, and the table of rights as the database sees it."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    func,
)

from gisgov.store.tables.columns import Code, metadata

account = Table(
    "account",
    metadata,
    Column("id", Integer, Identity(always=True), primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("kind", Text, CheckConstraint("kind IN ('person', 'client')", name="kind"), nullable=False),
    # a login of PostgreSQL whose sessions are this account's, for people who work with psql or QGIS
    Column("database_login", Text, unique=True),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("disabled_at", DateTime(timezone=True)),
    # whose people they are: they answer for it, and deal with what lies on its desk
    Column("department_code", ForeignKey("department.code")),
    CheckConstraint("name ~ '^[a-z0-9][a-z0-9._@-]{0,63}$'", name="name"),
)

account_role = Table(
    "account_role",
    metadata,
    Column("id", Integer, Identity(always=True), primary_key=True),
    Column("account_id", ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
    Column(
        "role",
        Text,
        CheckConstraint(
            "role IN ('viewer', 'dispatcher', 'planner', 'manager', 'administrator', 'officer')", name="role"
        ),
        nullable=False,
    ),
    # neither: everywhere
    Column("layer_id", ForeignKey("layer.id")),
    Column("area_code", Code),
    Column("granted_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    CheckConstraint("(layer_id IS NULL) = (area_code IS NULL)", name="area_has_layer"),
    UniqueConstraint("account_id", "role", "layer_id", "area_code", postgresql_nulls_not_distinct=True),
)

# written from gisgov/governance/access/rights.yaml by each migration, for the policies of row-level security
role_right = Table(
    "role_right",
    metadata,
    Column("role", Text, primary_key=True),
    Column("right", Text, primary_key=True),
    Column("extent", Text, nullable=False),
)
