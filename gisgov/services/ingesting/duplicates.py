"""Use case: what may have been reported twice; people decide, by the step ``merge``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gisgov.governance.routing import RoutingPolicy
from gisgov.services.loop.writing import unknown_event
from gisgov.services.policies import policy_in_force
from gisgov.store import duplicates as store
from gisgov.store.database import Database
from gisgov.store.event_rows import is_seen


@dataclass(frozen=True, slots=True)
class LikelyDuplicate:
    """An open event that may be the same.

    Attributes
    ----------
    event_id : int
        Which.
    source, external_id : str
        Who told of it, and its id there.
    category : str or None
        Code of the item of the register, the same for both.
    state : str
        How far it has come.
    occurred_at : datetime.datetime
        When it happened.
    description : str or None
        What happened.
    distance_m : float
        Metres between the two.
    hours_apart : float
        Hours between the two.
    """

    event_id: int
    source: str
    external_id: str
    category: str | None
    state: str
    occurred_at: datetime
    description: str | None
    distance_m: float
    hours_apart: float


@dataclass(frozen=True, slots=True)
class LikelyDuplicates:
    """Open events that may be the same as one.

    Attributes
    ----------
    event_id : int
        The one.
    within_m, within_hours : float
        How near they are in space and time, as the policy of routing has it.
    proposals : tuple of LikelyDuplicate
        The nearest first; of those that whoever asks may see.
    """

    event_id: int
    within_m: float
    within_hours: float
    proposals: tuple[LikelyDuplicate, ...]


def likely_duplicates(database: Database, event_id: int) -> LikelyDuplicates:
    """Propose open events that may be the same as one: of one item, near in space and time.

    Parameters
    ----------
    database : Database
        In the hands of whoever asks.
    event_id : int
        The event.

    Raises
    ------
    EventUnknown
        There is no such event where whoever asks may see events.
    """
    with database.begin() as connection:
        if not is_seen(connection, event_id):
            raise unknown_event(event_id)
        policy: RoutingPolicy = policy_in_force(connection, "routing")
        rule = policy.duplicates
        near = store.duplicates_near(
            connection, event_id, within_m=rule.within_m, within_hours=rule.within_hours, most=rule.most
        )
    proposals = tuple(
        LikelyDuplicate(
            event_id=one.id,
            source=one.source,
            external_id=one.external_id,
            category=one.category_code,
            state=one.state,
            occurred_at=one.occurred_at,
            description=one.description,
            distance_m=round(one.metres, 1),
            hours_apart=round(one.hours, 2),
        )
        for one in near
    )
    return LikelyDuplicates(event_id, rule.within_m, rule.within_hours, proposals)
