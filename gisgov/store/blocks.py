"""Blocks, and which area of a plan each belongs to."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
import sqlalchemy as sa
from sqlalchemy import func
from sqlalchemy.dialects.postgresql import ARRAY

from gisgov.errors import ConflictError
from gisgov.store.areas import Put
from gisgov.store.block_uses import forget_pieces, uses_of_blocks
from gisgov.store.drafts_foreign import written_otherwise
from gisgov.store.geometry_columns import as_wkb
from gisgov.store.statements import statement
from gisgov.store.tables import assignment, block
from gisgov.types import Floats, Geometries, Ints, Json, Texts

_BATCH = 5_000


@dataclass(frozen=True, slots=True, eq=False)
class BlockTable:
    """Blocks as parallel columns of one length.

    Attributes
    ----------
    codes : numpy.ndarray of str
        Unlike each other.
    geometries : numpy.ndarray of shapely.Polygon or shapely.MultiPolygon
        EPSG:4326, on the storage grid.
    area_m2 : numpy.ndarray of float
        Ground.
    population, households : numpy.ndarray of int
        Counts.
    land_use : numpy.ndarray of str or None
        What the ground is used for.
    attributes : sequence of dict
        Whatever else is known of each.
    ids : numpy.ndarray of int
        Their ids where they are stored; empty otherwise.
    """

    codes: Texts
    geometries: Geometries
    area_m2: Floats
    population: Ints
    households: Ints
    land_use: Texts
    attributes: Sequence[Json]
    ids: Ints

    def __len__(self) -> int:
        """Return the number of blocks."""
        return len(self.codes)

    def chosen(self, numbers: Ints) -> BlockTable:
        """Return only the blocks of these numbers."""
        return BlockTable(
            codes=self.codes[numbers],
            geometries=self.geometries[numbers],
            area_m2=self.area_m2[numbers],
            population=self.population[numbers],
            households=self.households[numbers],
            land_use=self.land_use[numbers],
            attributes=[self.attributes[i] for i in numbers.tolist()],
            ids=self.ids[numbers],
        )

    def joined(self, other: BlockTable) -> BlockTable:
        """Return these blocks and after them the others."""
        return BlockTable(
            codes=np.concatenate((self.codes, other.codes)),
            geometries=np.concatenate((self.geometries, other.geometries)),
            area_m2=np.concatenate((self.area_m2, other.area_m2)),
            population=np.concatenate((self.population, other.population)),
            households=np.concatenate((self.households, other.households)),
            land_use=np.concatenate((self.land_use, other.land_use)),
            attributes=[*self.attributes, *other.attributes],
            ids=np.concatenate((self.ids, other.ids)),
        )


def put_blocks(connection: sa.Connection, scope_code: str, blocks: BlockTable) -> Put:
    """Write blocks: new codes are added, known ones changed where anything differs.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction.
    scope_code : str
        Code of the ground that the blocks make up.
    blocks : BlockTable
        What to write; other blocks stay.

    Raises
    ------
    ConflictError
        A block of which a plan is made would move, or a geometry is not sound.
    """
    inserted = updated = 0
    for begin in range(0, len(blocks), _BATCH):
        part = slice(begin, begin + _BATCH)
        given = {"codes": blocks.codes[part].tolist(), "geometries": as_wkb(blocks.geometries[part])}
        _refuse_moving(connection, given)
        done = connection.execute(
            statement("put_blocks"),
            {
                **given,
                "scope_code": scope_code,
                "area_m2": blocks.area_m2[part].tolist(),
                "population": blocks.population[part].tolist(),
                "households": blocks.households[part].tolist(),
                "land_use": blocks.land_use[part].tolist(),
                "attributes": [json.dumps(one, ensure_ascii=False) for one in blocks.attributes[part]],
            },
        ).one()
        inserted += done.inserted
        updated += done.updated
    return Put(inserted, updated, len(blocks) - inserted - updated)


def _refuse_moving(connection: sa.Connection, given: dict[str, Any]) -> None:
    """Refuse to move blocks that plans need, and codes of what is no block of a scope."""
    moving = connection.execute(statement("blocks_that_would_move"), given).all()
    if moving and not moving[0].is_base:
        raise ConflictError(
            f"Block {moving[0].code!r} is of drafts alone: a piece of a block, or an area that is one.",
            hint="Give the block another code.",
        )
    ids = [row.id for row in moving]
    used = uses_of_blocks(connection, ids)
    if used:
        raise ConflictError(
            f"Block {used[0].example!r} would move, but plan {used[0].plan!r} is made of it.",
            hint="Give the block that replaces it a code of its own.",
        )
    forget_pieces(connection, ids)


def blocks_of_scope(connection: sa.Connection, scope_code: str, *, exactly: bool = False) -> BlockTable:
    """Return the blocks of a scope by code; for ``""`` all there are, unless ``exactly`` that is asked.

    Pieces that drafts cut, and areas that are blocks of drafts, are none of a scope.
    """
    query = _BLOCKS.where(IS_BASE)
    if scope_code or exactly:
        query = query.where(block.c.scope_code == scope_code)
    return _table(connection, query)


def blocks_of_plan(connection: sa.Connection, plan_id: int) -> BlockTable:
    """Return the blocks that a plan is made of, by code."""
    return _table(connection, _BLOCKS.join_from(block, assignment).where(assignment.c.plan_id == plan_id))


IS_BASE: Final = sa.and_(block.c.cut_from.is_(None), ~block.c.whole_area)
"""Whether a block is one of a scope; others are of drafts."""

_BLOCKS = sa.select(
    block.c.id,
    block.c.code,
    func.ST_AsBinary(block.c.geom).label("wkb"),
    block.c.area_m2,
    block.c.population,
    block.c.households,
    block.c.land_use,
    block.c.attributes,
).order_by(block.c.code)


def _table(connection: sa.Connection, query: sa.Select[Any]) -> BlockTable:
    rows = connection.execute(query).all()
    codes, land_use = np.empty(len(rows), dtype=object), np.empty(len(rows), dtype=object)
    codes[:] = [row.code for row in rows]
    land_use[:] = [row.land_use for row in rows]
    return BlockTable(
        codes=codes,
        geometries=np.asarray(shapely.from_wkb([bytes(row.wkb) for row in rows]), dtype=object),
        area_m2=np.array([row.area_m2 for row in rows], dtype=np.float64),
        population=np.array([row.population for row in rows], dtype=np.int64),
        households=np.array([row.households for row in rows], dtype=np.int64),
        land_use=land_use,
        attributes=[row.attributes for row in rows],
        ids=np.array([row.id for row in rows], dtype=np.int64),
    )


def put_assignments(
    connection: sa.Connection, plan_id: int, block_ids: Sequence[int], area_codes: Sequence[str | None]
) -> None:
    """Write which block belongs to which area of a draft; other assignments of the plan stay.

    Raises
    ------
    PlanPublished
        The plan is no draft.
    ConflictError
        The plan has no area of that code, or there is no such block.
    """
    written_otherwise(connection, plan_id)
    connection.execute(
        statement("put_assignments"),
        {"plan_id": plan_id, "block_ids": list(block_ids), "area_codes": list(area_codes)},
    )


def delete_assignments(connection: sa.Connection, plan_id: int, area_codes: Sequence[str]) -> None:
    """Take the blocks of areas of a draft out of them."""
    written_otherwise(connection, plan_id)
    gone = sa.delete(assignment).where(assignment.c.plan_id == plan_id)
    connection.execute(gone.where(assignment.c.area_code.in_(area_codes)))


def assignments_of_plan(connection: sa.Connection, plan_id: int) -> dict[str, str]:
    """Return the area code of each block of a plan that is in an area, by the block's code."""
    found = all_assignments_of_plan(connection, plan_id)
    return {block: area for block, area in found.items() if area is not None}


def all_assignments_of_plan(connection: sa.Connection, plan_id: int) -> dict[str, str | None]:
    """Return the same of all blocks of a plan; None where one is in no area of a draft."""
    rows = connection.execute(
        sa.select(block.c.code, assignment.c.area_code)
        .join_from(assignment, block)
        .where(assignment.c.plan_id == plan_id)
        .order_by(block.c.code)
    )
    return {row.code: row.area_code for row in rows}


def blocks_of_codes(connection: sa.Connection, codes: Sequence[str]) -> BlockTable:
    """Return the blocks of these codes, by code; codes that no block has are passed over."""
    given = sa.bindparam("codes", list(codes), type_=ARRAY(sa.Text))
    return _table(connection, _BLOCKS.where(block.c.code == sa.any_(given)))
