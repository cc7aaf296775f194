"""The migrations: up and down, and equal to what `gisgov.store.tables` says."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from geoalchemy2 import alembic_helpers

from gisgov.errors import ConflictError, DatabaseUnavailable
from gisgov.store.database import Database
from gisgov.store.migrating import migrate, newest, stored_version
from gisgov.store.tables import metadata

ROOT = Path(__file__).resolve().parents[2]

# everything of the schema that is gisgov's, one line each, in an order of its own
CATALOG = {
    "columns": """
        SELECT format('%s.%s %s%s default %s identity %s collation %s', c.relname, a.attname,
                      format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN ' not null' END,
                      pg_get_expr(d.adbin, d.adrelid), a.attidentity, o.collname)
        FROM pg_attribute a
        JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        LEFT JOIN pg_collation o ON o.oid = a.attcollation
        WHERE a.attnum > 0 AND c.relname NOT IN ('spatial_ref_sys', 'alembic_version')""",
    "constraints": """
        SELECT format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
        FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace
            AND contype <> 't'
            AND conrelid::regclass::text NOT IN ('spatial_ref_sys', 'alembic_version', '-')""",
    "indexes": """
        SELECT indexdef FROM pg_indexes
        WHERE schemaname = 'public' AND tablename NOT IN ('spatial_ref_sys', 'alembic_version')""",
    "triggers": "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "functions": """
        SELECT pg_get_functiondef(p.oid) FROM pg_proc p
        WHERE p.pronamespace = 'public'::regnamespace
            AND (p.proname ~ '^(guard|acting|acts|reaches|audit|change|limit|procrastinate)')""",
    "views": "SELECT format('%s %s', viewname, definition) FROM pg_views WHERE schemaname = 'public' "
    "AND viewname !~ '^(geometry_columns|geography_columns)$'",
    "types": "SELECT typname FROM pg_type "
    "WHERE typnamespace = 'public'::regnamespace AND typname ~ '^procra'",
    "policies": "SELECT format('%s', p) FROM pg_policies AS p",
}


def schema(database: Database) -> dict[str, list[str]]:
    with database.begin() as connection:
        return {what: sorted(connection.scalars(sa.text(query))) for what, query in CATALOG.items()}


def include(item: Any, name: str | None, kind: str, reflected: bool, compared: Any) -> bool:
    """Leave out what PostGIS owns, and the queue of jobs, which belongs to its library."""
    if kind == "table" and (name or "").startswith("procrastinate_"):
        return False
    return bool(alembic_helpers.include_object(item, name, kind, reflected, compared))


@pytest.fixture
def bare(bare_database_url: str) -> Iterator[Database]:
    """A database with PostGIS and without tables."""
    opened = Database(bare_database_url)
    yield opened
    opened.dispose()


def test_up_down_and_up_again_gives_the_same_schema(bare: Database) -> None:
    empty = schema(bare)
    assert migrate(bare).after == newest()
    once = schema(bare)
    guards = [one for one in once["triggers"] if "procrastinate" not in one and " audit_" not in one]
    # 13 tables whose changes are told of, each on 4 occasions; values of one; what ratings rest on
    assert len(guards) == 13 + 13 * 4 + 1 + 4 + 1 + 5
    assert migrate(bare, "base").after is None
    assert schema(bare) == empty
    migrate(bare)
    assert schema(bare) == once


def test_every_version_can_be_gone_back_to(bare: Database) -> None:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "alembic"))
    versions = [step.revision for step in ScriptDirectory.from_config(config).walk_revisions()]
    migrate(bare)
    for version, before in pairwise([*versions, None]):
        done = migrate(bare, before or "base")
        assert (done.before, done.after) == (version, before)


def test_limits_that_run_are_told_when_they_are_due_soon(bare: Database) -> None:
    migrate(bare, "0017")
    with bare.begin() as connection:
        connection.exec_driver_sql("""
            INSERT INTO working_calendar (name, timezone, hours, source)
            VALUES ('office', 'Asia/Shanghai', '{}', 'a test');
            INSERT INTO calendar_span (calendar, begins, ends, seconds_before, day, day_number)
            VALUES ('office', '2026-03-02 09:00+08', '2026-03-02 19:00+08', 0, '2026-03-02', 1);
            INSERT INTO event (source, external_id, state, occurred_at, crs, problem)
            VALUES ('hotline', 'E1', 'dispatched', now(), 'EPSG:4326', 'no-coordinate');
            INSERT INTO event_limit (event_id, stage, started_at, amount, unit, calendar, warn_at, due_at)
            SELECT id, 'handling', '2026-03-01 12:00+08', 1, 'working-days', 'office',
                '2026-03-02 19:00+08', '2026-03-02 19:00+08'
            FROM event
        """)
    migrate(bare)
    with bare.begin() as connection:
        row = connection.execute(sa.text("SELECT due_at - warn_at, warn_share FROM event_limit")).one()
    assert (row[0], row[1]) == (timedelta(hours=2), 0.2)


def test_migrating_again_does_nothing(database: Database) -> None:
    done = migrate(database)
    assert done.before == done.after == newest()


def test_alembic_finds_no_drift_from_the_tables(database: Database) -> None:
    with database.begin() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_object": include,
                "compare_type": True,
                "compare_server_default": True,
            },
        )
        assert compare_metadata(context, metadata) == []


def test_migrated_schema_is_the_one_that_the_tables_make(database: Database, bare: Database) -> None:
    # alembic compares neither checks nor exclusion constraints nor collations
    metadata.create_all(bare.engine)
    migrated, made = schema(database), schema(bare)
    for what in ("columns", "constraints", "indexes"):
        assert [one for one in migrated[what] if "procrastinate" not in one] == made[what]


def test_the_command_line_of_alembic_agrees(database_url: str) -> None:
    config = Config(ROOT / "alembic.ini", cmd_opts=None)
    config.cmd_opts = type("Options", (), {"x": [f"url={database_url}"]})()  # type: ignore[assignment]
    command.check(config)


def test_alembic_by_hand_asks_for_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GISGOV_DATABASE_URL", raising=False)
    with pytest.raises(SystemExit, match="Name the database"):
        command.upgrade(Config(ROOT / "alembic.ini"), "head")


def test_sql_scripts_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SystemExit, match="need a database"):
        command.upgrade(Config(ROOT / "alembic.ini"), "head", sql=True)


def test_the_folder_of_migrations_does_not_hide_the_package() -> None:
    assert not list((ROOT / "alembic").glob("__init__.py"))
    code = "import alembic.command, sys; sys.exit('site-packages' not in alembic.__file__)"
    # from the checkout, which Python puts first on its path
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_a_database_of_a_newer_gisgov_is_left_alone(database: Database) -> None:
    with database.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ConflictError, match="version 9999") as refused:
        migrate(database)
    assert "newer" in (refused.value.hint or "")
    with database.begin() as connection:
        assert stored_version(connection) == "9999"


def test_migrating_without_a_server_says_so() -> None:
    with pytest.raises(DatabaseUnavailable):
        migrate(Database("postgresql://nobody@127.0.0.1:1/nothing"))


def test_a_failed_migration_leaves_nothing_behind(bare: Database) -> None:
    with bare.begin() as connection:
        connection.execute(sa.text("CREATE TABLE import_batch (x INT)"))  # the last table is in the way
    before = schema(bare)
    with pytest.raises(Exception, match="import_batch"):
        migrate(bare)
    assert schema(bare) == before
    with bare.begin() as connection:
        assert stored_version(connection) is None
