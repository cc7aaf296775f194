"""Use cases: propose decisions for the defects of a plan, and apply them as a new draft."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import shapely
import sqlalchemy as sa

from gisgov.errors import ConflictError, NameTaken
from gisgov.geometry.crs import WGS84, parse_crs
from gisgov.geometry.measures import areas_m2
from gisgov.geometry.repair import Rule
from gisgov.geometry.snap import GRID_DEG
from gisgov.services.access import require_scope
from gisgov.services.checking import ask_stored
from gisgov.services.ground_files import GroundFile
from gisgov.services.repairing.applying import NOT_ACCEPTED, Applied, apply_table
from gisgov.services.repairing.cases import RepairCase, choice_of
from gisgov.services.repairing.judging import made_for_of_table
from gisgov.services.repairing.people import PeopleFile, people_of_file, people_of_plan
from gisgov.services.repairing.proposal_files import read_proposals, refuse_table
from gisgov.services.repairing.proposals import decision_words
from gisgov.services.repairing.proposing import RULES, ProposalReport, propose_repair
from gisgov.services.repairing.reports import RepairReport, outcomes, report
from gisgov.services.tolerances import ToleranceChoice
from gisgov.store.areas import AreaTable, areas_of_plan, put_areas
from gisgov.store.database import Database
from gisgov.store.imports import lock_name
from gisgov.store.plans import (
    StoredPlan,
    content_sha256,
    create_draft,
    find_plan,
    has_plan,
    sums_of_plan,
)
from gisgov.types import Json, Progress, silent


@dataclass(frozen=True, slots=True)
class PlanAsked:
    """A plan and what it is held against.

    Attributes
    ----------
    name : str
        Its name.
    at : datetime.date or None
        Its parents are those in force on this day; by default the day on which it came into force, ``today``
        for a draft.
    today : datetime.date or None
        By default what the database's clock says.
    scope : GroundFile or str or None
        What it is to cover instead of its own scope: an outline, or the code of an area of a layer above.
    """

    name: str
    at: date | None = None
    today: date | None = None
    scope: GroundFile | str | None = None


def propose_for_plan(
    database: Database,
    asked: PlanAsked,
    out: Path,
    *,
    rule: str = RULES[0],
    people: PeopleFile | None = None,
    tolerances: ToleranceChoice | None = None,
    progress: Progress = silent,
) -> ProposalReport:
    """Propose a decision for every defect of a plan, and write them as a table.

    Parameters
    ----------
    database : Database
        Where it is.
    asked : PlanAsked
        The plan.
    out : pathlib.Path
        The table to write (`gisgov.services.repairing.proposal_files.write_proposals`).
    rule : str
        One of `RULES`: who gets ground that several areas could have.
    people : PeopleFile, optional
        Where people are, for the rule of the nearest people; by default in the buildings of the database, or
        in its blocks.
    tolerances : ToleranceChoice, optional
        What is narrow or small.
    progress : Progress
        Told how the search advances.

    Raises
    ------
    NotFoundError
        There is no such plan or scope.
    ConflictError
        It is made of blocks.
    InputError
        It has no areas, the scope cannot be used, or nobody is counted where the rule needs people.
    FileError
        A file cannot be read or written.
    """
    began = time.monotonic()
    refuse_table(out)
    with database.begin() as connection:
        case, _ = _case(connection, asked, tolerances)
        who = None
        if people is not None:
            who = people_of_file(people, WGS84)
        elif rule == Rule.NEAREST_PEOPLE:
            who = people_of_plan(connection, case)
    return propose_repair(case, out, rule=rule, people=who, began=began, progress=progress)


def repair_plan(
    database: Database,
    asked: PlanAsked,
    proposals: Path,
    result: str,
    *,
    accept_all: bool = False,
    progress: Progress = silent,
) -> RepairReport:
    """Apply proposals to a plan as a new draft of the same layer and scope; the plan stays as it is.

    Codes, names, parents, counts and attributes are kept, and so is the staff, which serves the areas of a
    layer by their codes. New coordinates lie on the storage grid. Deleting the draft undoes the repair.

    Parameters
    ----------
    database : Database
        Where it is.
    asked : PlanAsked
        The plan, asked for as when the proposals were made.
    proposals : pathlib.Path
        The edited table.
    result : str
        Name of the draft.
    accept_all : bool
        Take rows that say neither yes nor no as accepted.
    progress : Progress
        Told of the checks and the decisions.

    Raises
    ------
    NotFoundError
        There is no such plan or scope.
    NameTaken
        A plan of the new name exists.
    ConflictError
        The plan is made of blocks, or the proposals were made for other content.
    RowsRefused
        The table has errors; nothing is done.
    FileError, InputError
        The table cannot be read or does not say what it was made for.
    """
    began = time.monotonic()
    table = read_proposals(proposals)
    made_for = made_for_of_table(table)
    choice = choice_of(made_for, table.name) if made_for else None
    with database.begin() as connection:
        lock_name(connection, "plan", result)
        if has_plan(connection, result):
            raise NameTaken(f"A plan is called {result!r} already.", hint="Choose another name with --as.")
        case, plan = _case(connection, asked, choice, for_change=True)
        if made_for:
            case.refuse_others(made_for, table.name)
        applied = apply_table(case, table, accept_all=accept_all, grid=GRID_DEG, progress=progress)
        _store(connection, plan, applied, result, proposals.name)
    return report(applied, result=result, written=(), seconds=time.monotonic() - began)


def _case(
    connection: sa.Connection,
    asked: PlanAsked,
    tolerances: ToleranceChoice | None,
    *,
    for_change: bool = False,
) -> tuple[RepairCase, StoredPlan]:
    plan = find_plan(connection, asked.name)
    require_scope(connection, "plans.draft", plan.scope_code)
    if for_change:
        plan = find_plan(connection, asked.name, for_change=True)
    blocks = sums_of_plan(connection, plan.id).blocks
    if blocks:
        raise ConflictError(
            f"Plan {plan.name!r} is made of {blocks:,} blocks, and its areas are what these cover.",
            hint="Move blocks between its areas instead: new borders would contradict them.",
        )
    day = asked.at or plan.valid_from or asked.today
    day = day or connection.scalars(sa.select(sa.func.current_date())).one()
    coverage = ask_stored(connection, plan, day=day, scope=asked.scope, tolerances=tolerances)
    areas = shapely.from_wkb(list(coverage.question.areas))
    return RepairCase(replace(coverage, question=replace(coverage.question, areas=areas))), plan


def _store(connection: sa.Connection, plan: StoredPlan, applied: Applied, name: str, proposals: str) -> None:
    """Write the areas after a repair as a new draft."""
    repaired = applied.repair.areas
    stored = areas_of_plan(connection, plan.id)
    kept = np.flatnonzero(~shapely.is_missing(repaired))
    changed = np.zeros(len(stored), dtype=np.bool_)
    changed[applied.repair.changed] = True
    measured = stored.area_m2.copy()
    redrawn = np.flatnonzero(changed & ~shapely.is_missing(repaired))
    measured[redrawn] = areas_m2(repaired[redrawn], parse_crs(plan.working_crs))
    geometries = stored.geometries.copy()
    geometries[redrawn] = repaired[redrawn]
    plan_id = create_draft(
        connection,
        name=name,
        layer_id=plan.layer_id,
        working_crs=plan.working_crs,
        scope_code=plan.scope_code,
        scope=_outline(plan, applied),
        source=_source(connection, plan, applied, proposals),
        author=plan.author,
        decision=plan.decision,
    )
    put_areas(
        connection,
        plan_id,
        AreaTable(
            codes=stored.codes[kept],
            names=stored.names[kept],
            parent_codes=[stored.parent_codes[i] for i in kept.tolist()],
            geometries=geometries[kept],
            area_m2=measured[kept],
            population=stored.population[kept],
            households=stored.households[kept],
            attributes=[stored.attributes[i] for i in kept.tolist()],
        ),
    )


def _outline(plan: StoredPlan, applied: Applied) -> shapely.Geometry | None:
    """Return the outline of the plan, with the vertices that areas have on it now."""
    is_own = plan.scope is not None and shapely.equals_exact(applied.case.question.scope, plan.scope, 0.0)
    return applied.repair.scope if is_own else plan.scope


def _source(connection: sa.Connection, plan: StoredPlan, applied: Applied, proposals: str) -> Json:
    """Say where the areas of the draft come from: the plan, the table, and all accepted decisions."""
    decided = [one for one in outcomes(applied) if one.why_not != NOT_ACCEPTED]
    return {
        "repaired": {
            "plan": plan.name,
            "content_sha256": content_sha256(connection, plan.id),
            "proposals": proposals,
            "scope": applied.case.asked.scope,
            "made_for": applied.case.made_for(),
            "decisions": [
                {
                    "number": one.number,
                    "key": one.key,
                    "decision": decision_words(one.decision, one.to),
                    "by": one.by,
                    "area_m2": one.area_m2,
                    **({} if one.done else {"why_not": one.why_not}),
                }
                for one in decided
            ],
        },
        **({"before": plan.source} if plan.source else {}),
    }
