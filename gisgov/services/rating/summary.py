"""Use case: the classes of buildings, counted by area."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from gisgov.governance.risk import RiskClass
from gisgov.services.access import codes_reached
from gisgov.services.drawn_layers import layer_to_draw
from gisgov.services.rating.explaining import end_of
from gisgov.services.rating.reports import counts_of_classes
from gisgov.store import risk
from gisgov.store.database import Database


@dataclass(frozen=True, slots=True)
class AreaRisk:
    """Buildings of an area by class.

    Attributes
    ----------
    code, name : str or None
        The area; None for the buildings that no area in force owns.
    buildings : int
        All of them.
    counts : dict
        Buildings of each class: ``safe``, ``general``, ``warning``, ``unclassified``; they add up to all.
    warning_share : float or None
        Part of all its buildings that is in the warning class, 0..1; None where there is no building.
    """

    code: str | None
    name: str | None
    buildings: int
    counts: dict[str, int]
    warning_share: float | None


@dataclass(frozen=True, slots=True)
class RiskSummary:
    """Classes of all buildings, and of those of each area of a layer.

    Attributes
    ----------
    layer : str
        Name of the layer.
    at : datetime.date
        Day whose classes are asked, and whose plans, unless those of another day were asked.
    total : AreaRisk
        All buildings; of whoever may see some areas alone those of ``areas``.
    versions : dict
        Buildings rated by each version of the rules.
    never_rated : int
        Buildings that were not rated by then; ``unclassified`` counts them too.
    areas : tuple of AreaRisk
        Areas by warning buildings, the most first; buildings of no area are a row of their own, the last. Of
        whoever holds the right in some areas alone those that it reaches wholly, and nothing else.
    """

    layer: str
    at: date
    total: AreaRisk
    versions: dict[str, int]
    never_rated: int
    areas: tuple[AreaRisk, ...]


def risk_summary(
    database: Database,
    *,
    layer: str | None = None,
    at: date,
    areas_at: date | None = None,
    today: date,
    timezone: ZoneInfo,
) -> RiskSummary:
    """Count the buildings of each area by class, as they are rated or as they were on a day.

    Parameters
    ----------
    database : Database
        Where the buildings are.
    layer : str, optional
        Name of the layer; by default the lowest partition with a plan in force.
    at : datetime.date
        Day whose plans are asked. Of a day before today the last ratings until its end count, and the
        buildings are those that there are now.
    areas_at : datetime.date, optional
        Another day whose plans are asked, so that classes of several days stand on the same areas.
    today : datetime.date
        The day that it is.
    timezone : zoneinfo.ZoneInfo
        Whose days.

    Raises
    ------
    NotFoundError
        There is no such layer, or no plan of it is in force.
    """
    with database.begin() as connection:
        areas_at = areas_at or at
        asked = layer_to_draw(connection, layer, areas_at)
        before = end_of(at, timezone) if at < today else None
        rows = risk.risk_of_areas(connection, asked.id, areas_at, before)
        versions = risk.versions_in_use(connection, before)
        reached = codes_reached(connection, "buildings.read", asked.id)
    counts: dict[tuple[str | None, str | None], Counter[str]] = {}
    for row in rows:
        if reached is not None and row.code not in reached:
            continue  # it would stand as an area without buildings, or with some of them
        # an area without a building has one row without a class
        counts.setdefault((row.code, row.name), Counter()).update({row.risk_class or "": row.buildings})
    areas = [_area(code, name, of_area) for (code, name), of_area in counts.items()]
    total = sum(counts.values(), Counter[str]())
    return RiskSummary(
        layer=asked.name,
        at=at,
        total=_area(None, None, total),
        versions={version: count for version, count in sorted(versions.items()) if version},
        never_rated=versions.get(risk.NEVER, 0),
        areas=tuple(sorted(areas, key=lambda area: (area.code is None, -_warning(area), area.code))),
    )


def _warning(area: AreaRisk) -> int:
    return area.counts[RiskClass.WARNING.value]


def _area(code: str | None, name: str | None, counts: Counter[str]) -> AreaRisk:
    of_class = counts_of_classes(counts)
    buildings = sum(of_class.values())
    share = of_class[RiskClass.WARNING.value] / buildings if buildings else None
    return AreaRisk(code, name, buildings, of_class, share)
