"""Use case: store the divisions of a proposal as drafts, all in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import sqlalchemy as sa

from gisgov.errors import ConflictError, NameTaken
from gisgov.governance.redivision_policy import RedivisionPolicy
from gisgov.services.access import require_scope
from gisgov.services.redividing.divisions import Division
from gisgov.services.redividing.draft_names import refuse_published
from gisgov.services.redividing.proposing import Proposal, never, propose_redivision
from gisgov.services.redividing.reports import RedivisionReport
from gisgov.services.redividing.requests import RedivisionRequest
from gisgov.store.areas import AreaTable, delete_areas, put_areas
from gisgov.store.blocks import delete_assignments, put_assignments
from gisgov.store.database import Database
from gisgov.store.drafts_copying import base_on
from gisgov.store.drafts_in_place import written_in_place
from gisgov.store.imports import lock_name
from gisgov.store.plans import content_sha256, create_draft, find_plan, has_plan, update_draft
from gisgov.types import Ints, Json, Progress, silent


def redivide(
    database: Database,
    request: RedivisionRequest,
    *,
    policy: RedivisionPolicy,
    today: date,
    timezone: ZoneInfo,
    configured_crs: str | None = None,
    progress: Progress = silent,
    cancelled: Callable[[], bool] = never,
) -> RedivisionReport:
    """Divide ground anew and store what is to be kept as drafts; see `propose_redivision`.

    Raises
    ------
    ConflictError
        The draft that is divided in place was changed meanwhile.
    GisgovError
        See `propose_redivision`; nothing is stored then.
    """
    proposal = propose_redivision(
        database,
        request,
        policy=policy,
        today=today,
        timezone=timezone,
        configured_crs=configured_crs,
        progress=progress,
        cancelled=cancelled,
    )
    store_proposal(database, proposal, progress=progress)
    return proposal.report


def store_proposal(database: Database, proposal: Proposal, *, progress: Progress = silent) -> None:
    """Store the divisions that are to be kept, all or none of them.

    Raises
    ------
    NameTaken
        Somebody else made a plan of a name that was free.
    PlanPublished, ConflictError
        The draft that is divided in place was published or changed meanwhile.
    """
    with database.begin() as connection:
        for name, division in progress(proposal.stored, label="storing the drafts"):
            if proposal.request.in_place:
                _replace(connection, proposal, division)
            else:
                _create(connection, proposal, name, division)


def _create(connection: sa.Connection, proposal: Proposal, name: str, division: Division) -> None:
    territory, source = proposal.problem.territory, proposal.problem.territory.source
    lock_name(connection, "plan", name)
    if has_plan(connection, name):
        raise NameTaken(f"A plan is called {name!r} already.", hint="Choose another name.", field="plan")
    require_scope(connection, "plans.draft", territory.scope_code)
    plan_id = create_draft(
        connection,
        name=name,
        layer_id=territory.layer.id,
        working_crs=territory.working.name,
        scope_code=territory.scope_code,
        scope=None if source is None else source.scope,
        source=_source(proposal),
        author=proposal.request.author or (None if source is None else source.author),
    )
    if source is not None and source.status != "draft":
        base_on(connection, plan_id, source.id)
    put_areas(connection, plan_id, division.areas)
    _assign(connection, proposal, division, plan_id)
    former = territory.former
    if former is None or not former.is_current:
        return
    rest = _untouched(proposal)
    put_areas(connection, plan_id, former.areas.chosen(rest))
    if former.of_blocks:
        other = np.flatnonzero(np.isin(former.area, rest))
        codes = former.areas.codes[former.area[other]].tolist()
        put_assignments(connection, plan_id, territory.blocks.ids[other].tolist(), codes)


def _replace(connection: sa.Connection, proposal: Proposal, division: Division) -> None:
    require_scope(connection, "plans.draft", find_plan(connection, proposal.request.plan).scope_code)
    plan = find_plan(connection, proposal.request.plan, for_change=True)
    refuse_published(plan)
    if content_sha256(connection, plan.id) != proposal.content_sha256:
        raise ConflictError(
            f"Draft {plan.name!r} was changed while it was divided.", hint="Ask again.", field="plan"
        )
    with written_in_place(connection, plan.id, parameters={"by": "redivision"}):
        _write_over(connection, proposal, division, plan.id)
    values: Json = {"source": {**_source(proposal), **({"before": plan.source} if plan.source else {})}}
    if proposal.request.author is not None:
        values["author"] = proposal.request.author
    update_draft(connection, plan.id, values)


def _write_over(connection: sa.Connection, proposal: Proposal, division: Division, plan_id: int) -> None:
    former = proposal.problem.territory.former
    if former is not None:
        touched = np.setdiff1d(np.arange(len(former.areas)), _untouched(proposal))
        codes = former.areas.codes[touched].tolist()
        delete_assignments(connection, plan_id, codes)
        delete_areas(connection, plan_id, sorted(set(codes) - set(division.areas.codes)))
    put_areas(connection, plan_id, division.areas)
    _assign(connection, proposal, division, plan_id)


def _assign(connection: sa.Connection, proposal: Proposal, division: Division, plan_id: int) -> None:
    ids = proposal.problem.territory.blocks.ids[proposal.problem.chosen]
    put_assignments(connection, plan_id, ids.tolist(), _codes(division.areas, division.solution.labels))


def _codes(areas: AreaTable, labels: Ints) -> list[str]:
    codes: list[str] = areas.codes[labels].tolist()
    return codes


def _untouched(proposal: Proposal) -> Ints:
    """Return the numbers of the former areas that have no block among those divided."""
    former = proposal.problem.territory.former
    if former is None:
        return np.zeros(0, dtype=np.int64)
    return np.setdiff1d(np.arange(len(former.areas)), former.area[proposal.problem.chosen])


def _source(proposal: Proposal) -> Json:
    """Say where the areas of a draft come from."""
    report = proposal.report
    return {
        "kind": "redivision",
        **(
            {}
            if report.source is None
            else {"plan": report.source, "content_sha256": proposal.content_sha256}
        ),
        "at": report.at.isoformat(),
        "rule": [asdict(term) for term in report.rule],
        "counted_by": report.counted_by,
        "blocks": report.blocks,
        "seed": report.seed,
        "effort": report.effort,
    }
