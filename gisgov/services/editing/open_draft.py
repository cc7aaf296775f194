"""A draft that is opened to be changed: locked until the transaction ends, with all that figures go by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from gisgov.errors import InputError, PlanPublished
from gisgov.geometry.crs import CoordinateSystem, parse_crs
from gisgov.governance.layers import LoadTerm, Targets
from gisgov.governance.profiles import parse_targets
from gisgov.governance.redivision_policy import RedivisionPolicy
from gisgov.governance.workload import load_rule
from gisgov.services.access import require_scope
from gisgov.services.policies import patrols_per_year
from gisgov.store.drafts import draft_row
from gisgov.store.layers import StoredLayer, find_layer
from gisgov.store.plans import StoredPlan, find_plan

RIGHT = "plans.draft"


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """A draft inside the transaction that changes it.

    Attributes
    ----------
    plan : StoredPlan
        The draft.
    layer : StoredLayer
        Its layer.
    revision : int
        How often it was changed.
    based_on : int or None
        Id of the plan that it began as.
    working : CoordinateSystem
        Plane to measure in.
    targets : Targets or None
        What its areas aim at.
    rule : tuple of LoadTerm
        What their load is made of; empty where the layer sets no targets, and nothing is known of loads.
    day : datetime.date
        Areas of the layer above are those in force on this day; events of the year before it count.
    timezone : zoneinfo.ZoneInfo
        Where that day begins.
    policy : RedivisionPolicy or None
        What a re-division goes by; None where the caller gave none.
    """

    plan: StoredPlan
    layer: StoredLayer
    revision: int
    based_on: int | None
    working: CoordinateSystem
    targets: Targets | None
    rule: tuple[LoadTerm, ...]
    day: date
    timezone: ZoneInfo
    policy: RedivisionPolicy | None = None
    visits_per_year: Mapping[str, int] = field(default_factory=dict)

    @property
    def id(self) -> int:
        """Id of the plan."""
        return self.plan.id


def open_draft(
    connection: sa.Connection,
    name: str,
    *,
    today: date,
    timezone: ZoneInfo,
    policy: RedivisionPolicy | None = None,
) -> OpenDraft:
    """Open a draft to change it: nobody else changes it until the transaction ends.

    Raises
    ------
    NotFoundError
        There is no such plan.
    NotAllowed
        The right to draft is not held in its scope.
    PlanPublished
        It is no draft any more.
    """
    require_scope(connection, RIGHT, find_plan(connection, name).scope_code)
    plan = find_plan(connection, name, for_change=True)
    refuse_published(plan)
    return describe(connection, plan, today=today, timezone=timezone, policy=policy)


def refuse_published(plan: StoredPlan) -> None:
    """Refuse to change a plan that is no draft.

    Raises
    ------
    PlanPublished
        It is none.
    """
    if plan.status != "draft":
        raise PlanPublished(
            f"Plan {plan.name!r} is {plan.status} and is not changed any more.",
            hint=f"Branch it: `gisgov draft branch {plan.name} NAME` makes a draft of it.",
        )


def describe(
    connection: sa.Connection,
    plan: StoredPlan,
    *,
    today: date,
    timezone: ZoneInfo,
    policy: RedivisionPolicy | None = None,
) -> OpenDraft:
    """Return what figures of a plan go by, without locking it."""
    row = draft_row(connection, plan.id)
    layer = find_layer(connection, plan.layer)
    targets = None if layer.targets is None else parse_targets(layer.targets)
    return OpenDraft(
        plan=plan,
        layer=layer,
        revision=row.revision,
        based_on=row.based_on,
        working=parse_crs(plan.working_crs),
        targets=targets,
        rule=_rule(targets),
        day=today,
        timezone=timezone,
        policy=policy,
        visits_per_year=patrols_per_year(connection),
    )


def _rule(targets: Targets | None) -> tuple[LoadTerm, ...]:
    try:
        return load_rule(targets)
    except InputError:  # nothing weighs: the layer says what an area is, but not how much
        return ()
