"""The ground that a plan covers: the outline in a file, or an area of a layer above."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import cast

import numpy as np
import shapely
import sqlalchemy as sa

from gisgov.errors import InputError, NotFoundError
from gisgov.files.crs_choice import choose_crs
from gisgov.files.formats import SUFFIXES
from gisgov.files.vectors import read_vectors
from gisgov.geometry.snap import snap
from gisgov.services.importing.area_geometry import polygons_of, stored_geometries
from gisgov.store.geometry_columns import multipolygons
from gisgov.store.imports import outlines_of_code
from gisgov.types import BBox


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """The ground that a plan covers: its code, and its outline (EPSG:4326) where one is known.

    Without either it is the whole ground of the layer.
    """

    code: str
    outline: shapely.MultiPolygon | None

    @property
    def bbox(self) -> BBox | None:
        """``(west, south, east, north)`` in WGS84 degrees; None where no outline is known."""
        if self.outline is None:
            return None
        west, south, east, north = shapely.bounds(self.outline).tolist()
        return (west, south, east, north)

    def is_same(self, other: Scope) -> bool:
        """Whether the other scope has the same code and covers the same ground."""
        if self.outline is None or other.outline is None:
            return self.code == other.code and self.outline is other.outline
        return self.code == other.code and bool(shapely.equals(self.outline, other.outline))


def find_scope(
    connection: sa.Connection,
    wanted: str | None,
    code: str | None,
    *,
    day: date,
    crs: str | None,
    is_code: bool = False,
) -> Scope:
    """Find the ground that a plan covers.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction.
    wanted : str or None
        Path of a file, or code of an area.
    code : str or None
        Code for the outline of a file.
    day : datetime.date
        Day on which the area is in force.
    crs : str or None
        What a file that does not say so is in.
    is_code : bool
        ``wanted`` is no path, whatever it looks like: it came from somebody who may read no file here.

    Raises
    ------
    FileError, CrsError
        The file cannot be read or understood.
    InputError
        Its outline is no sound polygon.
    NotFoundError
        No area has that code.
    """
    if wanted is None:
        return Scope(code or "", None)
    path = Path(wanted)
    if not is_code and (path.suffix.lower() in SUFFIXES or path.is_file()):
        return Scope(code or "", read_outline(path, crs))
    outlines = outlines_of_code(connection, wanted, day)
    if not outlines:
        raise NotFoundError(
            f"No area in force on {day} has the code {wanted!r}, and no file is called so.",
            hint="Give the code of an area, or a file with the outline.",
            field="scope",
        )
    if len(outlines) > 1:
        layers = ", ".join(layer for layer, _ in outlines)
        raise InputError(
            f"Code {wanted!r} is an area of several layers: {layers}.",
            hint="Give the outline as a file.",
            field="scope",
        )
    return Scope(wanted, outlines[0][1])


def read_outline(path: Path, crs: str | None) -> shapely.MultiPolygon:
    """Read the outline in a file, in WGS84 on the storage grid; several polygons are joined.

    Raises
    ------
    FileError, CrsError
        The file cannot be read or understood.
    InputError
        It holds no polygon, or one that is not sound.
    """
    table = read_vectors(path)
    # what was declared is of the areas' file; the outline's own word goes first
    system = table.crs or choose_crs(crs, None, name=path.name)
    stored, faults = stored_geometries(polygons_of(table.frame.geometry.to_numpy()), system)
    for row, kind, message in zip(table.row_numbers.tolist(), faults.kind, faults.message, strict=True):
        if kind is not None:
            raise InputError(f"Row {row} of the scope {path.name} {message}.", field="scope")
    if not len(stored):
        raise InputError(f"The scope {path.name} holds no polygon.", field="scope")
    joined = multipolygons(snap(np.array([shapely.union_all(stored)], dtype=object)))
    return cast("shapely.MultiPolygon", joined[0])
