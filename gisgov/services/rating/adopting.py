"""Use case: put risk rules in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from gisgov.errors import InputError
from gisgov.services.access import require_everywhere
from gisgov.services.rating.rating import rate_all
from gisgov.services.rating.reports import RatingReport
from gisgov.services.rating.rules import RulesInfo, find_info, find_rules, rules_in_force
from gisgov.store import risk
from gisgov.store.acting import as_owner, who_acts
from gisgov.store.database import Database
from gisgov.types import Progress, silent


@dataclass(frozen=True, slots=True)
class RulesInForce:
    """What putting rules in force did.

    Attributes
    ----------
    rules : RulesInfo
        The rules, which are in force now.
    former : str or None
        Version that was in force until then; None where none was, or it was this one.
    rating : RatingReport
        The rating of all buildings that came with it.
    """

    rules: RulesInfo
    former: str | None
    rating: RatingReport


def put_in_force(
    database: Database,
    version: str,
    *,
    reason: str,
    today: date,
    timezone: ZoneInfo,
    progress: Progress = silent,
) -> RulesInForce:
    """Put rules in force and rate all buildings by them, in one transaction: nobody sees a mixture.

    Rules that were in force before may be put in force again. Those that are in force already stay what they
    are, with their day and reason; all buildings are rated once more.

    Parameters
    ----------
    database : Database
        Where the rules and buildings are.
    version : str
        Rules on record.
    reason : str
        Why, in words: the decision that they rest on. It is kept with them.
    today, timezone, progress
        See `gisgov.services.rating.rate_buildings`.

    Raises
    ------
    InputError
        The reason is blank.
    NotFoundError
        There is no such version.
    NotAllowed
        Whoever asks may not rate.
    """
    if not reason.strip():
        raise InputError(
            "Rules are put in force for a reason.",
            hint="Name the decision that they rest on.",
            field="reason",
        )
    with database.begin() as connection:
        require_everywhere(connection, "risk.rate")
        with as_owner(connection):
            risk.lock_ratings(connection)
            rules, former = find_rules(connection, version), rules_in_force(connection)
            is_other = former is None or former.version != version
            if is_other:
                risk.adopt_rules(connection, version, who_acts(connection), reason.strip())
            rating = rate_all(connection, rules, today=today, timezone=timezone, progress=progress)
            was = former.version if former is not None and is_other else None
            return RulesInForce(find_info(connection, version), was, rating)
