"""Use case: the figures of the areas of a layer at a date, or put onto the areas of another date."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from gisgov.errors import InputError, NotFoundError
from gisgov.governance.access import rights_table
from gisgov.governance.events import EventState
from gisgov.governance.risk import RiskClass
from gisgov.services.comparing import overlaps_between
from gisgov.services.statistics.columns import (
    OTHER,
    Column,
    Columns,
    figures_of,
    grouped,
    put_columns_onto,
    top_categories,
    total_of,
)
from gisgov.services.statistics.reports import AreaStatistics, LayerStatistics
from gisgov.store import plans, statistics
from gisgov.store.acting import as_owner
from gisgov.store.database import Database
from gisgov.store.layers import find_layer
from gisgov.store.plans import StoredPlan
from gisgov.store.statistics import CountedArea


@dataclass(frozen=True, slots=True)
class Period:
    """Days of events, first and last included; None is open."""

    first: date | None
    last: date | None

    def moments(self, timezone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
        """Return when it begins, and when it is over."""
        begins = None if self.first is None else datetime.combine(self.first, time(), timezone)
        if self.last is None or self.last == date.max:  # no day comes after that
            return begins, None
        return begins, datetime.combine(self.last + timedelta(days=1), time(), timezone)


def layer_statistics(
    database: Database,
    layer: str,
    *,
    at: date,
    on: date | None = None,
    first: date | None = None,
    last: date | None = None,
    whole: bool = False,
    timezone: ZoneInfo,
) -> LayerStatistics:
    """Count what lies in the areas of a layer.

    Parameters
    ----------
    database : Database
        Where they are.
    layer : str
        Name of the layer.
    at : datetime.date
        The day whose areas are counted.
    on : datetime.date, optional
        Puts the figures onto the areas of this day: those of an area are divided among the areas that have
        its ground then, as its people live; by the ground where nobody does.
    first, last : datetime.date, optional
        First and last day of the events.
    whole : bool
        Whether figures put onto other areas stay whole numbers.
    timezone : zoneinfo.ZoneInfo
        Its calendar says on which day an event happened.

    Returns
    -------
    LayerStatistics
        Events and buildings are those that whoever asks may see; buildings and their classes those of now.

    Raises
    ------
    NotFoundError
        There is no such layer, or no plan of it is in force on a day.
    InputError
        The period ends before it begins.
    """
    if first is not None and last is not None and last < first:
        raise InputError("The period ends before it begins.", field="last")
    with database.begin() as connection:
        layer_id = find_layer(connection, layer).id
        counted = plans_on(connection, layer, at)
        columns = _people(connection, counted)
        columns |= _subjects(database, connection, layer_id, counted, Period(first, last).moments(timezone))
        shown, remainder = counted, dict[str, float]()
        if on is not None:
            shown = plans_on(connection, layer, on)
            columns, remainder = put_columns_onto(
                columns, overlaps_between(connection, counted, shown), whole=whole
            )
        areas = statistics.areas_counted(connection, [one.id for one in shown])
        return LayerStatistics(
            layer=layer,
            at=at,
            on=on,
            first=first,
            last=last,
            plans=tuple(one.name for one in shown),
            areas=tuple(
                AreaStatistics(one.code, one.name, one.plan, figures_of(columns, one.area_m2 / 1e6, one.code))
                for one in areas
            ),
            in_no_area=figures_of(columns, None, None),
            total=total_of(columns, math.fsum(one.area_m2 for one in areas) / 1e6),
            remainder=remainder,
        )


def plans_on(connection: sa.Connection, layer: str, day: date) -> tuple[StoredPlan, ...]:
    """Return the plans of a layer that are in force on a day; NotFoundError where none is."""
    found = plans.all_plans(connection, layer_name=layer, at=day)
    if not found:
        raise NotFoundError(
            f"No plan of layer {layer!r} is in force on {day}.",
            hint=f"`gisgov plan list --layer {layer}` shows when they are.",
        )
    return found


def _people(connection: sa.Connection, counted: Sequence[StoredPlan]) -> Columns:
    """Return population and households, as far as areas say; with blocks that are in no area."""
    ids = [one.id for one in counted]
    areas = statistics.areas_counted(connection, ids)
    with as_owner(connection):  # a sum of blocks, which not everybody may see one by one
        outside = statistics.people_in_no_area(connection, ids)
    found: Columns = {}
    for place, name in enumerate(("population", "households")):
        known = {one.code: Decimal(value) for one in areas if (value := _count(one, name)) is not None}
        if known:
            found[name, ""] = Column(known, Decimal(outside[place]))
    return found


def _count(one: CountedArea, name: str) -> int | None:
    return one.population if name == "population" else one.households


def _subjects(
    database: Database,
    connection: sa.Connection,
    layer_id: int,
    counted: Sequence[StoredPlan],
    period: tuple[datetime | None, datetime | None],
) -> Columns:
    """Return buildings by class, and events by state and category, as far as whoever asks may see them."""
    ids = [one.id for one in counted]
    found: Columns = {}
    if _may(database, "buildings.read"):
        buildings = statistics.counted(connection, statistics.BUILDINGS, layer_id, ids)
        by_class = [(code, kind, count) for code, (kind,), count in buildings]
        found |= grouped("buildings", by_class, [one.value for one in RiskClass])
    if _may(database, "events.read"):
        begins, ends = period
        events = statistics.counted(connection, statistics.EVENTS, layer_id, ids, begins=begins, ends=ends)
        by_state = [(code, state, count) for code, (state, _), count in events]
        found |= grouped("events", by_state, [one.value for one in EventState])
        top = top_categories((kind, count) for _, (_, kind), count in events)
        by_category = [(code, kind if kind in top else OTHER, count) for code, (_, kind), count in events]
        found |= grouped("categories", by_category, top)
    return found


def _may(database: Database, right: str) -> bool:
    return database.actor is None or database.actor.may(rights_table().rights[right])
