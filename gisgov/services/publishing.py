"""Use cases: put a plan into force, and end its validity."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from gisgov.errors import ConflictError, DefectsFound, InputError, PlanPublished, ValidityOverlap
from gisgov.governance.defects import DefectTitle
from gisgov.governance.layers import LayerKind
from gisgov.services.access import require_own_areas, require_scope
from gisgov.services.checking import CheckReport, check_stored
from gisgov.services.days import local_day
from gisgov.services.defect_reports import NOTICES, counted
from gisgov.services.joining import LayerJoin, layer_join
from gisgov.services.plans import PlanInfo, plan_info
from gisgov.services.shared_ground import SharedGround, shared_ground
from gisgov.store import joining, plans, succession
from gisgov.store.acting import as_owner
from gisgov.store.database import Database
from gisgov.types import Json, Progress, silent

_PUBLISH: Final = "plans.publish"


@dataclass(frozen=True, slots=True)
class PlanPublication:
    """What publishing a plan did.

    Attributes
    ----------
    plan : PlanInfo
        The plan as it now is.
    replaced : str or None
        Name of the plan whose validity ended on the day this one begins.
    content_sha256 : str
        Digest of its areas.
    defects : dict
        Number of defects of every kind that was looked for; vertex mismatches among them are notices.
    certified : bool
        Whether it is proved that its areas cover its scope exactly once.
    proof : str
        The same in words, or why nothing is proved.
    accepted_because : str or None
        Reason for publishing it with defects.
    events, buildings : LayerJoin or None
        Those that found an area, or became orphans; None for an overlay, which owns nothing.
    """

    plan: PlanInfo
    replaced: str | None
    content_sha256: str
    defects: dict[str, int]
    certified: bool
    proof: str
    accepted_because: str | None
    events: LayerJoin | None
    buildings: LayerJoin | None


def publish_plan(
    database: Database,
    name: str,
    *,
    valid_from: date,
    valid_to: date | None = None,
    decision: str | None = None,
    author: str | None = None,
    accept_defects: str | None = None,
    timezone: ZoneInfo,
    progress: Progress = silent,
) -> PlanPublication:
    """Check a draft and put it into force, all in one transaction.

    The plan of the same layer and scope that was open-ended until now ends on the day this one begins.
    Events and buildings that no area of the layer owns yet are joined to it; what has an owner keeps it.

    Parameters
    ----------
    database : Database
        Where it is.
    name : str
        A draft.
    valid_from : datetime.date
        First day in force.
    valid_to : datetime.date, optional
        First day no longer in force; open-ended by default.
    decision, author : str, optional
        The decision that it rests on, and who made it; what the draft says of them by default.
    accept_defects : str, optional
        Reason for publishing it although it has defects; recorded with their counts. An inherited network
        may have to be in force before it can be repaired.
    timezone : zoneinfo.ZoneInfo
        Its calendar says on which day an event happened, and which day is today.
    progress : Progress
        Told how the check advances.

    Returns
    -------
    PlanPublication
        What was done.

    Raises
    ------
    NotFoundError
        There is no such plan.
    NotAllowed
        The right to publish is not held in its scope, or areas of it lie elsewhere than in that.
    PlanPublished
        It is published or retired already.
    InputError
        It has no areas, the validity is empty, or the reason is blank.
    ValidityOverlap
        Another plan of the layer and scope is in force in that time and cannot simply end, or one of
        another scope holds more than half of one of its areas.
    DefectsFound
        It has faults, or covers ground along the border of another scope's plan, and no reason was given
        to accept them; the message counts them. Vertex mismatches do not keep it from being published.
    """
    if valid_to is not None and valid_to <= valid_from:
        raise InputError(f"A plan cannot be in force from {valid_from} to {valid_to}.", field="valid_to")
    if accept_defects is not None and not accept_defects.strip():
        raise InputError("The reason for accepting defects is blank.", field="accept_defects")
    with database.begin() as connection, _allowed(connection, name):
        plan = _locked_draft(connection, name)
        report = check_stored(connection, plan, day=valid_from, progress=progress)
        if not report.clean and accept_defects is None:
            raise DefectsFound(
                f"Plan {name!r} has {counted(report.counts)}.",
                hint=f"`gisgov check {name}` shows them; --accept-defects REASON publishes it all the same.",
            )
        require_own_areas(connection, _PUBLISH, plan.id, outside=report.counts.get(DefectTitle.OUTSIDE, 0))
        former = _predecessor(connection, plan, valid_from, valid_to)
        shared = shared_ground(connection, plan, valid_from, valid_to)
        _refuse_doubled(plan, shared, accept_defects)
        if former is not None:
            succession.set_retired(connection, former.id, valid_from)
        sound = report.clean and not shared
        reason = accept_defects.strip() if accept_defects is not None and not sound else None
        digest = succession.set_published(
            connection,
            plan.id,
            valid_from=valid_from,
            valid_to=valid_to,
            decision=decision,
            author=author,
            accepted_defects=_accepted(report, shared, reason),
            certificate=_certificate(report),
        )
        events, buildings = _join(connection, plan, timezone)
        return PlanPublication(
            plan=plan_info(plans.find_plan(connection, name)),
            replaced=former.name if former else None,
            content_sha256=digest,
            defects=report.counts,
            certified=report.certified,
            proof=report.proof,
            accepted_because=reason,
            events=events,
            buildings=buildings,
        )


def retire_plan(database: Database, name: str, *, valid_to: date, timezone: ZoneInfo) -> PlanInfo:
    """End the validity of a published plan, without another to follow it.

    Parameters
    ----------
    database : Database
        Where it is.
    name : str
        A published plan.
    valid_to : datetime.date
        First day no longer in force.
    timezone : zoneinfo.ZoneInfo
        Its calendar says which day is today, on which buildings lose an owner that is not in force.

    Raises
    ------
    NotFoundError
        There is no such plan.
    NotAllowed
        The right to retire plans is not held in its scope.
    ConflictError
        It is a draft.
    PlanPublished
        It is retired already.
    InputError
        The day is not within its validity.
    """
    with database.begin() as connection, _allowed(connection, name):
        plan = plans.find_plan(connection, name)
        succession.lock_succession(connection, plan.layer_id)
        plan = plans.find_plan(connection, name, for_change=True)
        if plan.status == "draft":
            raise ConflictError(
                f"Plan {name!r} is a draft and was never in force.", hint="Delete it instead."
            )
        if plan.status == "retired":
            raise PlanPublished(f"Plan {name!r} is retired already, from {plan.valid_to} on.")
        begins_before = plan.valid_from is not None and plan.valid_from < valid_to
        if not begins_before or (plan.valid_to is not None and valid_to > plan.valid_to):
            raise InputError(
                f"Plan {name!r} is in force from {plan.valid_from} to {plan.valid_to or 'open end'}; "
                f"{valid_to} does not end it.",
                field="valid_to",
            )
        succession.set_retired(connection, plan.id, valid_to)
        joining.join_buildings(connection, day=local_day(None, timezone), layer_id=plan.layer_id)
        return plan_info(plans.find_plan(connection, name))


@contextmanager
def _allowed(connection: sa.Connection, name: str) -> Iterator[None]:
    """Let the block change a plan's place in time, as the service: no account may do that by SQL.

    Raises
    ------
    NotFoundError
        Whoever acts sees no such plan.
    NotAllowed
        Their right does not reach its scope.
    """
    require_scope(connection, _PUBLISH, plans.find_plan(connection, name).scope_code)
    with as_owner(connection):
        yield


def _locked_draft(connection: sa.Connection, name: str) -> plans.StoredPlan:
    plan = plans.find_plan(connection, name)
    succession.lock_succession(connection, plan.layer_id)
    plan = plans.find_plan(connection, name, for_change=True)
    if plan.status != "draft":
        raise PlanPublished(
            f"Plan {name!r} is {plan.status} already.", hint="Make a new draft to change the layer."
        )
    return plan


def _predecessor(
    connection: sa.Connection, plan: plans.StoredPlan, valid_from: date, valid_to: date | None
) -> plans.StoredPlan | None:
    """Return the open-ended plan that is to end on ``valid_from``; None where none is in the way."""
    others = succession.plans_in_the_way(connection, plan.layer_id, plan.scope_code, valid_from, valid_to)
    if not others:
        return None
    first = others[0]
    # an open-ended one leaves no room for others behind it
    if first.valid_to is None and first.valid_from is not None and first.valid_from < valid_from:
        return first
    raise ValidityOverlap(
        f"Plan {first.name!r} of layer {plan.layer!r} is in force from {first.valid_from} to "
        f"{first.valid_to or 'open end'}.",
        hint="Choose a validity that does not meet it; only an open-ended plan that began earlier gives way.",
    )


def _refuse_doubled(
    plan: plans.StoredPlan, shared: tuple[SharedGround, ...], accept_defects: str | None
) -> None:
    """Let no place have two owners; flaws along the border with another scope may be accepted."""
    for other in shared:
        words = (
            f"Plan {plan.name!r} covers {other.area_m2:,.0f} m² of plan {other.plan!r} of the same layer, "
            f"which is in force from {other.valid_from} to {other.valid_to or 'open end'}"
        )
        if other.doubled:
            raise ValidityOverlap(
                f"{words}; {len(other.doubled)} of its areas are in force there already.",
                hint="Choose another validity, or end that one first: "
                f"`gisgov plan retire {other.plan} --to DATE`.",
            )
        if accept_defects is None:
            raise DefectsFound(
                f"{words}.",
                hint="Mend the border between them; --accept-defects REASON publishes it all the same.",
            )


def _accepted(report: CheckReport, shared: tuple[SharedGround, ...], reason: str | None) -> Json | None:
    if reason is None:
        return None
    return {
        "reason": reason,
        "scope": report.scope,
        "counts": report.counts,
        "ground_m2": report.ground_m2,
        "shared_ground_m2": {other.plan: round(other.area_m2, 3) for other in shared},
    }


def _certificate(report: CheckReport) -> Json:
    return {
        "certified": report.certified,
        "figure": report.certificate,
        "proof": report.proof,
        "scope": report.scope,
        "tolerances": report.tolerances,
        "notices": {kind: count for kind, count in report.counts.items() if kind in NOTICES},
        "below": report.below,
    }


def _join(
    connection: sa.Connection, plan: plans.StoredPlan, timezone: ZoneInfo
) -> tuple[LayerJoin | None, LayerJoin | None]:
    if plan.layer_kind != LayerKind.PARTITION:
        return None, None
    today = local_day(None, timezone)
    events = joining.join_events(connection, timezone=timezone, layer_id=plan.layer_id)
    buildings = joining.join_buildings(connection, day=today, layer_id=plan.layer_id)
    return layer_join(events[0]), layer_join(buildings[0])
