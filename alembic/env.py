"""What alembic runs for every command: it finds the database and runs the migrations on it.

`gisgov.store.migrating` hands over its connection in ``config.attributes["connection"]``; from the command
line the database is the one of ``-x url=…`` or of ``GISGOV_DATABASE_URL``.
"""

from __future__ import annotations

import os
from typing import Any

import sqlalchemy as sa
from alembic import context
from geoalchemy2 import alembic_helpers

from gisgov.store.database import Database
from gisgov.store.tables import metadata


def _include(item: sa.schema.SchemaItem, name: str | None, kind: str, reflected: bool, compared: Any) -> bool:
    """Leave out what others own: PostGIS, with the tables of its tiger extension, and the queue of jobs."""
    if kind == "table" and (name or "").startswith("procrastinate_"):
        return False
    return bool(alembic_helpers.include_object(item, name, kind, reflected, compared))


def _run(connection: sa.Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        include_object=_include,
        process_revision_directives=alembic_helpers.writer,
        render_item=alembic_helpers.render_item,
        compare_type=True,
        compare_server_default=True,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


def _url() -> str:
    url = context.get_x_argument(as_dictionary=True).get("url") or os.environ.get("GISGOV_DATABASE_URL")
    if not url:
        raise SystemExit("Name the database: set GISGOV_DATABASE_URL, or give -x url=postgresql://…")
    return url


if context.is_offline_mode():
    raise SystemExit("gisgov's migrations need a database: --sql is not supported.")

given = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    database = Database(_url())
    try:
        with database.begin() as opened:
            _run(opened)
    finally:
        database.dispose()
