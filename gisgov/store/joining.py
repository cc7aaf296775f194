"""Events and buildings to the areas that own them, set by set; it follows of itself, whoever caused it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from gisgov.store.acting import as_owner
from gisgov.store.statements import statement

Subject: TypeAlias = Literal["event", "building"]

_EVENT = {
    "subject": "event",
    "place": "geom",
    "day": "CAST(occurred_at AT TIME ZONE :timezone AS DATE)",
}
# a building stands where a point inside it stands; its centroid may lie outside it
_BUILDING = {"subject": "building", "place": "ST_PointOnSurface(geom)", "day": "CAST(:day AS DATE)"}


@dataclass(frozen=True, slots=True)
class Written:
    """Rows that a join wrote for one layer; ``orphan_ids`` are those that no area owns."""

    layer_id: int
    layer: str
    joined: int
    on_border: int
    orphans: int
    orphan_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OrphanRow:
    """One event or building that no area of a layer owns."""

    source: str
    external_id: str
    reason: str
    nearest_area: str | None
    distance_m: float | None


def join_events(
    connection: sa.Connection,
    *,
    timezone: ZoneInfo,
    ids: Sequence[int] | None = None,
    layer_id: int | None = None,
) -> tuple[Written, ...]:
    """Join events to the partition layers whose plans were in force on the events' own days.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction.
    timezone : zoneinfo.ZoneInfo
        Its calendar says on which day an event happened.
    ids : sequence of int, optional
        These events are joined anew; by default all that no area of a layer owns yet, and what an area
        owns already stays with it.
    layer_id : int, optional
        Only this layer.

    Returns
    -------
    tuple of Written
        One for each partition layer that ever had a plan in force, by position.
    """
    with as_owner(connection):
        if ids is not None:
            connection.execute(statement("forget_joined", subject="event"), {"ids": list(ids)})
        return _join(connection, _EVENT, {"timezone": timezone.key, "ids": ids, "layer_id": layer_id})


def join_anew(
    connection: sa.Connection, ids: Sequence[int], *, day: date, layer_id: int
) -> tuple[Written, ...]:
    """Join these events to one layer by the plans that are in force on a day, whenever they happened.

    For those that somebody still has to deal with. What they were joined to in the layer is forgotten.
    """
    with as_owner(connection):
        of_layer = {"ids": list(ids), "layer_id": layer_id}
        connection.execute(statement("forget_in_layer"), of_layer)
        words = {**_EVENT, "day": "CAST(:day AS DATE)"}
        return _join(connection, words, {"day": day, **of_layer})


def join_buildings(
    connection: sa.Connection, *, day: date, ids: Sequence[int] | None = None, layer_id: int | None = None
) -> tuple[Written, ...]:
    """Join buildings to the partition layers whose plans are in force on a day.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction.
    day : datetime.date
        Owners by plans that are not in force on it are forgotten first.
    ids : sequence of int, optional
        These buildings are joined anew; by default all that no area in force owns yet.
    layer_id : int, optional
        Only this layer.

    Returns
    -------
    tuple of Written
        One for each partition layer that ever had a plan in force, by position.
    """
    with as_owner(connection):
        connection.execute(statement("forget_former_owners"), {"day": day, "layer_id": layer_id})
        if ids is not None:
            connection.execute(statement("forget_joined", subject="building"), {"ids": list(ids)})
        return _join(connection, _BUILDING, {"day": day, "ids": ids, "layer_id": layer_id})


def orphans(
    connection: sa.Connection, subject: Subject, layer_id: int, ids: Sequence[int]
) -> tuple[OrphanRow, ...]:
    """Return what is known of orphans of a layer, in the order of their ids."""
    rows = connection.execute(statement("orphans", subject=subject), {"layer_id": layer_id, "ids": list(ids)})
    return tuple(OrphanRow(**row) for row in rows.mappings())


def _join(
    connection: sa.Connection, words: Mapping[str, str], parameters: Mapping[str, Any]
) -> tuple[Written, ...]:
    # its estimates are guesses; compiling a plan for them takes longer than most joins
    connection.execute(sa.text("SET LOCAL jit = off"))
    subject, ids, layer_id = words["subject"], parameters["ids"], parameters["layer_id"]
    given = {**parameters, "ids": None if ids is None else list(ids)}
    connection.execute(sa.text(f"DROP TABLE IF EXISTS located_{subject}, border_piece"))
    connection.execute(statement("located_subjects", subject=subject))
    connection.execute(statement("locate_subjects", **words), given)
    connection.execute(statement("border_pieces", subject=subject))
    connection.execute(
        sa.text("CREATE INDEX border_piece_idx ON border_piece USING gist (layer_id, squeezed)")
    )
    connection.execute(
        sa.text("ANALYZE border_piece")
    )  # without, the planner sorts all pieces for each orphan
    rows = connection.execute(statement("join_areas", subject=subject), {"layer_id": layer_id})
    return tuple(Written(**{**row, "orphan_ids": tuple(row["orphan_ids"])}) for row in rows.mappings())
