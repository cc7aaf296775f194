"""Use case: what blocks there are, and what their borders run along."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from gisgov.errors import NotFoundError
from gisgov.geometry.crs import working_crs
from gisgov.services.block_building.reports import BorderLength, borders_by_class
from gisgov.store.block_edges import block_edges_of_scope
from gisgov.store.blocks import blocks_of_scope
from gisgov.store.database import Database


@dataclass(frozen=True, slots=True)
class BlocksShown:
    """The blocks of a scope.

    Attributes
    ----------
    scope_code : str
        Code of the ground that they make up; empty for all blocks.
    blocks : int
        How many there are.
    area_m2 : float
        Their ground.
    median_area_m2, largest_area_m2 : float
        Ground of the block in the middle, and of the largest.
    population, households : int
        Their sums.
    empty : int
        Blocks without people.
    largest_population : int
        People in the block with most of them.
    borders : tuple of BorderLength
        What borders run along; all 0 where blocks were not built from streets.
    working_crs : str
        The plane that borders were measured in.
    """

    scope_code: str
    blocks: int
    area_m2: float
    median_area_m2: float
    largest_area_m2: float
    population: int
    households: int
    empty: int
    largest_population: int
    borders: tuple[BorderLength, ...]
    working_crs: str


def show_blocks(
    database: Database, scope_code: str = "", *, configured_crs: str | None = None
) -> BlocksShown:
    """Say what blocks a scope has.

    Parameters
    ----------
    database : Database
        Where they are.
    scope_code : str
        Code of the ground that they make up; all blocks by default.
    configured_crs : str, optional
        Plane to measure borders in, instead of the one chosen by place.

    Raises
    ------
    NotFoundError
        There are no such blocks.
    """
    with database.begin() as connection:
        blocks = blocks_of_scope(connection, scope_code)
        edges, edge_class = block_edges_of_scope(connection, scope_code)
    if not len(blocks):
        of = f" of scope {scope_code!r}" if scope_code else ""
        raise NotFoundError(
            f"There are no blocks{of}.", hint="`gisgov blocks build` makes them.", field="scope_code"
        )
    west, south, east, north = shapely.total_bounds(blocks.geometries)
    working = working_crs((west + east) / 2, (south + north) / 2, configured_crs)
    return BlocksShown(
        scope_code=scope_code,
        blocks=len(blocks),
        area_m2=float(blocks.area_m2.sum()),
        median_area_m2=float(np.median(blocks.area_m2)),
        largest_area_m2=float(blocks.area_m2.max()),
        population=int(blocks.population.sum()),
        households=int(blocks.households.sum()),
        empty=int((blocks.population == 0).sum()),
        largest_population=int(blocks.population.max()),
        borders=borders_by_class(edges, edge_class, working),
        working_crs=working.name,
    )
