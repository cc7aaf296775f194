"""Use cases: rate all buildings by the rules in force, or some of them; every rating is kept."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from datetime import date
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from gisgov.governance.risk import RiskRules
from gisgov.services.access import require_everywhere
from gisgov.services.rating.gathering import Rated, Tally, parts_of, rate_part, rated_ahead
from gisgov.services.rating.reports import RatingReport, counts_of_classes
from gisgov.services.rating.rules import find_rules, rules_in_force
from gisgov.store import ratings, risk, risk_facts
from gisgov.store.acting import as_owner
from gisgov.store.database import Database
from gisgov.types import Progress, silent


def rate_buildings(
    database: Database, *, today: date, timezone: ZoneInfo, progress: Progress = silent
) -> RatingReport:
    """Rate all buildings by the rules in force, in one transaction.

    A building whose class, points, reasons, facts and version of the rules stay keeps the time of its rating;
    another one gets a row of its history.

    Parameters
    ----------
    database : Database
        Where the buildings are.
    today : datetime.date
        Day of the rating: until which events count, and as of which hazards are overdue.
    timezone : zoneinfo.ZoneInfo
        Whose days.
    progress : Progress
        Told of the buildings done.

    Raises
    ------
    NotFoundError
        No rules are in force.
    NotAllowed
        Whoever asks may not rate.
    """
    with database.begin() as connection:
        require_everywhere(connection, "risk.rate")
        with as_owner(connection):
            risk.lock_ratings(connection)
            rules = find_rules(connection)
            return rate_all(connection, rules, today=today, timezone=timezone, progress=progress)


def rate_all(
    connection: sa.Connection,
    rules: RiskRules,
    *,
    today: date,
    timezone: ZoneInfo,
    progress: Progress = silent,
) -> RatingReport:
    """Rate all buildings inside a transaction that holds the lock of ratings, as the service itself.

    What they rest on is what is committed: this transaction may have changed rules, and nothing else.
    """
    tally, written = Tally(rules), 0
    parts = -(-risk.count_buildings(connection) // risk_facts.BATCH)
    with closing(rated_ahead(connection, rules, today=today, timezone=timezone)) as ahead:
        for rated in progress(ahead, label="rate buildings", total=parts):
            written += _write(connection, rules, rated)
            tally.add(connection, rated)
    return RatingReport(
        version=rules.version,
        is_example=rules.is_example,
        buildings=tally.after.total(),
        counts=counts_of_classes(tally.after),
        written=written,
        changes=tally.changes(),
        unknown=tally.unknown(),
        problems=tally.problems(),
    )


def rate_some(
    connection: sa.Connection, building_ids: Iterable[int], *, today: date, timezone: ZoneInfo
) -> int:
    """Rate some buildings by the rules in force: what follows of itself from a change of what they rest on.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside the transaction of that change, in whose hands does not matter. It waits for the lock of
        ratings, and keeps it.
    building_ids : iterable of int
        Which; those that there are not are left out.
    today, timezone
        See `rate_buildings`.

    Returns
    -------
    int
        How many are rated otherwise than before, or for other facts; 0 where no rules are in force.
    """
    parts = parts_of(building_ids)
    if not parts:
        return 0
    with as_owner(connection):
        risk.lock_ratings(connection)
        rules = rules_in_force(connection)
        if rules is None:
            return 0
        rated = (rate_part(connection, rules, ids, today=today, timezone=timezone) for ids in parts)
        return sum(_write(connection, rules, one) for one in rated)


def _write(connection: sa.Connection, rules: RiskRules, rated: Rated) -> int:
    return ratings.write_ratings(
        connection,
        rules.version,
        ratings.moment_of_rating(connection),
        rated.ids,
        rated.ratings.classes,
        rated.ratings.points,
        rated.ratings.reasons,
        [*rated.answers.values()],
    )
