"""Use case: divide ground anew, or change the areas of a plan, as a proposal: nothing is stored yet."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from gisgov.errors import ConflictError, InputError
from gisgov.governance.redivision_policy import RedivisionPolicy
from gisgov.services.policies import patrols_per_year
from gisgov.services.redividing.attributes import Measured
from gisgov.services.redividing.codes import read_code_book
from gisgov.services.redividing.divisions import Division, make_areas
from gisgov.services.redividing.draft_names import draft_names, names_found
from gisgov.services.redividing.engine_words import in_codes
from gisgov.services.redividing.figures import (
    report_alternative,
    report_parents,
    report_two_balances,
)
from gisgov.services.redividing.problems import Problem, aims_of, pose
from gisgov.services.redividing.reports import AlternativeReport, RedivisionReport
from gisgov.services.redividing.requests import RedivisionRequest
from gisgov.services.redividing.territory import Territory, read_territory
from gisgov.store.database import Database
from gisgov.store.plans import content_sha256
from gisgov.types import Progress, silent
from gisgov.zoning import Aims, Redivision, alternatives, fewer_moved


def never() -> bool:
    """Tell that nobody cancels."""
    return False


@dataclass(frozen=True, slots=True, eq=False)
class Proposal:
    """Divisions of a ground, to look at and to store.

    Attributes
    ----------
    request : RedivisionRequest
        What was asked.
    problem : Problem
        The ground.
    divisions : tuple of Division
        The divisions, the first of them that of the seed itself.
    report : RedivisionReport
        Their figures.
    content_sha256 : str or None
        Digest of the plan that was started from, so that nobody's change to it is lost.
    """

    request: RedivisionRequest
    problem: Problem
    divisions: tuple[Division, ...]
    report: RedivisionReport
    content_sha256: str | None

    @property
    def stored(self) -> tuple[tuple[str, Division], ...]:
        """The drafts to store: their names, and what they hold."""
        found = zip(self.report.alternatives, self.divisions, strict=True)
        return tuple((one.plan, division) for one, division in found if one.plan is not None)


def propose_redivision(
    database: Database,
    request: RedivisionRequest,
    *,
    policy: RedivisionPolicy,
    today: date,
    timezone: ZoneInfo,
    configured_crs: str | None = None,
    unchanged_since: str | None = None,
    progress: Progress = silent,
    cancelled: Callable[[], bool] = never,
) -> Proposal:
    """Divide ground into areas of about equal load, and store nothing.

    Parameters
    ----------
    database : Database
        Where the blocks are.
    request : RedivisionRequest
        What is asked.
    policy : RedivisionPolicy
        Usual targets, visits due, prices of borders.
    today : datetime.date
        Today in the time zone of the place.
    timezone : zoneinfo.ZoneInfo
        Of the day that events of the last year end on.
    configured_crs : str, optional
        Plane to measure in, instead of the one chosen by place.
    unchanged_since : str, optional
        Digest that the plan which is started from must have, as when it was asked for.
    progress : Progress
        Told of each step and of each piece of ground.
    cancelled : callable
        Asked several times a second whether the result is still wanted.

    Raises
    ------
    NotFoundError
        There is no such plan, layer or scope.
    NameTaken
        A draft would have the name of a plan that there is.
    PlanPublished
        The plan to be divided in place is no draft.
    ConflictError
        The plan that is started from is not what it was.
    InputError, FileError, CrsError
        Something asked for cannot be used; the field says what.
    Infeasible
        What is to be kept contradicts itself or the ground.
    Cancelled
        ``cancelled`` said so.
    """
    began = time.monotonic()
    with database.begin() as connection:
        plans = draft_names(connection, request)
        (territory,) = progress(
            (
                read_territory(connection, request, today=today, configured_crs=configured_crs)
                for _ in range(1)
            ),
            label="reading the blocks",
        )
        digest = None if territory.source is None else content_sha256(connection, territory.source.id)
        if unchanged_since not in (None, digest):
            raise ConflictError(
                f"Plan {request.source!r} is not what it was when this was asked for.",
                hint="Look at it, and ask again.",
                field="plan",
            )
        present = () if territory.former is None else territory.former.areas.codes
        book = read_code_book(connection, territory.layer, present, request.code_digits)
        measured = Measured(territory.day, timezone, patrols_per_year(connection))
        (problem,) = progress(
            (pose(connection, request, territory, policy, measured) for _ in range(1)),
            label="finding the borders of blocks",
        )
    solutions = _solve(problem, request, progress, cancelled)
    divisions = tuple(
        make_areas(problem, solution, book) for solution in progress(solutions, label="making the areas")
    )
    plans = names_found(request, plans, len(divisions))
    report = _report(problem, request, divisions, plans, began)
    return Proposal(request, problem, divisions, report, digest)


def _solve(
    problem: Problem, request: RedivisionRequest, progress: Progress, cancelled: Callable[[], bool]
) -> tuple[Redivision, ...]:
    try:
        return alternatives(
            problem.blocks,
            problem.counted.counts,
            number=request.alternatives,
            rules=problem.constraints.rules(problem.chosen, len(problem.territory.blocks)),
            aims=_aims(problem, request),
            current=None if problem.present is None else problem.present.label,
            seed=request.seed,
            threads=request.threads,
            progress=progress,
            cancelled=cancelled,
        )
    except InputError as error:
        error.message = in_codes(problem, error.message)
        error.field = {"counts": "count"}.get(error.field or "", error.field)
        raise


def _aims(problem: Problem, request: RedivisionRequest) -> Aims:
    aims = aims_of(request.sought)
    return fewer_moved(aims) if problem.counted.by in ("one-more", "one-fewer") else aims


def _report(
    problem: Problem,
    request: RedivisionRequest,
    divisions: tuple[Division, ...],
    plans: tuple[str | None, ...],
    began: float,
) -> RedivisionReport:
    territory, sought = problem.territory, request.sought
    blocks = territory.blocks.chosen(problem.chosen)
    limits = divisions[0].solution.bounds
    return RedivisionReport(
        layer=territory.layer.name,
        layer_title_zh=territory.layer.title_zh,
        layer_title_en=territory.layer.title_en,
        scope_code=territory.scope_code,
        source=request.source,
        at=territory.day,
        rule=problem.rule,
        counted_by=problem.counted.by,
        band=sought.band,
        limit=sought.limit,
        effort=sought.effort,
        seed=request.seed,
        blocks=len(blocks),
        population=int(blocks.population.sum()),
        households=int(blocks.households.sum()),
        area_km2=round(float(blocks.area_m2.sum()) / 1e6, 6),
        load=round(float(problem.blocks.load.sum()), 6),
        areas=int(problem.counted.counts.sum()),
        areas_untouched=_untouched(territory, problem),
        parents=report_parents(problem, limits),
        least_moved_population=None if problem.present is None else limits.least_moved_population,
        two_balances=report_two_balances(problem, sought.limit),
        alternatives_asked=request.alternatives,
        alternatives=_alternatives(problem, request, divisions, plans),
        measured_in=territory.working.title,
        seconds=round(time.monotonic() - began, 3),
    )


def _alternatives(
    problem: Problem,
    request: RedivisionRequest,
    divisions: tuple[Division, ...],
    plans: tuple[str | None, ...],
) -> tuple[AlternativeReport, ...]:
    return tuple(
        report_alternative(problem, division, request.sought, number=number, plan=plan)
        for number, (division, plan) in enumerate(zip(divisions, plans, strict=True), start=1)
    )


def _untouched(territory: Territory, problem: Problem) -> int:
    former = territory.former
    if former is None or not former.is_current:
        return 0
    touched = set(former.area[problem.chosen].tolist()) - {-1}
    return len(former.areas) - len(touched)
