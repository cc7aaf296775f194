"""Use case: store the blocks of a scope and their edges; `gisgov.services.redividing` makes plans of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import shapely

from gisgov.errors import CrsError, InputError
from gisgov.geometry.crs import parse_crs, working_crs
from gisgov.geometry.measures import areas_m2
from gisgov.governance.block_edges import classes_of
from gisgov.services.access import require_scope
from gisgov.services.block_building.line_geometry import to_stored
from gisgov.services.importing.area_geometry import polygons_of, stored_geometries
from gisgov.store.block_edges import put_block_edges
from gisgov.store.blocks import BlockTable, put_blocks
from gisgov.store.database import Database
from gisgov.types import Geometries, Ints, Json, Texts

_COLUMNS = ("code", "population", "households", "land_use")


@dataclass(frozen=True, slots=True)
class BlocksStored:
    """What storing blocks did.

    Attributes
    ----------
    scope_code : str
        Code of the ground that the blocks make up.
    inserted, updated, unchanged : int
        How many were new, differed, or were there already.
    area_m2 : float
        Their ground.
    population, households : int
        Their sums.
    """

    scope_code: str
    inserted: int
    updated: int
    unchanged: int
    area_m2: float
    population: int
    households: int


def store_blocks(
    database: Database,
    frame: geopandas.GeoDataFrame,
    *,
    scope_code: str,
    edges: geopandas.GeoDataFrame | None = None,
    configured_crs: str | None = None,
) -> BlocksStored:
    """Store blocks; storing them again changes nothing.

    Parameters
    ----------
    database : Database
        Where to.
    frame : geopandas.GeoDataFrame
        One row per block with ``code`` and, where known, ``population``, ``households`` (0 where not) and
        ``land_use``; further columns are kept as attributes. Its CRS must be set.
    scope_code : str
        Code of the ground that the blocks make up, such as the district's.
    edges : geopandas.GeoDataFrame, optional
        Lines along borders of the blocks, from vertex to vertex, with what lies there in ``edge_class``
        (words of `EdgeTitle`) and, where known, what it is called in ``name``. They take the place of those
        stored for the scope, which stay where none are given. Its CRS must be set.
    configured_crs : str, optional
        Plane to measure in, instead of the one chosen by place.

    Returns
    -------
    BlocksStored
        What was done.

    Raises
    ------
    CrsError
        A frame has no CRS.
    InputError
        A column or code is missing, a code comes twice, a count is no whole number, or a polygon is not
        sound; the message names the row and its code. An edge is no line, or its class is none.
    ConflictError
        A block of which a plan is made would move.
    """
    if frame.crs is None:
        raise CrsError("The blocks have no coordinate system.", hint="Set it on the frame.")
    if not len(frame):
        raise InputError("There are no blocks.")
    codes = _codes(frame)
    stored, faults = stored_geometries(polygons_of(frame.geometry.to_numpy()), parse_crs(frame.crs))
    for i in np.flatnonzero(~faults.is_sound):
        raise InputError(f"Block {codes[i]} (row {i + 1}) {faults.message[i]}.")
    west, south, east, north = shapely.total_bounds(stored)
    working = working_crs((west + east) / 2, (south + north) / 2, configured_crs)
    table = BlockTable(
        codes=codes,
        geometries=stored,
        area_m2=areas_m2(stored, working),
        population=_counts(frame, "population", codes),
        households=_counts(frame, "households", codes),
        land_use=_texts(frame, "land_use"),
        attributes=_attributes(frame),
        ids=np.zeros(0, dtype=np.int64),
    )
    along = None if edges is None else _edges(edges)
    with database.begin() as connection:
        require_scope(connection, "blocks.write", scope_code)
        done = put_blocks(connection, scope_code, table)
        if along is not None:
            put_block_edges(connection, scope_code, *along)
    return BlocksStored(
        scope_code=scope_code,
        inserted=done.inserted,
        updated=done.updated,
        unchanged=done.unchanged,
        area_m2=float(table.area_m2.sum()),
        population=int(table.population.sum()),
        households=int(table.households.sum()),
    )


def _edges(frame: geopandas.GeoDataFrame) -> tuple[Geometries, Ints, Texts]:
    if frame.crs is None:
        raise CrsError("The edges of the blocks have no coordinate system.", hint="Set it on the frame.")
    if "edge_class" not in frame:
        raise InputError("The edges of the blocks have no column 'edge_class'.", field="edge_class")
    lines = frame.geometry.to_numpy()
    wrong = np.flatnonzero(
        (shapely.get_type_id(lines) != shapely.GeometryType.LINESTRING) | shapely.is_empty(lines)
    )
    if len(wrong):
        raise InputError(f"Edge {wrong[0] + 1} of the blocks is no line.", field="edges")
    classes = classes_of(frame["edge_class"].to_numpy(dtype=object))
    return to_stored(lines, parse_crs(frame.crs)), classes, _texts(frame, "name")


def _codes(frame: geopandas.GeoDataFrame) -> Texts:
    if "code" not in frame:
        raise InputError("The blocks have no column 'code'.", field="code")
    codes = _texts(frame, "code")
    seen: dict[str, int] = {}
    for row, code in enumerate(codes, start=1):
        if code is None:
            raise InputError(f"The block in row {row} has no code.", field="code")
        if code in seen:
            raise InputError(f"Block {code} comes twice, in rows {seen[code]} and {row}.", field="code")
        seen[code] = row
    return codes


def _texts(frame: geopandas.GeoDataFrame, field: str) -> Texts:
    texts = np.full(len(frame), None, dtype=object)
    if field in frame:
        texts[:] = [None if pd.isna(value) or value == "" else str(value) for value in frame[field]]
    return texts


def _counts(frame: geopandas.GeoDataFrame, field: str, codes: Texts) -> Ints:
    if field not in frame:
        return np.zeros(len(frame), dtype=np.int64)
    values = pd.to_numeric(frame[field], errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    wrong = np.flatnonzero(~((values >= 0) & (values == np.floor(values)) & (values < 2**31)))
    if len(wrong):
        i = int(wrong[0])
        raise InputError(
            f"Block {codes[i]} (row {i + 1}) has {frame[field].iloc[i]!r} in {field!r}, which is no count.",
            field=field,
        )
    counts: Ints = values.astype(np.int64)
    return counts


def _attributes(frame: geopandas.GeoDataFrame) -> list[Json]:
    kept = frame.drop(columns=[frame.geometry.name, *(name for name in _COLUMNS if name in frame)])
    return [
        {str(name): _plain(value) for name, value in row.items() if not pd.isna(value)}
        for row in kept.to_dict(orient="records")
    ]


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool) else str(value)
