"""What plans are made of, to hold them against each other: their blocks, and areas that have none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
import sqlalchemy as sa
from sqlalchemy import func

from gisgov.store.statements import statement
from gisgov.store.tables import area, block, building, event, staff_post
from gisgov.types import BBox, Bools, Floats, Geometries, Ints, Texts


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Pieces of ground of plans as parallel columns of one length, without their shapes.

    Attributes
    ----------
    ids : numpy.ndarray of int
        Id of the block, or of the area.
    is_block : numpy.ndarray of bool
        Whether it is a block; an area that no block is assigned to is one piece.
    root : numpy.ndarray of int
        Id of the block that it was cut from in the first place, its own where it was not; 0 for an area.
    area : numpy.ndarray of str or None
        Code of its area; None for a block of a draft that is in none.
    ground_m2 : numpy.ndarray of float
        Its ground.
    people : numpy.ndarray of int
        Its population; 0 where an area does not say.
    """

    ids: Ints
    is_block: Bools
    root: Ints
    area: Texts
    ground_m2: Floats
    people: Ints

    def __len__(self) -> int:
        """Return the number of pieces."""
        return len(self.ids)

    def chosen(self, numbers: Ints) -> Cells:
        """Return only the pieces of these numbers."""
        return Cells(
            self.ids[numbers],
            self.is_block[numbers],
            self.root[numbers],
            self.area[numbers],
            self.ground_m2[numbers],
            self.people[numbers],
        )


@dataclass(frozen=True, slots=True)
class CommonBlocks:
    """What two areas have in blocks that both are made of; code None for blocks of a draft in no area."""

    former_code: str | None
    code: str | None
    area_m2: float
    population: int
    blocks: int


def blocks_in_common(
    connection: sa.Connection, former_ids: Sequence[int], plan_ids: Sequence[int]
) -> tuple[CommonBlocks, ...]:
    """Return what the areas of some plans and of others have in common blocks."""
    given = {"former_ids": list(former_ids), "plan_ids": list(plan_ids)}
    rows = connection.execute(statement("blocks_in_common"), given).mappings()
    return tuple(CommonBlocks(**row) for row in rows)


def cells_of_plans(connection: sa.Connection, plan_ids: Sequence[int], other_ids: Sequence[int]) -> Cells:
    """Return what plans are made of, by block and area id, without the blocks that others are made of too."""
    given = {"plan_ids": list(plan_ids), "other_ids": list(other_ids)}
    rows = connection.execute(statement("cells_of_plans"), given).all()
    codes: Texts = np.empty(len(rows), dtype=object)
    codes[:] = [row.area_code for row in rows]
    return Cells(
        ids=np.array([row.id for row in rows], dtype=np.int64),
        is_block=np.array([row.is_block for row in rows], dtype=np.bool_),
        root=np.array([row.root for row in rows], dtype=np.int64),
        area=codes,
        ground_m2=np.array([row.area_m2 for row in rows], dtype=np.float64),
        people=np.array([row.population for row in rows], dtype=np.int64),
    )


def shapes_of_cells(connection: sa.Connection, cells: Cells) -> Geometries:
    """Return the polygons (EPSG:4326) of pieces, in their order."""
    shapes: Geometries = np.empty(len(cells), dtype=object)
    for table, of_table in ((block, cells.is_block), (area, ~cells.is_block)):
        asked = np.flatnonzero(of_table)
        query = sa.select(table.c.id, func.ST_AsBinary(table.c.geom))
        rows = connection.execute(query.where(table.c.id == sa.any_(sa.literal(cells.ids[asked].tolist()))))
        found = {row_id: bytes(wkb) for row_id, wkb in rows}
        shapes[asked] = shapely.from_wkb([found[i] for i in cells.ids[asked].tolist()])
    return shapes


def codes_of_plans(connection: sa.Connection, plan_ids: Sequence[int]) -> Texts:
    """Return the codes of the areas of plans, each once, in their order."""
    codes = sorted(set(connection.scalars(sa.select(area.c.code).where(area.c.plan_id.in_(plan_ids)))))
    return np.array(codes, dtype=object)


def shapes_of_areas(connection: sa.Connection, plan_ids: Sequence[int]) -> dict[str, shapely.Geometry]:
    """Return the polygons (EPSG:4326) of the areas of plans by their codes."""
    rows = connection.execute(
        sa.select(area.c.code, func.ST_AsBinary(area.c.geom))
        .where(area.c.plan_id.in_(plan_ids))
        .order_by(area.c.code, area.c.plan_id)
    )
    return {code: shapely.from_wkb(bytes(wkb)) for code, wkb in rows}


def names_of_areas(connection: sa.Connection, plan_ids: Sequence[int]) -> dict[str, str]:
    """Return the names of the areas of plans by their codes."""
    query = sa.select(area.c.code, area.c.name).where(area.c.plan_id.in_(plan_ids)).order_by(area.c.plan_id)
    return {row.code: row.name for row in connection.execute(query)}


def places_of_buildings(connection: sa.Connection, bbox: BBox) -> Geometries:
    """Return a point on each building in a box ``(west, south, east, north)`` (EPSG:4326)."""
    on = func.ST_PointOnSurface(building.c.geom)
    return _points(connection, sa.select(func.ST_X(on), func.ST_Y(on)).where(_in_box(building, bbox)))


def places_of_events(connection: sa.Connection, bbox: BBox, states: Sequence[str]) -> Geometries:
    """Return the places of the events of some states in a box (EPSG:4326)."""
    query = sa.select(func.ST_X(event.c.geom), func.ST_Y(event.c.geom))
    return _points(connection, query.where(_in_box(event, bbox), event.c.state.in_(states)))


def posts_by_code(connection: sa.Connection, layer_id: int) -> dict[str, int]:
    """Return how many staff posts of a layer have not ended, deputies left out, by the code of their area."""
    held = sa.or_(staff_post.c.valid_to.is_(None), staff_post.c.valid_to > func.current_date())
    rows = connection.execute(
        sa.select(staff_post.c.area_code, func.count())
        .where(staff_post.c.layer_id == layer_id, staff_post.c.deputy_for.is_(None), held)
        .group_by(staff_post.c.area_code)
    )
    return {code: int(count) for code, count in rows}


def _in_box(table: sa.Table, bbox: BBox) -> sa.ColumnElement[bool]:
    view = func.ST_MakeEnvelope(*bbox, 4326)
    return sa.and_(table.c.geom.op("&&")(view), table.c.geom.is_not(None))


def _points(connection: sa.Connection, query: sa.Select[tuple[float, float]]) -> Geometries:
    places = np.array([tuple(row) for row in connection.execute(query)], dtype=np.float64).reshape(-1, 2)
    points: Geometries = np.asarray(shapely.points(places), dtype=object)
    return points
