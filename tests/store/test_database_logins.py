"""People with logins of their own in PostgreSQL, for psql or QGIS: what is theirs, whatever they say."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import psycopg
import pytest
from acting_sessions import put_account
from two_streets import plant_two_streets

from gisgov.store.privileges import READER

REFUSED = (psycopg.errors.InsufficientPrivilege,)


@pytest.fixture
def ground(session: psycopg.Connection, plant: Callable[..., None]) -> psycopg.Connection:
    return plant_two_streets(session, plant)


@pytest.fixture
def logins(ground: psycopg.Connection) -> Iterator[dict[str, str]]:
    """Two street dispatchers with logins of their own in PostgreSQL, by street."""
    names = {street: f"test_{ground.info.backend_pid}_{street}".lower() for street in "ST"}
    for street, name in names.items():
        account = put_account(ground, f"dispatcher-{street.lower()}", ("dispatcher", "street", street))
        ground.execute(f"CREATE ROLE {name} LOGIN IN ROLE {READER}")
        ground.execute("UPDATE account SET database_login = %s WHERE id = %s", (name, account))
    yield names
    for name in names.values():
        ground.execute(f"DROP ROLE {name}")


@pytest.mark.parametrize(("street", "sees"), [("S", ["a", "b"]), ("T", ["c", "d"])])
def test_two_street_dispatchers_cannot_see_each_others_events_by_raw_sql(
    ground: psycopg.Connection, logins: dict[str, str], street: str, sees: list[str]
) -> None:
    other = ground.execute("SELECT id FROM account WHERE database_login <> %s", (logins[street],)).fetchone()
    administrator = put_account(ground, "chief", ("administrator", None, None))
    assert other is not None
    with signed_in(ground, logins[street]) as own:
        for pretended in ("", str(other[0]), str(administrator)):
            own.execute("SELECT set_config('gisgov.account', %s, false)", (pretended,))
            for query in (
                "SELECT external_id FROM event",
                "SELECT external_id FROM event WHERE id IN (SELECT event_id FROM event_area)",
                "SELECT DISTINCT external_id FROM event JOIN reached_event ON event_id = id",
            ):
                with own.transaction(force_rollback=True):
                    assert sorted(row[0] for row in own.execute(query)) == sees, query
            assert own.execute("SELECT count(*) FROM account").fetchone() == (1,)
        for statement in (
            "DELETE FROM event",
            "LOCK TABLE account",
            "SELECT _postgis_stats('event', 'geom')",
            "SELECT ST_EstimatedExtent('event', 'geom')",
        ):
            with pytest.raises(REFUSED), own.transaction():
                own.execute(statement)
        others = next(login for one, login in logins.items() if one != street)
        for statement in ("SET ROLE gisgov", f"SET ROLE {others}", f"SET SESSION AUTHORIZATION {others}"):
            with pytest.raises(REFUSED):
                own.execute(statement)


def test_a_login_that_is_no_account_sees_nothing(ground: psycopg.Connection, logins: dict[str, str]) -> None:
    ground.execute("UPDATE account SET database_login = NULL")
    with signed_in(ground, logins["S"]) as own:
        own.execute("SELECT set_config('gisgov.account', '1', false)")
        assert own.execute("SELECT count(*) FROM event").fetchone() == (0,)


def signed_in(session: psycopg.Connection, login: str) -> psycopg.Connection:
    """Open a session of a login, as psql does."""
    info = session.info
    return psycopg.connect(host=info.host, port=info.port, dbname=info.dbname, user=login, autocommit=True)
