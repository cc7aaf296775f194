"""What accounts may touch in the database at all: privileges of the role they act under, and their rights.

Row-level security decides on rows; here whole tables are given or withheld. Both are written anew by every
migration, so that a restored database has them too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import psycopg
import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

from gisgov.errors import ConflictError
from gisgov.governance.access import RightsTable
from gisgov.store.tables import metadata, role_right

ACTOR: Final = "gisgov_actor"
"""The role that transactions of accounts run under: it owns nothing and cannot log in."""

READER: Final = "gisgov_reader"
"""The role that logins of people are given: they see what their account sees, and change and lock nothing."""

FEATURES: Final = "gisgov_features"
"""The role that OGC API – Features reads as: it sees what is published, in the schema ``ogc``, no more."""

_READ, _WRITE = "SELECT", "SELECT, INSERT, UPDATE, DELETE"

TABLES: Final[Mapping[str, str]] = {
    "account": _WRITE,
    "account_role": _WRITE,
    "acting_right": _READ,
    "area": _WRITE,
    "area_figure": _READ,
    "area_lineage": _READ,
    "assignment": _WRITE,
    "audit_entry": _READ,
    "audit_head": _READ,
    "audit_link": _READ,
    "block": _WRITE,
    "block_edge": _WRITE,
    "building": _WRITE,
    "building_area": _READ,
    "calendar_day": _READ,
    "calendar_span": _READ,
    "care_count": _READ,
    "category": _READ,
    "category_permit": _READ,
    "code_scheme": _WRITE,
    "department": _READ,
    "device": _READ,
    "draft_area": _READ,
    "draft_move": _READ,
    "draft_operation": _READ,
    "draft_presence": _READ,
    "draft_snapshot": _READ,
    "event": _WRITE,
    "event_area": _READ,
    "event_building": _READ,
    "event_limit": _READ,
    "event_limit_state": _READ,
    "event_reroute": _READ,
    "event_step": _READ,
    "event_told": _READ,
    "hazard": _READ,
    "hazard_step": _READ,
    "import_batch": "SELECT, INSERT",
    "job": _READ,
    "job_log": _READ,
    "job_progress": _READ,
    "layer": _WRITE,
    "patrol_point": _READ,
    "plan": _WRITE,
    "policy_document": _READ,
    "reached_building": _READ,
    "reached_device": _READ,
    "reached_event": _READ,
    "risk_rating": _READ,
    "risk_rules": _WRITE,
    "role_right": _READ,
    "routing_exception": _READ,
    "service_point": _READ,
    "staff_phone": _WRITE,
    "staff_post": _WRITE,
    "whistle": _READ,
    "whistle_call": _READ,
    "working_calendar": _READ,
}
"""What the role has on each table and view; a table that is not here it cannot touch."""

_FEATURES_SEE = (
    f"GRANT USAGE ON SCHEMA public, ogc TO {FEATURES}",
    f"GRANT SELECT ON ogc.layer, ogc.plan, ogc.area TO {FEATURES}",
    "REVOKE EXECUTE ON FUNCTION ogc.areas_near FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION ogc.areas_near TO {FEATURES}",
)

_MAKE_ROLE = sa.text(f"""
DO $$
DECLARE
    role TEXT;
BEGIN
    FOR role IN SELECT unnest(ARRAY['{ACTOR}', '{READER}', '{FEATURES}']) LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN', role);
            EXCEPTION
                WHEN duplicate_object OR unique_violation THEN NULL;  -- another database was faster
            END;
        END IF;
    END LOOP;
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        BEGIN
            -- since PostgreSQL 16 whoever makes a role may give it away, but not act as it without this
            GRANT {ACTOR}, {FEATURES} TO CURRENT_USER;
        EXCEPTION
            WHEN insufficient_privilege THEN NULL;  -- an administrator has made the roles, and given them
        END;
    END IF;
    SET LOCAL ROLE {ACTOR};
    RESET ROLE;
    SET LOCAL ROLE {FEATURES};
    RESET ROLE;
END
$$""")  # noqa: S608 - a name of ours


# What PostGIS tells of the statistics of a table it tells whoever asks, of rows they may not see too.
_HIDE_STATISTICS = sa.text("""
DO $$
DECLARE
    told RECORD;
BEGIN
    FOR told IN
        SELECT oid::regprocedure AS name FROM pg_proc
        WHERE proname ~ '^_postgis_(stats|selectivity|join_selectivity)$' OR proname = 'st_estimatedextent'
    LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', told.name);
    END LOOP;
END
$$""")


def install_actor(connection: sa.Connection, table: RightsTable) -> None:
    """Make the role that accounts act under, with its privileges, and write down which role has which right.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction of the owner of the tables, which are those of this version.
    table : RightsTable
        The rights.

    Raises
    ------
    ConflictError
        The user of the database may not make roles, and the role is not there.
    """
    _make_role(connection)
    if connection.scalar(sa.text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")):
        connection.execute(_HIDE_STATISTICS)
    connection.execute(sa.text(f"GRANT USAGE ON SCHEMA public TO {ACTOR}, {READER}"))
    names = sorted({*metadata.tables, *TABLES})
    connection.execute(sa.text(f"REVOKE ALL ON {', '.join(names)} FROM {ACTOR}, {READER}"))
    connection.execute(sa.text(f"GRANT SELECT ON {', '.join(TABLES)} TO {READER}"))
    for name, privileges in TABLES.items():
        connection.execute(sa.text(f"GRANT {privileges} ON {name} TO {ACTOR}"))
    for grant in _FEATURES_SEE:
        connection.execute(sa.text(grant))
    if not rights_are_current(connection, table):
        connection.execute(sa.delete(role_right))
        connection.execute(sa.insert(role_right).values([*_rows(table)]))


def rights_are_current(connection: sa.Connection, table: RightsTable) -> bool:
    """Whether the database has the rights of this gisgov."""
    columns = (role_right.c.role, role_right.c.right, role_right.c.extent)
    stored = {tuple(row) for row in connection.execute(sa.select(*columns))}
    return stored == {(row["role"], row["right"], row["extent"]) for row in _rows(table)}


def _rows(table: RightsTable) -> Iterator[Mapping[str, str]]:
    for right in table.rights.values():
        for role in sorted(right.roles):
            yield {"role": role.value, "right": right.name, "extent": right.extent.value}


def _make_role(connection: sa.Connection) -> None:
    try:
        connection.execute(_MAKE_ROLE)
    except ProgrammingError as error:
        if not isinstance(error.orig, psycopg.errors.InsufficientPrivilege):
            raise
        user = connection.engine.url.username or "the user in GISGOV_DATABASE_URL"
        raise ConflictError(
            f"The database has no roles {ACTOR} and {FEATURES} for {user}, who may not make them.",
            hint=f"Let an administrator of the server run: CREATE ROLE {ACTOR} NOLOGIN; "
            f"CREATE ROLE {READER} NOLOGIN; CREATE ROLE {FEATURES} NOLOGIN; "
            f"GRANT {ACTOR}, {FEATURES} TO {user};",
        ) from error
