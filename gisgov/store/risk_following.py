"""Up to which change and for which day ratings followed what they rest on, and what is new since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import sqlalchemy as sa

from gisgov.store.changes import Version
from gisgov.store.directly import rows_of
from gisgov.store.packed import packed_rows
from gisgov.store.statements import statement

_CURSOR: Final = sa.text(
    "SELECT head.epoch, head.version, followed.epoch AS seen_epoch, followed.version AS seen, followed.day "
    "FROM change_head AS head LEFT JOIN risk_followed AS followed ON true"
)
_LOCK: Final = sa.text(
    "SELECT pg_try_advisory_xact_lock(hashtextextended('gisgov.risk.followed', 0)) AS is_ours"
)
_MOVE: Final = sa.text(
    "INSERT INTO risk_followed AS followed (epoch, version, day) VALUES (:epoch, :version, :day) "
    "ON CONFLICT (one) DO UPDATE SET epoch = excluded.epoch, version = excluded.version, day = excluded.day"
)


@dataclass(frozen=True, slots=True)
class Cursor:
    """What is, and what was followed; None where nothing ever was.

    Attributes
    ----------
    now : Version
        The state that the transaction sees.
    seen : Version or None
        The state that ratings followed.
    day : datetime.date or None
        The day for which they did.
    """

    now: Version
    seen: Version | None
    day: date | None


def cursor(connection: sa.Connection) -> Cursor:
    """Return what is, and what was followed."""
    (row,) = rows_of(connection, _CURSOR, {})
    seen = None if row.seen is None else Version(str(row.seen_epoch), row.seen)
    return Cursor(Version(str(row.epoch), row.version), seen, row.day)


def follow_alone(connection: sa.Connection) -> bool:
    """Whether nobody else follows until the transaction ends; otherwise somebody does just now."""
    return bool(rows_of(connection, _LOCK, {})[0].is_ours)


def move_cursor(connection: sa.Connection, to: Version, day: date) -> None:
    """Write down that ratings followed everything up to a state, for a day."""
    rows_of(connection, _MOVE, {"epoch": to.epoch, "version": to.number, "day": day})


def buildings_changed(connection: sa.Connection, seen: Version, now: Version) -> list[int] | None:
    """Return the buildings that changed otherwise than by a rating; None: any may have."""
    given = {"seen": seen.number, "now": now.number}
    (row,) = packed_rows(connection, statement("buildings_changed"), given)
    return None if row.is_any else row.ids or []


def buildings_overdue(connection: sa.Connection, first: date, after: date) -> list[int]:
    """Return the buildings with a hazard whose term ended from a day to before another."""
    given = {"first": first, "after": after}
    (row,) = packed_rows(connection, statement("buildings_overdue"), given)
    return row.ids or []


def all_buildings(connection: sa.Connection) -> list[int]:
    """Return the ids of all buildings."""
    (row,) = packed_rows(connection, statement("all_buildings"), {})
    return row.ids or []
