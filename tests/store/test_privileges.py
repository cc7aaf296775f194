"""The role that accounts act under, on servers where the user of gisgov may make it and where not."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
import sqlalchemy as sa

from gisgov.errors import ConflictError
from gisgov.governance.access import rights_table
from gisgov.store.database import Database
from gisgov.store.privileges import ACTOR, FEATURES, READER, install_actor, rights_are_current
from gisgov.store.tables import role_right


@pytest.fixture
def user(session: psycopg.Connection) -> Iterator[str]:
    """A user who owns the tables and is no superuser, as a server's administrator makes them."""
    name = f"user_{session.info.backend_pid}"
    session.execute(f"CREATE ROLE {name} LOGIN")
    session.execute(f"GRANT CREATE, USAGE ON SCHEMA public TO {name}")
    tables = session.execute(
        "SELECT quote_ident(relname) FROM pg_class JOIN pg_authid ON pg_authid.oid = relowner "
        "WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v') AND rolname = current_user "
        "AND relname NOT IN ('spatial_ref_sys', 'geometry_columns', 'geography_columns')"
    ).fetchall()
    for (table,) in tables:
        session.execute(f"ALTER TABLE {table} OWNER TO {name}")
    for what in ("SCHEMA ogc", "VIEW ogc.layer", "VIEW ogc.plan", "VIEW ogc.area", "FUNCTION ogc.areas_near"):
        session.execute(f"ALTER {what} OWNER TO {name}")
    yield name
    session.execute(f"REASSIGN OWNED BY {name} TO CURRENT_USER")
    session.execute(f"DROP OWNED BY {name}")
    session.execute(f"DROP ROLE {name}")


@pytest.fixture
def owned(database_url: str, user: str) -> Iterator[Database]:
    """The database of that user."""
    opened = Database(database_url.replace("//gisgov@", f"//{user}@"))
    yield opened
    opened.dispose()


def install(database: Database) -> None:
    with database.begin() as connection:
        install_actor(connection, rights_table())


def test_who_may_neither_make_nor_take_the_role_is_told_what_to_ask_for(owned: Database, user: str) -> None:
    with pytest.raises(ConflictError) as caught:
        install(owned)
    assert str(caught.value) == (
        f"The database has no roles {ACTOR} and {FEATURES} for {user}, who may not make them. Let an "
        f"administrator of the server run: CREATE ROLE {ACTOR} NOLOGIN; CREATE ROLE {READER} NOLOGIN; "
        f"CREATE ROLE {FEATURES} NOLOGIN; GRANT {ACTOR}, {FEATURES} TO {user};"
    )


def test_who_was_given_the_role_installs_it(owned: Database, user: str, session: psycopg.Connection) -> None:
    session.execute(f"GRANT {ACTOR}, {FEATURES} TO {user}")
    install(owned)
    install(owned)
    with owned.begin() as connection:
        connection.execute(sa.text(f"SET LOCAL ROLE {ACTOR}"))
        assert connection.scalar(sa.text("SELECT count(*) FROM plan")) == 0


def test_rights_that_were_tampered_with_are_written_anew(database: Database) -> None:
    with database.begin() as connection:
        assert rights_are_current(connection, rights_table())
        connection.execute(sa.insert(role_right).values(role="viewer", right="accounts.manage", extent="any"))
        assert not rights_are_current(connection, rights_table())
    install(database)
    with database.begin() as connection:
        assert rights_are_current(connection, rights_table())
