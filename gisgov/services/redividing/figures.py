"""The figures of a re-division, per area, per parent and in all."""

from __future__ import annotations

from typing import Any

import numpy as np

from gisgov.governance.lineage import AreaOrigin
from gisgov.governance.obstacles import ObstacleTitle, obstacle_sentence
from gisgov.governance.titles import Language
from gisgov.governance.workload import LoadAttribute
from gisgov.services.redividing.divisions import Division
from gisgov.services.redividing.problems import Problem
from gisgov.services.redividing.reports import (
    AlternativeReport,
    AreaReport,
    AreaSource,
    DivisionFigures,
    ObstacleReport,
    ParentReport,
)
from gisgov.services.redividing.requests import Sought
from gisgov.types import Floats
from gisgov.zoning import Bounds, Obstacle, ObstacleKind, two_balances

_PLACES = 6


def report_alternative(
    problem: Problem, division: Division, sought: Sought, *, number: int, plan: str | None
) -> AlternativeReport:
    """Return the figures of one division."""
    order = np.argsort(division.areas.codes.astype(str), kind="stable").tolist()
    return AlternativeReport(
        number=number,
        plan=plan,
        figures=_figures(problem, division, sought),
        areas=tuple(_area(problem, division, i) for i in order),
        obstacles=tuple(
            report_obstacle(problem, one, division.areas.codes.tolist())
            for one in division.solution.obstacles
        ),
    )


def report_parents(problem: Problem, limits: Bounds) -> tuple[ParentReport, ...]:
    """Return the figures of each parent, by code."""
    parents = problem.parents
    both = _two_balances(problem)
    before = None if problem.present is None else problem.present.counts(len(parents.codes))
    return tuple(
        ParentReport(
            code=str(parents.codes[i]),
            name=str(problem.parent_names[i]),
            blocks=int(parents.blocks[i]),
            population=int(parents.population[i]),
            area_km2=_rounded(parents.area_m2[i] / 1e6),
            load=_rounded(parents.load[i]),
            areas=int(problem.counted.counts[i]),
            by_rule=int(problem.counted.by_rule[i]),
            areas_before=None if before is None else int(before[i]),
            rounding_deviation=_rounded(np.nan_to_num(limits.nesting_deviation[i])),
            giant_block_deviation=_rounded(limits.giant_block_deviation[i]),
            two_balances_deviation=None if both is None else _rounded(both[i]),
            parts=int(limits.parts[i]),
        )
        for i in range(len(parents.codes))
    )


def report_two_balances(problem: Problem, limit: float) -> ObstacleReport | None:
    """Tell of the parent where people and ground can least be kept to their targets at once.

    None where the load is not made of both, or all parents could keep to the limit.
    """
    both = _two_balances(problem)
    if both is None or both.max() <= limit:
        return None
    worst = int(both.argmax())
    return report_obstacle(
        problem, Obstacle(ObstacleKind.TWO_BALANCES, float(both[worst]), limit, parent=worst), []
    )


def report_obstacle(problem: Problem, obstacle: Obstacle, codes: list[str]) -> ObstacleReport:
    """Tell of an obstacle; ``codes`` are those of the areas, in the order of the engine."""
    kind = ObstacleTitle(obstacle.kind.value)
    parent = int(obstacle.parent)
    code = None if parent < 0 else str(problem.parents.codes[parent])
    area = codes[obstacle.area] if obstacle.area >= 0 else None
    block = _block(problem, obstacle, kind)

    def sentence(language: Language) -> str:
        return obstacle_sentence(
            kind,
            language,
            value=float(obstacle.value),
            needed=float(obstacle.needed),
            parent=_called(problem, parent, language),
            area=area or "",
            block=block or "",
        )

    return ObstacleReport(
        kind=kind,
        parent=code,
        area=area,
        block=block,
        value=_rounded(obstacle.value),
        needed=_rounded(obstacle.needed),
        sentence_zh=sentence("zh"),
        sentence_en=sentence("en"),
    )


def _called(problem: Problem, parent: int, language: Language) -> str:
    """Return what a parent is called; one that stands for all ground of a layer has neither name nor code."""
    known = "" if parent < 0 else str(problem.parent_names[parent] or problem.parents.codes[parent])
    return known or ("整个范围" if language == "zh" else "the whole ground")


def _block(problem: Problem, obstacle: Obstacle, kind: ObstacleTitle) -> str | None:
    if obstacle.block < 0:
        return None
    number = obstacle.block
    if kind is ObstacleTitle.TOGETHER_IN_PIECES:  # there it is the group
        number = int(np.flatnonzero(problem.constraints.together[problem.chosen] == number)[0])
    return str(problem.territory.blocks.codes[problem.chosen[number]])


def _figures(problem: Problem, division: Division, sought: Sought) -> DivisionFigures:
    found = division.solution.figures
    off = np.abs(np.nan_to_num(found.deviation))
    people, blocks = _moved(problem, division)
    everybody = int(problem.blocks.population.sum())
    return DivisionFigures(
        areas=len(found),
        several_parts=int((found.parts > 1).sum()),
        within_band=_rounded(found.share_within(sought.band)),
        within_limit=_rounded(found.share_within(sought.limit)),
        mean_deviation=_rounded(off.mean()),
        largest_deviation=_rounded(off.max()),
        mean_polsby_popper=_rounded(np.nanmean(found.polsby_popper)),
        least_polsby_popper=_rounded(np.nanmin(found.polsby_popper)),
        cut_km=_rounded(found.cut_m / 1e3),
        inner_cut_km=_rounded(found.inner_cut_m / 1e3),
        along_streets=_share(found.major_cut_m, found.cut_m) if problem.knows_borders else None,
        kept_areas=sum(one is AreaOrigin.KEPT for one in division.lineage.origin),
        moved_population=people,
        moved_blocks=blocks,
        moved_share=None if people is None else _rounded(people / max(everybody, 1)),
    )


def _moved(problem: Problem, division: Division) -> tuple[int | None, int | None]:
    """Return how many people and blocks are in an area of another code than before."""
    former = problem.territory.former
    if former is None or not former.is_current:
        return None, None
    before = former.area[problem.chosen]
    moved = (before >= 0) & (division.lineage.keeps[division.solution.labels] != before)
    return int(problem.blocks.population[moved].sum()), int(moved.sum())


def _area(problem: Problem, division: Division, i: int) -> AreaReport:
    areas, found, former = division.areas, division.solution.figures, problem.territory.former
    deviation = float(found.deviation[i])
    sources = [] if former is None else division.lineage.sources[i]
    return AreaReport(
        code=areas.codes[i],
        name=areas.names[i],
        parent_codes=areas.parent_codes[i],
        origin=division.lineage.origin[i],
        sources=tuple(
            AreaSource(former.areas.codes[number], _rounded(share))
            for number, share in sources
            if former is not None
        ),
        blocks=int(found.blocks[i]),
        population=areas.population[i],
        households=areas.households[i],
        area_km2=_rounded(areas.area_m2[i] / 1e6),
        load=_rounded(found.load[i]),
        deviation=None if np.isnan(deviation) else _rounded(deviation),
        polsby_popper=_rounded(found.polsby_popper[i]),
        along_streets=_share(found.major_m[i], found.border_m[i]) if problem.knows_borders else None,
        parts=int(found.parts[i]),
    )


def _two_balances(problem: Problem) -> Floats | None:
    targets = {term.attribute: term.target for term in problem.rule}
    people, ground = LoadAttribute.POPULATION.value, LoadAttribute.AREA_KM2.value
    if people not in targets or ground not in targets:
        return None
    return two_balances(
        problem.parents.population,
        problem.parents.area_m2,
        target_population=targets[people],
        target_area_km2=targets[ground],
    )


def _share(part: float, whole: float) -> float | None:
    return _rounded(part / whole) if whole > 0 else None


def _rounded(value: float | np.floating[Any]) -> float:
    """Return a plain number; more places would tell of the machine, not of the ground."""
    return round(float(value), _PLACES)
