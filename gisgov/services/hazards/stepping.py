"""Use case: take a step with a hazard: rectify, check, send back, extend."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from gisgov.governance.hazards import HazardStep, take
from gisgov.services.access import require_building
from gisgov.services.hazards.reading import seen_hazard
from gisgov.services.hazards.reports import HazardInfo, info_of
from gisgov.services.hazards.taking import right_for
from gisgov.services.rating import rate_some
from gisgov.store.acting import as_owner
from gisgov.store.database import Database
from gisgov.store.hazards import Taken, hazard_locked, settle_hazards


def take_hazard_step(
    database: Database, hazard_id: int, step: HazardStep, *, today: date, timezone: ZoneInfo
) -> HazardInfo:
    """Take a step with a hazard, and rate its building anew.

    Parameters
    ----------
    database : Database
        Where it is, in the hands of whoever does it.
    hazard_id : int
        Which.
    step : HazardStep
        What is done.
    today : datetime.date
        Nothing was done after it.
    timezone : zoneinfo.ZoneInfo
        Whose day that is.

    Raises
    ------
    NotFoundError
        There is no such hazard where whoever acts may see buildings.
    NotAllowed
        They may not do that there.
    ConflictError
        The hazard is not where such a step begins; the message names those that are possible.
    InputError
        The day, the reason or the term cannot be.
    """
    with database.begin() as connection:
        building_id = seen_hazard(connection, hazard_id)["building_id"]
        require_building(connection, right_for(step.action), building_id)
        with as_owner(connection):
            known = hazard_locked(connection, hazard_id)
            standing = take(known.standing, step, today=today)
            settle_hazards(connection, [Taken(known, (step,), standing)])
            rate_some(connection, [building_id], today=today, timezone=timezone)
        return info_of(seen_hazard(connection, hazard_id), today)
