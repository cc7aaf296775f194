"""Use case: hazards by area as numbers: found, rectified, checked, overdue, and the rates of these."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from gisgov.errors import InputError
from gisgov.governance.hazards import HazardKind
from gisgov.services.access import codes_reached
from gisgov.services.statistics.counting import plans_on
from gisgov.store.acting import as_owner
from gisgov.store.database import Database
from gisgov.store.hazard_statistics import HazardColumns, hazards_of_period
from gisgov.store.layers import find_layer
from gisgov.store.statistics import areas_counted
from gisgov.types import Bools

_RIGHT = "buildings.read"


@dataclass(frozen=True, slots=True)
class HazardFigures:
    """Figures of hazards; rates are None where there is nothing to take them of.

    Attributes
    ----------
    found : int
        All of them: ``open + rectified``.
    open : int
        Those that are not rectified.
    overdue : int
        Of these, those whose term is over.
    rectified : int
        Those that were rectified, checked or not.
    checked : int
        Of these, those whose check was passed.
    rectification_rate : float or None
        Rectified of found, 0..1.
    on_time_rate : float or None
        Rectified within their term, of those with a term that were rectified or are overdue, 0..1.
    check_rate : float or None
        Checked of rectified, 0..1.
    median_days : float or None
        Half of the rectified ones took longer from finding to rectifying.
    """

    found: int
    open: int
    overdue: int
    rectified: int
    checked: int
    rectification_rate: float | None
    on_time_rate: float | None
    check_rate: float | None
    median_days: float | None


@dataclass(frozen=True, slots=True)
class HazardKindFigures:
    """Figures of the hazards of a kind.

    Attributes
    ----------
    kind, title_zh, title_en : str
        The kind.
    figures : HazardFigures
        They.
    """

    kind: str
    title_zh: str
    title_en: str
    figures: HazardFigures


@dataclass(frozen=True, slots=True)
class HazardRow:
    """The hazards of one area, of what lies in none, or all.

    Attributes
    ----------
    place : {"area", "outside", "no-place", "all"}
        Which of these; ``no-place``: of buildings of which nobody knows where they are.
    code, name : str or None
        The area.
    figures : HazardFigures
        All kinds together.
    kinds : tuple of HazardKindFigures
        The kinds that there are; their counts add up to those of ``figures``.
    """

    place: Literal["area", "outside", "no-place", "all"]
    code: str | None
    name: str | None
    figures: HazardFigures
    kinds: tuple[HazardKindFigures, ...]


@dataclass(frozen=True, slots=True)
class HazardStatistics:
    """The hazards of the areas of a layer; the rows add up to that of all.

    Attributes
    ----------
    layer, title_zh, title_en : str
        The layer and its titles.
    at : datetime.date
        The day whose areas stand here.
    since, until : datetime.date or None
        First and last day on which the hazards were found; None where that is open.
    today : datetime.date
        The day on which they stand as they are told.
    rows : tuple of HazardRow
        The areas by code, with and without hazards; then what lies in none of them, what has no place, and
        all. Whoever may see buildings of some areas alone has the rows of those, and all of them.
    """

    layer: str
    title_zh: str
    title_en: str
    at: date
    since: date | None
    until: date | None
    today: date
    rows: tuple[HazardRow, ...]


def hazard_statistics(
    database: Database,
    layer: str,
    *,
    at: date,
    since: date | None = None,
    until: date | None = None,
    today: date,
) -> HazardStatistics:
    """Count the hazards of buildings by area and kind, as they stand today.

    Parameters
    ----------
    database : Database
        Where they are, in the hands of whoever asks.
    layer : str
        Name of the layer.
    at : datetime.date
        The day whose areas are counted.
    since, until : datetime.date, optional
        First and last day on which they were found.
    today : datetime.date
        A term is over that ended before it.

    Raises
    ------
    NotFoundError
        There is no such layer, or no plan of it is in force.
    InputError
        The period ends before it begins.
    """
    if since is not None and until is not None and until < since:
        raise InputError("The period ends before it begins.", field="until")
    with database.begin() as connection:
        found = find_layer(connection, layer)
        plan_ids = [plan.id for plan in plans_on(connection, layer, at)]
        areas = areas_counted(connection, plan_ids)
        reached = codes_reached(connection, _RIGHT, found.id)
        with as_owner(connection):
            hazards = hazards_of_period(
                connection,
                layer_id=found.id,
                plan_ids=plan_ids,
                codes=[area.code for area in areas],
                since=since,
                until=until,
                today=today,
            )
    places: list[tuple[Literal["area", "outside", "no-place", "all"], str | None, str | None, Bools]] = [
        ("area", area.code, area.name, hazards.area == number)
        for number, area in enumerate(areas)
        if reached is None or area.code in reached
    ]
    if reached is None:
        places += [("outside", None, None, hazards.area == -1), ("no-place", None, None, hazards.area == -2)]
    told = np.logical_or.reduce([own for *_, own in places], axis=0) if places else hazards.area < -2
    rows = [_row(*place, hazards) for place in (*places, ("all", None, None, told))]
    return HazardStatistics(found.name, found.title_zh, found.title_en, at, since, until, today, tuple(rows))


def _row(
    place: Literal["area", "outside", "no-place", "all"],
    code: str | None,
    name: str | None,
    own: Bools,
    hazards: HazardColumns,
) -> HazardRow:
    kinds = [
        HazardKindFigures(kind.value, kind.title_zh, kind.title_en, _figures(own & of_kind, hazards))
        for number, kind in enumerate(HazardKind)
        for of_kind in (hazards.kind == number,)
        if np.any(own & of_kind)
    ]
    return HazardRow(place, code, name, _figures(own, hazards), tuple(kinds))


def _figures(own: Bools, hazards: HazardColumns) -> HazardFigures:
    found, rectified = int(own.sum()), int((own & hazards.is_rectified).sum())
    overdue, checked = int((own & hazards.is_overdue).sum()), int((own & hazards.is_checked).sum())
    judged = int((own & hazards.had_term).sum()) + overdue
    days = hazards.days[own & hazards.is_rectified]
    return HazardFigures(
        found=found,
        open=found - rectified,
        overdue=overdue,
        rectified=rectified,
        checked=checked,
        rectification_rate=_rate(rectified, found),
        on_time_rate=_rate(int((own & hazards.was_in_time).sum()), judged),
        check_rate=_rate(checked, rectified),
        median_days=round(float(np.median(days)), 6) if len(days) else None,
    )


def _rate(part: int, whole: int) -> float | None:
    return round(part / whole, 6) if whole else None
