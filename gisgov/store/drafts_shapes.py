"""What a plan is made of, as pages draw it: all of its blocks, or those that moved since a revision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import numpy as np
import shapely
import sqlalchemy as sa

from gisgov.store.packed import packed_rows
from gisgov.store.statements import statement
from gisgov.types import Geometries


@dataclass(frozen=True, slots=True, eq=False)
class PlacedBlocks:
    """Blocks of a plan by code, as parallel columns, at one revision of it.

    Attributes
    ----------
    revision : int
        Of the plan.
    codes : list of str
        The blocks.
    areas, parents : list of str or None
        Codes of the areas, and of the areas above, that they are in.
    population, households : list of int
        Their people.
    area_m2 : list of float
        Their ground.
    geometries : numpy.ndarray of shapely.MultiPolygon
        Their shapes, EPSG:4326.
    gone : tuple of str
        Codes of blocks that the plan is made of no more.
    """

    revision: int
    codes: list[str]
    areas: list[str | None]
    parents: list[str | None]
    population: list[int]
    households: list[int]
    area_m2: list[float]
    geometries: Geometries
    gone: tuple[str, ...] = ()


def placed_blocks(connection: sa.Connection, plan_id: int) -> PlacedBlocks:
    """Return all blocks of a plan."""
    rows = packed_rows(connection, statement("blocks_of_plan"), {"plan_id": plan_id})
    return _placed(rows[0].revision, [row for row in rows if row.id is not None], ())


def blocks_moved_since(connection: sa.Connection, plan_id: int, since: int) -> PlacedBlocks | None:
    """Return what became of the blocks of a draft that moved, came in or went since a revision.

    None where the log does not tell: the draft was also written otherwise than by operations since.
    """
    rows = packed_rows(connection, statement("blocks_moved"), {"plan_id": plan_id, "since": since})
    if rows[0].is_rewritten or rows[0].revision < since:
        return None
    moved = [row for row in rows if row.id is not None]
    gone = tuple(sorted(row.code for row in moved if not row.is_in))
    return _placed(rows[0].revision, [row for row in moved if row.is_in], gone)


def version_of_blocks(connection: sa.Connection, plan_id: int) -> str:
    """Return a word that changes when blocks of a plan move, or something else is known of them."""
    (row,) = packed_rows(connection, statement("blocks_version"), {"plan_id": plan_id})
    return f"{row.revision}-{row.blocks:x}-{int(row.written_by):x}"


def _placed(revision: int, rows: Sequence[Any], gone: tuple[str, ...]) -> PlacedBlocks:
    rows = sorted(rows, key=attrgetter("code"))
    return PlacedBlocks(
        revision=revision,
        codes=[row.code for row in rows],
        areas=[row.area_code for row in rows],
        parents=[row.parent_code for row in rows],
        population=[row.population for row in rows],
        households=[row.households for row in rows],
        area_m2=[row.area_m2 for row in rows],
        geometries=np.asarray(shapely.from_wkb([row.wkb for row in rows]), dtype=object),
        gone=gone,
    )
