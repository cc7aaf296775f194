"""Use case: record hazards that were found, each with a result."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from gisgov.services.hazards.reports import HazardsTaken
from gisgov.services.hazards.taking import SentHazard, take_in
from gisgov.services.rating import rate_some
from gisgov.store.database import Database


def record_hazards(
    database: Database, source: str, sent: Sequence[SentHazard], *, today: date, timezone: ZoneInfo
) -> HazardsTaken:
    """Record hazards; sent again they change nothing, or are carried on to rectified and checked.

    Parameters
    ----------
    database : Database
        Where to, in the hands of whoever tells.
    source : str
        Who tells; source and id together are one hazard.
    sent : sequence of SentHazard
        They.
    today : datetime.date
        Nothing was found or done after it.
    timezone : zoneinfo.ZoneInfo
        Whose day that is.

    Returns
    -------
    HazardsTaken
        A result for each; one that is refused keeps no other from being taken. The buildings concerned are
        rated anew in the same transaction, if risk rules are in force.

    Raises
    ------
    InputError
        The source is blank.
    """
    with database.begin() as connection:
        items, concerned = take_in(connection, source, sent, today=today)
        rated = rate_some(connection, sorted(concerned), today=today, timezone=timezone)
    counts = [item.status for item in items]
    return HazardsTaken(
        created=counts.count("created"),
        changed=counts.count("changed"),
        known=counts.count("known"),
        refused=counts.count("refused"),
        rated=rated,
        items=items,
    )
