"""Who is at work in a draft at this moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from gisgov.store.directly import rows_of
from gisgov.store.statements import statement

PRESENT_S: Final = 60.0
"""Who told nothing for so long is not there any more."""

_OTHERS = sa.text("""
    SELECT account, doing, seen FROM draft_presence
    WHERE plan_id = :plan_id AND account <> :account AND seen > now() - make_interval(secs => :seconds)
    ORDER BY account""")


@dataclass(frozen=True, slots=True)
class Presence:
    """Somebody at work in a draft: what they say they do, and when they said so."""

    account: str
    doing: str | None
    seen: datetime


def be_present(connection: sa.Connection, plan_id: int, account: str, doing: str | None) -> None:
    """Note that an account is at work in a draft, as the service; what it did there before is forgotten."""
    given = {"plan_id": plan_id, "account": account, "doing": doing}
    rows_of(connection, statement("be_present"), given)


def others_present(connection: sa.Connection, plan_id: int, account: str) -> tuple[Presence, ...]:
    """Return who else is at work in a draft, by account."""
    given = {"plan_id": plan_id, "account": account, "seconds": PRESENT_S}
    return tuple(Presence(*row) for row in rows_of(connection, _OTHERS, given))
