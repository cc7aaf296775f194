"""Giving the areas of a file their codes, without a database."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

from gisgov.errors import InputError
from gisgov.files.columns import find_field
from gisgov.files.tables import PointTable, read_points
from gisgov.governance.codes import CodeScheme, number_areas
from gisgov.services.area_codes import GivenCode, check_codes
from gisgov.types import Geometries, Ints


@dataclass(frozen=True, slots=True)
class NumberedArea:
    """An area with its code; ``is_new`` when the code was given out now.

    Attributes
    ----------
    row : int
        Row in the file, from 1.
    parent : str
        Code of the area above.
    code : str
        The area's code.
    is_new : bool
        Whether the code was given out now.
    """

    row: int
    parent: str
    code: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class AreasNumbered:
    """Areas of a file with their codes, in the order of the file.

    Attributes
    ----------
    scheme, series : str
        The scheme, and the series of numbers that was used.
    new : int
        How many codes were given out.
    areas : tuple of NumberedArea
        One for each area, in the order of the file.
    """

    scheme: str
    series: str
    new: int
    areas: tuple[NumberedArea, ...]


@dataclass(frozen=True, slots=True)
class NumberingFields:
    """Which fields of a file hold what.

    Attributes
    ----------
    parent : str
        Code of the area above.
    code : str or None
        Code of areas that have one already; they keep it and its number is not given out again.
    x, y : str or None
        A place in each area, east and north. Without them its geometry is taken.
    """

    parent: str
    code: str | None = None
    x: str | None = None
    y: str | None = None


def number_file(
    path: Path,
    scheme: CodeScheme,
    fields: NumberingFields,
    *,
    layer: str | None = None,
    series: str | None = None,
    given: Mapping[str, str] | None = None,
    row_height: float | None = None,
    taken: Iterable[str] = (),
) -> AreasNumbered:
    """Give the areas of a file their codes; see `number_areas` for the order.

    Parameters
    ----------
    path : pathlib.Path
        A table with places, or a vector layer, whose areas are placed by their centroid and whose rows are as
        high as a mean area is wide.
    scheme : CodeScheme
        The scheme of the codes.
    fields : NumberingFields
        Which fields hold what.
    layer : str, optional
        Layer or sheet; needed when the file has several.
    series, given, row_height
        As for `number_areas`.
    taken : iterable of str
        Codes that were given out elsewhere, besides those in the file.

    Raises
    ------
    FileError
        The file cannot be read.
    InputError
        A field is missing, an area has no place or no parent, a code in the file does not follow the scheme
        or stands twice, or the numbers run out.
    """
    table = read_points(path, layer=layer, lon_field=fields.x, lat_field=fields.y)
    names = table.columns.column_names
    parent_field = find_field(names, fields.parent, file_name=path.name)
    parents = table.texts(parent_field)
    codes = np.full(len(parents), None, dtype=object)
    if fields.code is not None:
        codes = table.texts(find_field(names, fields.code, file_name=path.name))
    kept = [
        GivenCode(int(row), code) for row, code in zip(table.rows, codes, strict=True) if code is not None
    ]
    for problem in check_codes(scheme, kept).problems:
        raise InputError(
            f"{path.name}, row {problem.row}: code {problem.code!r} {problem.message}.", field="code"
        )
    new = np.flatnonzero([code is None for code in codes])
    _check_rows(table, new, parents.tolist(), parent_field)
    if row_height is None and fields.x is None:
        row_height = _mean_side(table)
    places = _places(table.geometries[new])
    codes[new] = number_areas(
        scheme,
        parents[new],
        shapely.get_x(places),
        shapely.get_y(places),
        taken=[*taken, *(one.code for one in kept if one.code is not None)],
        series=series,
        given=given,
        row_height=row_height,
    )
    fresh = set(new.tolist())
    areas = tuple(
        NumberedArea(int(table.rows[i]), parents[i] or "", codes[i], i in fresh) for i in range(len(codes))
    )
    return AreasNumbered(scheme.name, scheme.find_series(series).name, len(fresh), areas)


def _check_rows(table: PointTable, new: Ints, parents: list[str | None], parent_field: str) -> None:
    for i in new.tolist():
        where = f"{table.path.name}, row {table.rows[i]}"
        if table.reasons[i] is not None:
            raise InputError(f"{where} {table.reasons[i]}.", hint="Every area to be numbered needs a place.")
        if parents[i] is None:
            raise InputError(f"{where} has no value in {parent_field!r}.", field=parent_field)


def _places(areas: Geometries) -> Geometries:
    """Centroids, which is where people see an area; a point on it where two areas have the same centroid."""
    centroids = shapely.centroid(areas)
    _, which, count = np.unique(shapely.to_wkb(centroids), return_inverse=True, return_counts=True)
    return np.where(count[which] > 1, shapely.point_on_surface(areas), centroids)


def _mean_side(table: PointTable) -> float | None:
    """Side of a square as large as a mean area, None where there are points alone."""
    sizes = shapely.area(table.geometries)
    sizes = sizes[np.isfinite(sizes) & (sizes > 0)]
    return math.sqrt(float(sizes.mean())) if len(sizes) else None
