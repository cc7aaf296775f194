"""Which events match a filter, as far as whoever acts may see them: ids and keys, page by page.

The statement names only the filters that are given, so that the database can plan for them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from gisgov.store.array_literals import array_literal
from gisgov.store.tables import event, event_area, event_building, event_limit, layer
from gisgov.types import BBox

_RUNS = event_limit.c.met_at.is_(None) & event_limit.c.void_at.is_(None) & event_limit.c.paused_at.is_(None)
"""What the index of running limits is of."""

_MISSED = event_limit.c.void_at.is_(None) & (event_limit.c.met_at > event_limit.c.due_at)
"""What the index of missed limits is of."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events; None or nothing leaves a condition out.

    Attributes
    ----------
    layer, code : str or None
        An area.
    lies_in, on_desk : bool
        Whether events count that lie in it, and that lie on its desk.
    outside, without_place : bool
        Instead of an area: events that lie in no area of the layer, and those of which nobody said where.
    states, levels, sources, categories, departments : collection of str
        Words of which an event has to have one.
    limit_states : collection of str
        ``due-soon``, ``overdue``, ``late`` (missed, or overdue): how a limit of it has to stand.
    since, until : datetime.datetime or None
        When it happened; ``until`` is excluded.
    bbox : tuple of float or None
        Where, in degrees (WGS 84).
    external_id : str or None
        What its source calls it.
    named : str or None
        What its source calls it, or its id here.
    building_id : int or None
        The building that it concerns.
    event_id : int or None
        ``named`` as an id here; None where it can be none.
    """

    layer: str | None = None
    code: str | None = None
    lies_in: bool = True
    on_desk: bool = True
    outside: bool = False
    without_place: bool = False
    states: Collection[str] = ()
    levels: Collection[str] = ()
    sources: Collection[str] = ()
    categories: Collection[str] = ()
    departments: Collection[str] = ()
    limit_states: Collection[str] = ()
    since: datetime | None = None
    until: datetime | None = None
    bbox: BBox | None = None
    external_id: str | None = None
    named: str | None = None
    building_id: int | None = None
    event_id: int | None = None


Key = tuple[datetime, int]
"""Where an event stands in a list: by which moment, and its id."""


def newest_events(
    connection: sa.Connection, wanted: Wanted, *, after: Key | None, limit: int
) -> tuple[Key, ...]:
    """Return a page of events by when they happened, the newest first."""
    query = sa.select(event.c.occurred_at, event.c.id).where(*_conditions(wanted))
    if after is not None:
        moment, last = after
        query = query.where(
            event.c.occurred_at <= moment, (event.c.occurred_at < moment) | (event.c.id > last)
        )
    query = query.order_by(event.c.occurred_at.desc(), event.c.id).limit(limit)
    return tuple((row.occurred_at, row.id) for row in connection.execute(query))


def events_due(
    connection: sa.Connection, wanted: Wanted, *, after: Key | None, limit: int
) -> tuple[Key, ...]:
    """Return a page of events with a limit that runs, by which is due first."""
    due = (
        sa.select(event_limit.c.event_id, sa.func.min(event_limit.c.due_at).label("due_at"))
        .where(_RUNS)
        .group_by(event_limit.c.event_id)
        .subquery("due")
    )
    query = sa.select(due.c.due_at, event.c.id).join_from(due, event, event.c.id == due.c.event_id)
    query = query.where(*_conditions(wanted))
    if after is not None:
        query = query.where(sa.tuple_(due.c.due_at, event.c.id) > after)
    query = query.order_by(due.c.due_at, event.c.id).limit(limit)
    return tuple((row.due_at, row.id) for row in connection.execute(query))


def seen_events(connection: sa.Connection, ids: Sequence[int]) -> dict[int, int]:
    """Return those of some events that whoever acts may see, each with the number of its last step."""
    query = sa.text("SELECT id, step_number FROM event WHERE id = ANY (CAST(:ids AS BIGINT[]))")
    return {row.id: row.step_number for row in connection.execute(query, {"ids": array_literal(ids)})}


def _conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = [
        column.in_(sorted(words))
        for column, words in (
            (event.c.state, wanted.states),
            (event.c.level, wanted.levels),
            (event.c.source, wanted.sources),
            (event.c.category_code, wanted.categories),
            (event.c.department_code, wanted.departments),
        )
        if words
    ]
    if wanted.since is not None:
        conditions.append(event.c.occurred_at >= wanted.since)
    if wanted.until is not None:
        conditions.append(event.c.occurred_at < wanted.until)
    if wanted.bbox is not None:
        conditions.append(event.c.geom.intersects(sa.func.ST_MakeEnvelope(*wanted.bbox, 4326)))
    if wanted.limit_states:
        conditions.append(_limit_stands(wanted.limit_states))
    if wanted.external_id is not None:
        conditions.append(event.c.external_id == wanted.external_id)
    if wanted.building_id is not None:
        link = event_building.c
        conditions.append(
            event.c.id.in_(sa.select(link.event_id).where(link.building_id == wanted.building_id))
        )
    if wanted.named is not None:
        conditions.append(_has_name(wanted))
    if wanted.code is not None:
        conditions.append(_of_area(wanted))
    if wanted.outside or wanted.without_place:
        conditions.append(_in_no_area(wanted))
    return conditions


def _limit_stands(states: Collection[str]) -> sa.ColumnElement[bool]:
    # the words of the view event_limit_state, which under row-level security would be asked ten times as long
    now = sa.func.now()
    overdue = _RUNS & (event_limit.c.due_at < now)
    meanings = {
        "overdue": (overdue,),
        "due-soon": (_RUNS & (event_limit.c.due_at >= now) & (event_limit.c.warn_at <= now),),
        "late": (_MISSED, overdue),  # as events_of_period.sql counts them
    }
    # one part for each meaning, so that each is found by its index
    parts = [
        sa.select(event_limit.c.event_id).where(one) for word in sorted(states) for one in meanings[word]
    ]
    return event.c.id.in_(sa.union_all(*parts) if len(parts) > 1 else parts[0])


def _has_name(wanted: Wanted) -> sa.ColumnElement[bool]:
    given = event.c.external_id == wanted.named
    return given if wanted.event_id is None else given | (event.c.id == wanted.event_id)


def _in_no_area(wanted: Wanted) -> sa.ColumnElement[bool]:
    nowhere = event.c.geom.is_(None)
    if not wanted.outside:
        return nowhere
    layer_id = sa.select(layer.c.id).where(layer.c.name == wanted.layer).scalar_subquery()
    of_event = event_area.c.event_id == event.c.id, event_area.c.layer_id == layer_id
    owned = sa.exists().where(*of_event, event_area.c.area_code.is_not(None))
    outside = ~nowhere & ~owned
    return outside | nowhere if wanted.without_place else outside


def _of_area(wanted: Wanted) -> sa.ColumnElement[bool]:
    layer_id = sa.select(layer.c.id).where(layer.c.name == wanted.layer).scalar_subquery()
    lies = event.c.id.in_(
        sa.select(event_area.c.event_id).where(
            event_area.c.layer_id == layer_id, event_area.c.area_code == wanted.code
        )
    )
    desk = (event.c.desk_layer_id == layer_id) & (event.c.desk_area_code == wanted.code)
    return sa.or_(*(one for one, counts in ((lies, wanted.lies_in), (desk, wanted.on_desk)) if counts))
