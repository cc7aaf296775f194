"""Bringing a database's tables to the version this gisgov knows, by the migrations of ``alembic/``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import cast

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from gisgov.errors import ConflictError
from gisgov.governance.access import rights_table
from gisgov.paths import root
from gisgov.store.database import Database
from gisgov.store.privileges import install_actor, rights_are_current


@dataclass(frozen=True, slots=True)
class Migration:
    """From which version of the tables to which a database was brought (``None``: no tables)."""

    before: str | None
    after: str | None


@cache  # a probe asks each time, and to find it all migrations are read
def newest() -> str:
    """Return the version of the tables that this gisgov works with."""
    return cast("str", ScriptDirectory.from_config(_config()).get_current_head())


def known_versions() -> tuple[str, ...]:
    """Return the versions of the tables that this gisgov can bring to the newest one, oldest first."""
    script = ScriptDirectory.from_config(_config())
    return tuple(step.revision for step in reversed(list(script.walk_revisions())))


def stored_version(connection: sa.Connection) -> str | None:
    """Return the version of the tables in the database, ``None`` where there are none."""
    return MigrationContext.configure(connection).get_current_revision()


def is_current(connection: sa.Connection) -> bool:
    """Whether the tables, and the rights that row-level security asks, are those of this gisgov."""
    return stored_version(connection) == newest() and rights_are_current(connection, rights_table())


def migrate(database: Database, version: str = "head") -> Migration:
    """Bring the tables to a version, up or down, in one transaction.

    Parameters
    ----------
    database : Database
        Its user must be allowed to make tables and, where PostGIS is not there yet, extensions.
    version : str
        ``head`` is the newest, ``base`` is no tables at all.

    Returns
    -------
    Migration
        Both are equal when there was nothing to do.

    Raises
    ------
    ConflictError
        The database was made by a newer gisgov.
    DatabaseUnavailable
        It does not answer.
    """
    config = _config()
    order = known_versions()
    with database.begin() as connection:
        # one migration at a time: whoever comes second finds the work done
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtextextended('gisgov.migrate', 0))"))
        before = stored_version(connection)
        if before is not None and before not in order:
            raise ConflictError(
                f"The database has version {before} of the tables, which this gisgov does not know.",
                hint="Use the gisgov that made it, or a newer one.",
            )
        config.attributes["connection"] = connection
        down = version == "base" or (
            version in order and before is not None and order.index(version) < order.index(before)
        )
        (command.downgrade if down else command.upgrade)(config, version)
        after = stored_version(connection)
        if after == newest():
            install_actor(connection, rights_table())
        return Migration(before, after)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(root() / "alembic").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
