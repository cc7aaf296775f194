"""The way into the database: transactions, and failures in gisgov's own words."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
import sqlalchemy as sa

from gisgov.errors import ConflictError, DatabaseUnavailable, InputError, NameTaken, ValidityOverlap
from gisgov.store.database import Database
from gisgov.store.plans import create_draft
from gisgov.store.tables import layer, plan

LAYER = {"name": "grid", "title_zh": "网格", "title_en": "Grid", "kind": "partition", "position": 1}


def plans(database: Database) -> list[str]:
    with database.begin() as connection:
        return list(connection.scalars(sa.select(plan.c.name).order_by(plan.c.name)))


def work(database: Database, *steps: Callable[[sa.Connection], object]) -> None:
    """Do the steps in one transaction."""
    with database.begin() as connection:
        for step in steps:
            step(connection)


def draft(name: str, layer_id: int) -> Callable[[sa.Connection], object]:
    return lambda connection: create_draft(connection, name=name, layer_id=layer_id, working_crs="x")


@pytest.fixture
def grid(database: Database) -> int:
    """Id of a layer."""
    with database.begin() as connection:
        return int(connection.execute(sa.insert(layer).values(LAYER).returning(layer.c.id)).scalar_one())


@pytest.mark.parametrize(
    "url", ["", "nonsense", "sqlite:///file", "mysql://host/name", "postgresql://host:port/name"]
)
def test_a_url_that_is_not_of_postgresql_is_refused_without_being_shown(url: str) -> None:
    with pytest.raises(InputError) as refused:
        Database(url)
    assert refused.value.field == "database_url"
    assert not url or url not in str(refused.value)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg", "postgresql+psycopg2"])
def test_every_spelling_of_postgresql_is_taken(scheme: str) -> None:
    database = Database(f"{scheme}://someone@host/name")
    assert database.engine.url.drivername == "postgresql+psycopg"


def test_nothing_is_connected_before_it_is_needed_and_a_missing_server_is_one_line() -> None:
    database = Database("postgresql://someone:secret@127.0.0.1:1/nothing")
    with pytest.raises(DatabaseUnavailable) as refused, database.begin():
        raise AssertionError("never reached")
    assert "\n" not in str(refused.value)
    assert "secret" not in str(refused.value)
    assert "127.0.0.1" in refused.value.message


def test_a_transaction_is_whole_or_nothing(database: Database, grid: int) -> None:
    work(database, draft("kept", grid))
    with pytest.raises(ZeroDivisionError):
        work(database, draft("lost", grid), lambda _: 1 / 0)
    assert plans(database) == ["kept"]


def test_a_name_with_sql_in_it_is_a_name(database: Database, grid: int) -> None:
    name = "'; DROP TABLE plan; --"
    with database.begin() as connection:
        create_draft(connection, name=name, layer_id=grid, working_crs="x")
    assert plans(database) == [name]


def test_a_taken_name_is_said(database: Database, grid: int) -> None:
    with pytest.raises(NameTaken, match=r"A plan of that name exists: Key \(name\)=\(a\)"):
        work(database, draft("a", grid), draft("a", grid))


def test_overlapping_validity_is_said(database: Database, grid: int) -> None:
    publish = sa.text("UPDATE plan SET status = 'published', valid_from = '2026-01-01', published_at = now()")
    with pytest.raises(ValidityOverlap, match="is in force in that time") as refused:
        work(database, draft("a", grid), draft("b", grid), lambda connection: connection.execute(publish))
    assert "\n" not in str(refused.value)


def test_a_code_that_nothing_has_is_a_conflict(database: Database) -> None:
    with pytest.raises(ConflictError, match="layer_id_fkey"), database.begin() as connection:
        create_draft(connection, name="a", layer_id=99, working_crs="x")


def test_a_value_that_no_column_holds_is_the_giver_s_fault(database: Database, grid: int) -> None:
    with pytest.raises(InputError, match="NUL"), database.begin() as connection:
        create_draft(connection, name="a", layer_id=grid, working_crs="x", decision="a\0b")
    with pytest.raises(InputError, match="out of range"), database.begin() as connection:
        connection.execute(sa.text("SELECT CAST('1e400' AS FLOAT)"))


def test_errors_of_psycopg_itself_are_said_too(database: Database) -> None:
    def ask_past_sqlalchemy(connection: sa.Connection) -> None:
        raw = connection.connection.dbapi_connection
        assert isinstance(raw, psycopg.Connection)
        raw.execute("SELECT CAST('one' AS INTEGER)")

    with pytest.raises(InputError, match="invalid input syntax"):
        work(database, ask_past_sqlalchemy)


def test_a_mistake_in_gisgov_s_own_sql_is_no_matter_of_the_person(database: Database) -> None:
    with pytest.raises(sa.exc.ProgrammingError), database.begin() as connection:
        connection.execute(sa.text("SELECT no_such_column FROM plan"))


def test_parameters_stay_out_of_error_texts(database: Database) -> None:
    with pytest.raises(sa.exc.ProgrammingError) as refused, database.begin() as connection:
        connection.execute(sa.text("SELECT no_such_column FROM plan WHERE name = :name"), {"name": "secret"})
    assert "secret" not in str(refused.value)


def test_a_server_that_goes_away_leaves_nothing_half_done(database: Database, grid: int) -> None:
    def lose_the_server(connection: sa.Connection) -> None:
        pid = connection.scalar(sa.text("SELECT pg_backend_pid()"))
        work(database, lambda other: other.execute(sa.text(f"SELECT pg_terminate_backend({pid})")))

    with pytest.raises(DatabaseUnavailable, match="shut down"):
        work(database, draft("half", grid), lose_the_server, draft("other half", grid))
    # and the pool has forgotten the dead connection
    assert plans(database) == []


def test_a_connection_that_died_in_the_pool_is_not_handed_out(database: Database) -> None:
    with database.begin() as connection:
        pid = connection.scalar(sa.text("SELECT pg_backend_pid()"))
    killer = Database(database.engine.url.render_as_string(hide_password=False))
    with killer.begin() as other:
        other.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
    killer.dispose()
    assert plans(database) == []


def test_a_check_asks_for_postgis_and_the_tables(database: Database, bare_database_url: str) -> None:
    database.check()
    bare = Database(bare_database_url)
    with pytest.raises(DatabaseUnavailable, match="plan") as refused:
        bare.check()
    bare.dispose()
    assert refused.value.hint == "Run `gisgov db migrate`."
