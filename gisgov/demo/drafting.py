"""The next plan of the demo, begun: the busiest area is split, two quiet ones are merged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from fixtures.shipped import redivision_policy
from gisgov.demo.report import DraftSummary
from gisgov.services.areas import neighbours_of
from gisgov.services.comparing.comparing import compare_plans
from gisgov.services.editing.branching import branch_plan
from gisgov.services.editing.editing import edit_draft
from gisgov.services.editing.operations import Merge, Operation, Split
from gisgov.services.editing.reports import AreaFigures
from gisgov.services.editing.showing import show_draft
from gisgov.services.plans import list_plans
from gisgov.store.database import Database
from gisgov.types import Progress, silent


def draft_next(
    database: Database,
    *,
    layer: str,
    source: str,
    name: str,
    today: date,
    timezone: ZoneInfo,
    progress: Progress = silent,
) -> DraftSummary:
    """Begin the plan after the one in force; a draft that is there already stays as people left it.

    Parameters
    ----------
    database : Database
        Where it is.
    layer, source : str
        The layer, and its plan in force.
    name : str
        Name of the draft.
    today : datetime.date
        The day that the demo looks at.
    timezone : zoneinfo.ZoneInfo
        Where that day begins.
    progress : Progress
        Told how measuring advances.
    """
    if name not in {plan.name for plan in list_plans(database, layer)}:
        branch_plan(database, source, name, today=today, timezone=timezone, progress=progress)
        areas = show_draft(database, name, today=today, timezone=timezone).areas
        for operation in _operations(database, layer, areas, today):
            edit_draft(
                database,
                name,
                operation,
                seen=None,
                today=today,
                timezone=timezone,
                policy=redivision_policy(),
            )
    compared = compare_plans(database, source, name)
    return DraftSummary(
        plan=name,
        based_on=source,
        fates=compared.fates,
        people=compared.total.people,
        ground_km2=compared.total.ground_m2 / 1e6,
        open_events=compared.total.open_events or 0,
    )


def _operations(
    database: Database, layer: str, areas: Sequence[AreaFigures], today: date
) -> tuple[Operation, ...]:
    busiest = max(areas, key=_load)
    found: list[Operation] = [Split(busiest.code, parts=2)] if busiest.blocks > 1 else []
    for quiet in sorted(areas, key=_load):
        beside = {one.area.code for one in neighbours_of(database, quiet.code, layer=layer, at=today)}
        others = [
            one
            for one in areas
            if one.code in beside - {busiest.code} and one.parent_codes == quiet.parent_codes
        ]
        if quiet is not busiest and others:
            found.append(Merge((quiet.code, min(others, key=_load).code)))
            break
    return tuple(found)


def _load(area: AreaFigures) -> float:
    return area.load or 0.0
