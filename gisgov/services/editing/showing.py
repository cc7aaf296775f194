"""Use case: show a draft as it is: areas with their figures, problems, snapshots."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from gisgov.services.editing.answering import area_figures
from gisgov.services.editing.history import kind_of, redoable, undoable
from gisgov.services.editing.open_draft import describe, refuse_published
from gisgov.services.editing.preparing import prepared_plan
from gisgov.services.editing.problems import draft_problems
from gisgov.services.editing.rebasing import successor_name
from gisgov.services.editing.reports import AreaFigures, DraftProblem
from gisgov.services.editing.snapshots import Snapshot, told
from gisgov.services.plans import PlanInfo, plan_info
from gisgov.store.database import Database
from gisgov.store.drafts_snapshots import snapshots_of
from gisgov.store.layers import find_layer
from gisgov.types import Progress, silent


@dataclass(frozen=True, slots=True)
class DraftReport:
    """A draft as it is.

    Attributes
    ----------
    plan : PlanInfo
        What a list of plans shows of it.
    revision : int
        How often it was changed; the next operation names it.
    based_on : str or None
        Name of the plan that it began as.
    replaced_by : str or None
        Name of the plan that took the place of that one since; the draft can be rebased to it.
    areas : tuple of AreaFigures
        Its areas, by code.
    problems : tuple of DraftProblem
        What it has to be mended.
    snapshots : tuple of Snapshot
        Revisions that have a name.
    undoable, redoable : str or None
        Kind of the operation that undo would take back, and redo would do again.
    """

    plan: PlanInfo
    revision: int
    based_on: str | None
    replaced_by: str | None
    areas: tuple[AreaFigures, ...]
    problems: tuple[DraftProblem, ...]
    snapshots: tuple[Snapshot, ...]
    undoable: str | None
    redoable: str | None


def show_draft(
    database: Database,
    plan: str,
    *,
    today: date,
    timezone: ZoneInfo,
    progress: Progress = silent,
) -> DraftReport:
    """Show a draft.

    One that no operation changed yet has no figures; whoever may change it has them measured now.

    Raises
    ------
    NotFoundError
        There is no such plan.
    PlanPublished
        It is no draft.
    """
    with database.begin() as connection:
        found = prepared_plan(connection, plan, today=today, timezone=timezone, progress=progress)
        refuse_published(found)
        draft = describe(connection, found, today=today, timezone=timezone)
        return DraftReport(
            plan=plan_info(found),
            revision=draft.revision,
            based_on=found.based_on,
            replaced_by=successor_name(connection, draft),
            areas=area_figures(connection, found.id),
            problems=draft_problems(connection, found.id, find_layer(connection, found.layer)),
            snapshots=tuple(told(one) for one in snapshots_of(connection, found.id)),
            undoable=kind_of(connection, undoable(connection, found.id)),
            redoable=kind_of(connection, redoable(connection, found.id)),
        )
