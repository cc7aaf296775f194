"""Points of a file, to be held against areas."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

from gisgov.errors import CoordinateError, FileError
from gisgov.files.crs_choice import choose_crs, refuse_without_crs
from gisgov.files.tables import PointTable, read_points
from gisgov.geometry.crs import CoordinateSystem, from_wgs84
from gisgov.services.importing.point_fields import choose_fields
from gisgov.services.importing.point_places import find_places, points_of
from gisgov.services.point_checks import PointSet
from gisgov.types import Floats, Texts

_ID_NAMES = {
    "id": (
        "external_id", "id", "code", "name", "编号", "编码", "楼栋编号", "楼栋编码", "事件编号", "名称",
        "单位名称",
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PointFile:
    """Points in a file: a table with coordinates, or a vector layer.

    Attributes
    ----------
    path : pathlib.Path
        CSV, Excel, Parquet, GeoJSON, GeoPackage or another vector file.
    layer : str or None
        Its layer or sheet; needed where it has several.
    crs : str or None
        What its coordinates are in; None takes what the file states, which tables do not.
    id_field : str or None
        Column with what the points are called; by default one of a usual name, else their rows.
    lon_field, lat_field : str or None
        Columns of the coordinates, east and north; by default the geometry, or columns of usual names.
    """

    path: Path
    layer: str | None = None
    crs: str | None = None
    id_field: str | None = None
    lon_field: str | None = None
    lat_field: str | None = None


def read_point_file(file: PointFile, system: CoordinateSystem, *, as_drawn: bool = True) -> PointSet:
    """Read points of a file.

    Parameters
    ----------
    file : PointFile
        Where they are.
    system : CoordinateSystem
        What the result is in.
    as_drawn : bool
        Leave coordinates that are in that system as they are; False rounds them to the storage grid of 1e-7°,
        as an import would.

    Returns
    -------
    PointSet
        All rows; one without coordinates, with one that is no number, out of range or ``0, 0`` has no place.
        An outline lies where a point inside it lies.

    Raises
    ------
    FileError
        The file cannot be read or holds no rows.
    CrsError
        Its coordinate system is not known, or what was declared contradicts the file.
    CoordinateError
        Most coordinates cannot be right in it.
    InputError
        A column is missing, or none looks like a coordinate.
    """
    name = file.path.name
    refuse_without_crs(file.crs, file.path)
    table = read_points(file.path, layer=file.layer, lon_field=file.lon_field, lat_field=file.lat_field)
    if not len(table.rows):
        raise FileError(f"{name} holds no rows.", field="points")
    own = choose_crs(file.crs, table.crs, name=name)
    try:
        places = find_places(table, own, near=None, name=name)
    except CoordinateError as error:
        raise CoordinateError(
            error.message, hint="Are --points-crs, --lon-field and --lat-field right?", field="points"
        ) from error
    x, y = _coordinates(places.geometries, table, own, system, as_drawn=as_drawn)
    return PointSet(
        subject=f"file {name}",
        ids=_ids(table, file.id_field),
        sources=np.full(len(table.rows), None, dtype=object),
        x=x,
        y=y,
        problems=np.array([None if why is None else str(why) for why in places.problem], dtype=object),
        messages=places.reason,
    )


def _coordinates(
    placed: Texts, table: PointTable, own: CoordinateSystem, system: CoordinateSystem, *, as_drawn: bool
) -> tuple[Floats, Floats]:
    if as_drawn and own == system:
        drawn = shapely.point_on_surface(shapely.force_2d(table.geometries))
        drawn[shapely.is_missing(placed)] = None
        return shapely.get_x(drawn), shapely.get_y(drawn)
    points = points_of(placed)
    return from_wgs84(shapely.get_x(points), shapely.get_y(points), system)


def _ids(table: PointTable, id_field: str | None) -> Texts:
    given = {} if id_field is None else {"id": id_field}
    choice = choose_fields(table.fields, _ID_NAMES, given, file_name=table.path.name).get("id")
    rows = [f"row {row}" for row in table.rows.tolist()]
    told = rows if choice is None else table.texts(choice.column).tolist()
    return np.array([one or row for one, row in zip(told, rows, strict=True)], dtype=object)
