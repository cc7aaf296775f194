"""A check of a file in the coordinates it was drawn in, without any database."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import shapely

from gisgov.errors import InputError
from gisgov.geometry.crs import CoordinateSystem, to_wgs84, working_crs
from gisgov.geometry.overlay import repaired
from gisgov.geometry.validity import find_invalid
from gisgov.services.defect_reports import CheckReport
from gisgov.services.examining import AskedCoverage, Examination
from gisgov.services.ground_files import GroundFile, read_ground
from gisgov.services.misplaced_rows import find_misplaced
from gisgov.services.point_files import PointFile, read_point_file
from gisgov.services.tolerances import ToleranceChoice, usual_tolerances
from gisgov.types import Geometries, Ints, Progress, Texts, silent


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
    tolerances: ToleranceChoice | None = None,
    points: Sequence[PointFile] = (),
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
    tolerances : ToleranceChoice, optional
        What is narrow or small; by default `gisgov.services.tolerances.usual_tolerances`.
    points : sequence of PointFile, optional
        Points that are to lie in exactly one of the areas each.
    configured_crs : str, optional
        Plane to measure in, instead of the one chosen by place.
    progress : Progress
        Told how the check advances.

    Returns
    -------
    CheckReport
        Places and polygons are in WGS84 degrees. Rows that lie off the globe or have their axes swapped are
        invalid rings with that as their reason; measured in a plane that is not made for them they would pass
        for sound.

    Raises
    ------
    FileError
        A file is absent, empty, truncated or of another kind.
    CrsError
        The coordinate system of a file is unknown, or contradicts what was declared.
    CoordinateError
        Most of the rows lie where that system is not used: the file is in another.
    InputError
        There is no such layer or field, the file holds no areas, the scope is no valid polygon, or a
        tolerance is negative.
    """
    scope = scope if scope is None or isinstance(scope, GroundFile) else GroundFile(scope)
    asked = ask_file(
        GroundFile(path, layer, crs, code_field),
        scope=scope,
        parents=parents,
        parent_field=parent_field,
        must_cover=must_cover,
        tolerances=tolerances,
        configured_crs=configured_crs,
    )
    given = [read_point_file(file, asked.question.system) for file in points]
    return asked.report(progress, given)


def ask_file(
    file: GroundFile,
    *,
    scope: GroundFile | None = None,
    parents: GroundFile | None = None,
    parent_field: str | None = None,
    must_cover: bool = True,
    tolerances: ToleranceChoice | None = None,
    configured_crs: str | None = None,
) -> AskedCoverage:
    """Read a file and what its areas are held against, to be checked; see `check_file` for the errors."""
    if parents is not None and parent_field is not None and parents.code_field is None:
        raise InputError(
            f"To find the parents that {parent_field!r} names, the field with the codes in "
            f"{parents.path.name} must be known.",
            field="parents",
        )
    drawn = read_ground(file, parent_field)
    misplaced = find_misplaced(drawn)
    areas = drawn.geometries.copy()
    areas[misplaced.index] = None
    system, moved = drawn.system, False
    outline, around, parent_of = None, None, None
    if scope is not None:
        whole = read_ground(scope)
        outline = whole.union(system)
        moved |= whole.system != system
    if parents is not None:
        hosts = read_ground(parents)
        around = hosts.into(system)
        moved |= hosts.system != system
        parent_of = (
            _largest_share(areas, around)
            if parent_field is None
            else _named(drawn.fields[parent_field], hosts.fields[parents.code_field or ""])
        )
    return AskedCoverage(
        Examination(
            areas=areas,
            labels=drawn.labels,
            system=system,
            working=_working(areas, system, configured_crs),
            tolerances=(tolerances or ToleranceChoice()).over(usual_tolerances(system, moved=moved)),
            must_cover=must_cover,
            scope=outline,
            parents=around,
            parent_of=parent_of,
            misplaced=misplaced,
        ),
        subject=file.path.name,
        layer=drawn.layer,
        scope="none: gaps are those that the areas enclose" if scope is None else scope.words,
        parents=None if parents is None else parents.words,
    )


def _working(areas: Geometries, system: CoordinateSystem, configured: str | None) -> CoordinateSystem:
    bounds = shapely.bounds(areas)
    sane = bounds[np.isfinite(bounds).all(axis=1)]
    if not len(sane):
        raise InputError("No area of the file has coordinates.", field="file")
    # the middle one of all places: a mistyped coordinate does not move the plane away
    x, y = np.median(sane[:, :2] + sane[:, 2:], axis=0) / 2
    lon, lat = to_wgs84([x], [y], system)
    return working_crs(float(lon[0]), float(lat[0]), configured)


def _named(parents: Texts, codes: Texts) -> Ints:
    number = {code: i for i, code in enumerate(codes) if code is not None}
    return np.array([number.get(code, -1) for code in parents], dtype=np.int64)


def _largest_share(areas: Geometries, parents: Geometries) -> Ints:
    """Return for each area the number of the parent with most of its ground, −1 where none has any."""
    ground = repaired(areas, find_invalid(areas))
    hosts = repaired(parents, find_invalid(parents))
    shapely.prepare(hosts)
    child, parent = shapely.STRtree(hosts).query(ground)
    common = np.zeros(len(child))
    # most areas lie in one parent as a whole; what they share with others need not be cut out
    whole = shapely.covers(hosts[parent], ground[child])
    common[whole] = shapely.area(ground[child[whole]])
    cut = ~np.isin(child, child[whole])
    common[cut] = shapely.area(shapely.intersection(ground[child[cut]], hosts[parent[cut]]))
    order = np.lexsort((parent, -common, child))
    child, parent, common = child[order], parent[order], common[order]
    first = np.unique(child[common > 0], return_index=True)
    found = np.full(len(areas), -1, dtype=np.int64)
    found[first[0]] = parent[common > 0][first[1]]
    return found
