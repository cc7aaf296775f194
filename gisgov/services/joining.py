"""Use case: give events and buildings to the areas that own them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from gisgov.store import joining
from gisgov.store.database import Database
from gisgov.store.layers import find_layer


@dataclass(frozen=True, slots=True)
class LayerJoin:
    """How events or buildings were joined to one layer.

    Attributes
    ----------
    layer : str
        Name of the layer.
    joined : int
        That an area owns.
    on_border : int
        Of those joined: that lie on the border of their area.
    orphans : int
        That no area owns: outside all areas, or without a usable coordinate.
    no_plan : int
        On whose day no plan of the layer was in force. Of the subjects that were handed in,
        ``joined + orphans + no_plan`` is all.
    """

    layer: str
    joined: int
    on_border: int
    orphans: int
    no_plan: int


@dataclass(frozen=True, slots=True)
class LayerOrphan:
    """An event or building that no area of a layer owns, and why.

    Attributes
    ----------
    layer : str
        Name of the layer.
    source, external_id : str
        What the subject is called where it came from.
    reason : str
        ``outside``, ``no-coordinate`` or ``bad-coordinate``.
    nearest_area : str or None
        For ``outside``: code of the nearest area.
    distance_m : float or None
        For ``outside``: metres to it, along the ellipsoid.
    """

    layer: str
    source: str
    external_id: str
    reason: str
    nearest_area: str | None
    distance_m: float | None


@dataclass(frozen=True, slots=True)
class JoinReport:
    """What a join did: one entry per partition layer with a plan, and every orphan by name."""

    layers: tuple[LayerJoin, ...]
    orphans: tuple[LayerOrphan, ...]


def join_events(
    where: Database | sa.Connection,
    *,
    timezone: ZoneInfo,
    event_ids: Sequence[int] | None = None,
    layer: str | None = None,
) -> JoinReport:
    """Join events to the areas of every partition layer, by the plan in force on the event's own day.

    The smallest code of the areas that cover the point owns it. An event that an area owns already stays
    with it, unless it is named in ``event_ids``.

    Parameters
    ----------
    where : Database or sqlalchemy.Connection
        A connection takes part in its transaction; a database gets a transaction of its own.
    timezone : zoneinfo.ZoneInfo
        Its calendar says on which day an event happened.
    event_ids : sequence of int, optional
        Events that are new, moved or re-dated: joined anew. By default, all that have no owner yet.
    layer : str, optional
        Only this layer.

    Returns
    -------
    JoinReport
        Of what changed: with ``event_ids`` of all of them, otherwise of the rows that were written, so that
        a second call reports nothing.

    Raises
    ------
    NotFoundError
        There is no such layer.
    """
    with _within(where) as connection:
        layer_id = find_layer(connection, layer).id if layer is not None else None
        written = joining.join_events(connection, timezone=timezone, ids=event_ids, layer_id=layer_id)
        return _report(connection, "event", written, event_ids)


def join_buildings(
    where: Database | sa.Connection,
    *,
    at: date,
    building_ids: Sequence[int] | None = None,
    layer: str | None = None,
) -> JoinReport:
    """Join buildings to the areas of every partition layer, by the plan in force on a day.

    A building stands where a point inside its outline stands. Buildings have no date of their own: those
    whose area is no longer in force on the day are given to the one that is.

    Parameters
    ----------
    where : Database or sqlalchemy.Connection
        A connection takes part in its transaction; a database gets a transaction of its own.
    at : datetime.date
        The day, usually today.
    building_ids : sequence of int, optional
        Buildings that are new or moved: joined anew. By default, all that have no owner in force.
    layer : str, optional
        Only this layer.

    Returns
    -------
    JoinReport
        Of what changed: with ``building_ids`` of all of them, otherwise of the rows that were written.

    Raises
    ------
    NotFoundError
        There is no such layer.
    """
    with _within(where) as connection:
        layer_id = find_layer(connection, layer).id if layer is not None else None
        written = joining.join_buildings(connection, day=at, ids=building_ids, layer_id=layer_id)
        return _report(connection, "building", written, building_ids)


@contextmanager
def _within(where: Database | sa.Connection) -> Iterator[sa.Connection]:
    if isinstance(where, sa.Connection):
        yield where
    else:
        with where.begin() as connection:
            yield connection


def _report(
    connection: sa.Connection,
    subject: joining.Subject,
    written: Sequence[joining.Written],
    asked: Sequence[int] | None,
) -> JoinReport:
    return JoinReport(
        layers=tuple(layer_join(row, asked) for row in written),
        orphans=tuple(
            LayerOrphan(
                row.layer,
                orphan.source,
                orphan.external_id,
                orphan.reason,
                orphan.nearest_area,
                orphan.distance_m,
            )
            for row in written
            for orphan in joining.orphans(connection, subject, row.layer_id, row.orphan_ids)
        ),
    )


def layer_join(row: joining.Written, asked: Sequence[int] | None = None) -> LayerJoin:
    """Return the counts of one layer; ``asked`` are the ids that were handed in."""
    no_plan = 0 if asked is None else len(set(asked)) - row.joined - row.orphans
    return LayerJoin(row.layer, row.joined, row.on_border, row.orphans, no_plan)
