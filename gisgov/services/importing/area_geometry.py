"""The geometry of rows: what keeps it from being an area, and how it is stored."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from gisgov.geometry.crs import CoordinateSystem, to_wgs84, to_wgs84_geometries
from gisgov.geometry.snap import densify, snap
from gisgov.geometry.validity import EMPTY, MISSING, NOT_A_POLYGON, NOT_FINITE, find_invalid
from gisgov.services.importing.coordinate_ranges import range_faults
from gisgov.services.importing.row_problems import ProblemKind
from gisgov.types import BBox, Bools, Floats, Geometries, Ints, Texts


@dataclass(frozen=True, slots=True, eq=False)
class GeometryFaults:
    """The first fault of each geometry, parallel to the geometries.

    Attributes
    ----------
    kind : numpy.ndarray
        `ProblemKind` or None.
    message : numpy.ndarray
        In words, or None.
    x, y : numpy.ndarray
        Where, in the input's coordinates; NaN where there is no fault or no place.
    """

    kind: Texts
    message: Texts
    x: Floats
    y: Floats

    @property
    def is_sound(self) -> Bools:
        """Which geometries have no fault."""
        return np.array([kind is None for kind in self.kind], dtype=np.bool_)


_OF_REASON = {
    MISSING: (ProblemKind.EMPTY_GEOMETRY, "has no geometry"),
    EMPTY: (ProblemKind.EMPTY_GEOMETRY, "has an empty geometry"),
    NOT_FINITE: (ProblemKind.NOT_FINITE, "has a coordinate that is not finite (NaN or infinite)"),
}


_WITHOUT_PLACE = (ProblemKind.EMPTY_GEOMETRY, ProblemKind.NOT_FINITE)


def polygons_of(geometries: Geometries) -> Geometries:
    """Return geometries in the plane, and collections made of polygons alone as multipolygons.

    Heights and measures are dropped; everything else stays as it is, None too.
    """
    flat: Geometries = shapely.force_2d(np.asarray(geometries, dtype=object))
    collections = np.flatnonzero(shapely.get_type_id(flat) == shapely.GeometryType.GEOMETRYCOLLECTION)
    for i in collections:
        parts = [piece for part in flat[i].geoms for piece in getattr(part, "geoms", (part,))]
        if parts and all(isinstance(part, shapely.Polygon) for part in parts):
            flat[i] = shapely.MultiPolygon(parts)
    return flat


def geometry_faults(geometries: Geometries, *, when_snapped: bool = False) -> GeometryFaults:
    """Find what keeps geometries from being areas: missing, empty, no polygon, not finite, invalid rings.

    Parameters
    ----------
    geometries : numpy.ndarray of shapely.Geometry, shape (n,)
        In any coordinates.
    when_snapped : bool
        Whether they were put onto the storage grid: a fault then is one that the file did not have.

    Returns
    -------
    GeometryFaults
        One fault per geometry at most; the message counts the others of its kind.

    Examples
    --------
    >>> bow_tie = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    >>> faults = geometry_faults(np.array([shapely.box(0, 0, 1, 1), bow_tie], dtype=object))
    >>> faults.kind[1].value, faults.message[1], float(faults.x[1])
    ('invalid-ring', 'has an invalid ring: self-intersection', 1.0)
    """
    count = len(geometries)
    kind, message = np.full(count, None, dtype=object), np.full(count, None, dtype=object)
    x, y = np.full(count, np.nan), np.full(count, np.nan)
    found = find_invalid(geometries)
    times = np.bincount(found.index, minlength=count)
    # from the last to the first, so that the first fault of each geometry stays
    for at, reason, fault_x, fault_y in reversed(
        list(
            zip(found.index.tolist(), found.reason.tolist(), found.x.tolist(), found.y.tolist(), strict=True)
        )
    ):
        kind[at], message[at] = _in_words(geometries[at], reason, int(times[at]), when_snapped=when_snapped)
        x[at], y[at] = fault_x, fault_y
    return GeometryFaults(kind, message, x, y)


def stored_geometries(
    geometries: Geometries,
    system: CoordinateSystem,
    *,
    near: BBox | None = None,
    near_what: str = "the scope",
) -> tuple[Geometries, GeometryFaults]:
    """Put sound polygons into WGS84 on the storage grid, and name the first fault of the others.

    Parameters
    ----------
    geometries : numpy.ndarray of shapely.Geometry, shape (n,)
        As a file has them.
    system : CoordinateSystem
        What their coordinates are in.
    near, near_what : optional
        See `gisgov.services.importing.coordinate_ranges.range_faults`.

    Returns
    -------
    stored : numpy.ndarray
        MultiPolygon in WGS84, or None for a geometry with a fault.
    faults : GeometryFaults
        Places are in ``system``.
    """
    faults = geometry_faults(geometries)
    _add_range_faults(geometries, faults, system, near, near_what)
    sound = np.flatnonzero(faults.is_sound)
    stored = np.full(len(geometries), None, dtype=object)
    moved = snap(to_wgs84_geometries(densify(geometries[sound], system), system))
    snapped = geometry_faults(moved, when_snapped=True)
    for place, at in enumerate(sound.tolist()):
        if snapped.kind[place] is None:
            stored[at] = _as_multipolygon(moved[place])
            continue
        faults.kind[at], faults.message[at] = snapped.kind[place], snapped.message[place]
        faults.x[at], faults.y[at] = shapely.get_coordinates(geometries[at])[0]
    return stored, faults


def places_of(
    geometries: Geometries, faults: GeometryFaults, system: CoordinateSystem, chosen: Ints
) -> tuple[list[float | None], list[float | None]]:
    """Return where to look for some of the rows: the place of the fault, or a point on the polygon.

    Parameters
    ----------
    geometries : numpy.ndarray of shapely.Geometry, shape (n,)
        As a file has them.
    faults : GeometryFaults
        Parallel to them.
    system : CoordinateSystem
        What both are in.
    chosen : numpy.ndarray of int, shape (m,)
        The rows asked about.

    Returns
    -------
    lon, lat : list of float or None
        Of length m, in WGS84 degrees; None where no place on Earth is known.
    """
    sound = faults.is_sound[chosen]
    judged = geometries[chosen]
    judged[~sound] = None
    on = shapely.point_on_surface(judged)
    x = np.where(sound, shapely.get_x(on), faults.x[chosen])
    y = np.where(sound, shapely.get_y(on), faults.y[chosen])
    if system.is_geographic:
        inside = (np.abs(x) <= 180.0) & (np.abs(y) <= 90.0)
        x, y = np.where(inside, x, np.nan), np.where(inside, y, np.nan)
    lon, lat = to_wgs84(x, y, system)
    known = np.isfinite(lon) & np.isfinite(lat) & (np.abs(lon) <= 180.0) & (np.abs(lat) <= 90.0)

    def plain(values: Floats) -> list[float | None]:
        return [
            round(value, 7) if there else None for value, there in zip(values.tolist(), known, strict=True)
        ]

    return plain(lon), plain(lat)


def _add_range_faults(
    geometries: Geometries,
    faults: GeometryFaults,
    system: CoordinateSystem,
    near: BBox | None,
    near_what: str,
) -> None:
    finite = np.array([kind not in _WITHOUT_PLACE for kind in faults.kind], dtype=np.bool_)
    bounds = np.where(finite[:, None], shapely.bounds(geometries), np.nan)
    west, south, east, north = bounds.T
    corners: tuple[tuple[Floats, Floats, BBox | None], ...] = (
        (west, south, None),
        (east, north, None),
        ((west + east) / 2, (south + north) / 2, near),
    )
    # a place that cannot be right explains an invalid ring, not the other way round
    for x, y, box in reversed(corners):
        found = range_faults(x, y, system, near=box, near_what=near_what)
        for i, kind in enumerate(found.kind):
            if kind is not None:
                faults.kind[i], faults.message[i] = kind, found.message[i]
                faults.x[i], faults.y[i] = x[i], y[i]


def _as_multipolygon(geometry: shapely.Geometry) -> shapely.Geometry:
    return shapely.MultiPolygon([geometry]) if isinstance(geometry, shapely.Polygon) else geometry


def _in_words(
    geometry: shapely.Geometry | None, reason: str, times: int, *, when_snapped: bool
) -> tuple[ProblemKind, str]:
    if reason in _OF_REASON:
        return _OF_REASON[reason]
    if reason == NOT_A_POLYGON:
        return ProblemKind.NOT_A_POLYGON, f"is a {getattr(geometry, 'geom_type', 'geometry')}, not a polygon"
    others = f" (and {times - 1} more)" if times > 1 else ""
    if when_snapped:
        told = f"has a ring too thin for the storage grid of 1e-7°: {reason}{others}"
        return ProblemKind.INVALID_WHEN_SNAPPED, told
    return ProblemKind.INVALID_RING, f"has an invalid ring: {reason}{others}"
