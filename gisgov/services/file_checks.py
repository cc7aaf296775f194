"""A check of a file in the coordinates it was drawn in, without any database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

from gisgov.errors import CoordinateError, InputError
from gisgov.files.columns import find_field, texts_of
from gisgov.files.crs_choice import choose_crs, refuse_without_crs
from gisgov.files.vectors import open_vectors
from gisgov.geometry.coverage import MIN_WIDTH
from gisgov.geometry.crs import (
    CoordinateSystem,
    from_wgs84_geometries,
    to_wgs84,
    to_wgs84_geometries,
    working_crs,
)
from gisgov.geometry.overlay import repaired
from gisgov.geometry.snap import densify
from gisgov.geometry.validity import find_invalid
from gisgov.services.defect_reports import CheckReport
from gisgov.services.examining import Examination, examine
from gisgov.services.importing.area_geometry import polygons_of
from gisgov.services.importing.coordinate_ranges import range_faults
from gisgov.types import Geometries, Ints, Progress, Texts, silent

_DRAWN_M = 0.001
"""Planes are drawn to the millimetre: narrower pieces of ground are rounding."""

_MOVED_M = 0.025
"""What comes from a file in another system is off by up to 1 cm on either side of a long edge."""


@dataclass(frozen=True, slots=True)
class GroundFile:
    """A layer of polygons in a file.

    Attributes
    ----------
    path : pathlib.Path
        The file.
    layer : str or None
        Its layer; needed where it has several.
    crs : str or None
        What its coordinates are in; None takes what the file states.
    code_field : str or None
        Field with the codes.
    """

    path: Path
    layer: str | None = None
    crs: str | None = None
    code_field: str | None = None

    @property
    def words(self) -> str:
        """What to call it in a report."""
        return f"file {self.path.name}" + (f", layer {self.layer}" if self.layer else "")


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """The polygons of a file as they were drawn; ``fields`` are texts, None where a row has none."""

    layer: str
    system: CoordinateSystem
    geometries: Geometries
    rows: Ints
    fields: dict[str, Texts]


def check_file(
    path: Path,
    *,
    crs: str | None = None,
    layer: str | None = None,
    scope: GroundFile | Path | None = None,
    code_field: str | None = None,
    parents: GroundFile | None = None,
    parent_field: str | None = None,
    must_cover: bool = True,
    configured_crs: str | None = None,
    progress: Progress = silent,
) -> CheckReport:
    """Find the defects of the areas in a file, in the coordinates it was drawn in.

    Parameters
    ----------
    path : pathlib.Path
        A GeoPackage, Shapefile, GeoJSON, GeoParquet, KML or FlatGeobuf file.
    crs : str, optional
        What its coordinates are in; needed where the file does not state it.
    layer : str, optional
        Its layer; needed where the file has several.
    scope : GroundFile or pathlib.Path, optional
        The ground that its areas are to cover; without it, only gaps that they enclose are found.
    code_field : str, optional
        Field with their codes; without it they are called by their row.
    parents : GroundFile, optional
        The areas that each is to lie in; needs its ``code_field`` when ``parent_field`` is given.
    parent_field : str, optional
        Field that names the parent of each area; without it the parent is the one with most of its ground.
    must_cover : bool
        False for an overlay: gaps are no defects.
    configured_crs : str, optional
        Plane to measure in, instead of the one chosen by place.
    progress : Progress
        Told of the neighbours compared.

    Returns
    -------
    CheckReport
        Places and polygons are in WGS84 degrees.

    Raises
    ------
    FileError
        A file is absent, empty, truncated or of another kind.
    CrsError
        The coordinate system of a file is unknown, or contradicts what was declared.
    CoordinateError
        Rows have their axes swapped, or lie where that system is not used: measured in a plane that is
        not made for them they would pass for sound. The message names the first and counts them.
    InputError
        There is no such layer or field, the file holds no areas, or the scope is no valid polygon.
    """
    if parents is not None and parent_field is not None and parents.code_field is None:
        raise InputError(
            f"To find the parents that {parent_field!r} names, the field with the codes in "
            f"{parents.path.name} must be known.",
            field="parents",
        )
    drawn = _read(GroundFile(path, layer, crs), [code_field, parent_field])
    _refuse_misplaced(drawn, path.name)
    moved = False
    outline, around, parent_of = None, None, None
    if scope is not None:
        scope = scope if isinstance(scope, GroundFile) else GroundFile(scope)
        whole = _read(scope, [])
        outline = _union(whole, scope.path.name, drawn.system)
        moved |= whole.system != drawn.system
    if parents is not None:
        hosts = _read(parents, [parents.code_field])
        around = _in_system(hosts, drawn.system)
        moved |= hosts.system != drawn.system
        parent_of = (
            _largest_share(drawn.geometries, around)
            if parent_field is None
            else _named(drawn.fields[parent_field], hosts.fields[parents.code_field or ""])
        )
    return examine(
        Examination(
            areas=drawn.geometries,
            labels=_labels(drawn, code_field),
            system=drawn.system,
            working=_working(drawn, configured_crs),
            min_width=_min_width(drawn.system, moved=moved),
            must_cover=must_cover,
            scope=outline,
            parents=around,
            parent_of=parent_of,
        ),
        subject=path.name,
        layer=drawn.layer,
        scope="none: gaps are those that the areas enclose" if scope is None else scope.words,
        parents=None if parents is None else parents.words,
        progress=progress,
    )


def ground_of_file(ground: GroundFile, system: CoordinateSystem) -> shapely.Geometry:
    """Return the union of all polygons of a file, in another system.

    Parameters
    ----------
    ground : GroundFile
        The file.
    system : CoordinateSystem
        What the result is in. Long edges get vertices before they are moved, so that no border moves by
        more than 1 cm.

    Raises
    ------
    FileError, CrsError, InputError
        See `check_file`; also when a polygon is invalid: without a sound scope nothing can be called a gap.
    """
    return _union(_read(ground, []), ground.path.name, system)


def _union(drawn: _Drawn, name: str, system: CoordinateSystem) -> shapely.Geometry:
    invalid = find_invalid(drawn.geometries)
    if len(invalid):
        i = int(invalid.index[0])
        raise InputError(
            f"{name}: row {drawn.rows[i]} is no sound polygon: {invalid.reason[0]} at "
            f"({invalid.x[0]:.7f}, {invalid.y[0]:.7f}).",
            hint="Mend the scope first: without it nothing can be called a gap.",
            field="scope",
        )
    return shapely.union_all(_in_system(drawn, system))


def _read(ground: GroundFile, wanted: list[str | None]) -> _Drawn:
    name = ground.path.name
    refuse_without_crs(ground.crs, ground.path)
    with open_vectors(ground.path, layer=ground.layer) as source:
        system = choose_crs(ground.crs, source.crs, name=name)
        found = {field: find_field(source.fields, field, file_name=name) for field in wanted if field}
        batches = list(source.batches())
    if not sum(len(batch.rows) for batch in batches):
        raise InputError(f"{name} holds no areas.", field="file")
    return _Drawn(
        layer=source.layer,
        system=system,
        geometries=polygons_of(np.concatenate([batch.geometries for batch in batches])),
        rows=np.concatenate([batch.rows for batch in batches]),
        fields={
            field: np.concatenate([texts_of(batch.attributes.column(real), field=real) for batch in batches])
            for field, real in found.items()
        },
    )


def _refuse_misplaced(drawn: _Drawn, name: str) -> None:
    west, south, east, north = shapely.bounds(drawn.geometries).T
    lower = range_faults(west, south, drawn.system).message
    upper = range_faults(east, north, drawn.system).message
    messages = np.array([one or other for one, other in zip(lower, upper, strict=True)], dtype=object)
    wrong = np.flatnonzero(messages.astype(bool))
    if len(wrong):
        first = wrong[0]
        others = f" ({len(wrong)} rows are out of place)" if len(wrong) > 1 else ""
        raise CoordinateError(
            f"{name}: row {drawn.rows[first]} {messages[first]}{others}.",
            hint="Mend those rows, or name the system they are in with --crs.",
            field="file",
        )


def _in_system(drawn: _Drawn, system: CoordinateSystem) -> Geometries:
    if drawn.system == system:
        return drawn.geometries
    sound = densify(repaired(drawn.geometries, find_invalid(drawn.geometries)), drawn.system, target=system)
    return from_wgs84_geometries(to_wgs84_geometries(sound, drawn.system), system)


def _labels(drawn: _Drawn, code_field: str | None) -> list[str]:
    codes = [None] * len(drawn.rows) if code_field is None else drawn.fields[code_field].tolist()
    return [code or f"row {row}" for code, row in zip(codes, drawn.rows.tolist(), strict=True)]


def _working(drawn: _Drawn, configured: str | None) -> CoordinateSystem:
    bounds = shapely.bounds(drawn.geometries)
    sane = bounds[np.isfinite(bounds).all(axis=1)]
    if not len(sane):
        raise InputError("No area of the file has coordinates.", field="file")
    # the middle one of all places: a row with swapped or mistyped coordinates does not move the plane away
    x, y = np.median(sane[:, :2] + sane[:, 2:], axis=0) / 2
    lon, lat = to_wgs84([x], [y], drawn.system)
    return working_crs(float(lon[0]), float(lat[0]), configured)


def _min_width(system: CoordinateSystem, *, moved: bool) -> float:
    if system.is_geographic or system.crs is None:
        return MIN_WIDTH
    metres = _MOVED_M if moved else _DRAWN_M
    return metres / float(system.crs.axis_info[0].unit_conversion_factor)


def _named(parents: Texts, codes: Texts) -> Ints:
    number = {code: i for i, code in enumerate(codes) if code is not None}
    return np.array([number.get(code, -1) for code in parents], dtype=np.int64)


def _largest_share(areas: Geometries, parents: Geometries) -> Ints:
    """Return for each area the number of the parent with most of its ground, −1 where none has any."""
    ground = repaired(areas, find_invalid(areas))
    hosts = repaired(parents, find_invalid(parents))
    child, parent = shapely.STRtree(hosts).query(ground, predicate="intersects")
    common = shapely.area(shapely.intersection(ground[child], hosts[parent]))
    order = np.lexsort((parent, -common, child))
    child, parent, common = child[order], parent[order], common[order]
    first = np.unique(child[common > 0], return_index=True)
    found = np.full(len(areas), -1, dtype=np.int64)
    found[first[0]] = parent[common > 0][first[1]]
    return found
