"""What a check of a coverage found, told in codes, square metres and places."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas
import numpy as np
import shapely

from gisgov.files.vectors import write_vectors
from gisgov.geometry.crs import WGS84
from gisgov.types import Json


@dataclass(frozen=True, slots=True)
class DefectInfo:
    """One defect.

    Attributes
    ----------
    kind : str
        ``gap``, ``overlap``, ``outside``, ``crosses-parent``, ``invalid-ring``, ``several-parts`` or
        ``missing-parent``.
    area_m2 : float
        Ground at fault.
    areas : tuple of str
        Codes of the areas involved: those around a gap, all that lie on an overlap.
    reason : str or None
        For an invalid ring: what is wrong with it.
    lon, lat : float or None
        A point on it in WGS84 degrees; None where it has no place.
    geometry : dict or None
        Its ground as GeoJSON in WGS84 degrees; None where it has none.
    """

    kind: str
    area_m2: float
    areas: tuple[str, ...]
    reason: str | None
    lon: float | None
    lat: float | None
    geometry: Json | None


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check found.

    Attributes
    ----------
    subject : str
        Name of the plan or of the file.
    layer : str or None
        Name of the plan's layer; of the file's layer for a file.
    areas : int
        How many areas were checked.
    scope : str
        What they were to cover, in words.
    parents : str or None
        What they were to lie in, in words; None where nothing was asked.
    crs : str
        System of the coordinates that were compared: for a file the one it was drawn in.
    measured_in : str
        Plane that the square metres come from.
    clean : bool
        Whether there is no defect.
    counts : dict
        Number of defects of every kind that was looked for.
    ground_m2 : dict
        Their ground in square metres, for the same kinds.
    ignored : int
        Pieces too thin to mean anything: narrower than the storage grid or the drawing precision.
    defects : tuple of DefectInfo
        Kind by kind, the largest first.
    """

    subject: str
    layer: str | None
    areas: int
    scope: str
    parents: str | None
    crs: str
    measured_in: str
    clean: bool
    counts: dict[str, int]
    ground_m2: dict[str, float]
    ignored: int
    defects: tuple[DefectInfo, ...]


_WORDS = {
    "gap": ("gap", "gaps"),
    "overlap": ("overlap", "overlaps"),
    "outside": ("piece outside", "pieces outside"),
    "crosses-parent": ("piece outside its parent", "pieces outside their parents"),
    "invalid-ring": ("invalid ring", "invalid rings"),
    "several-parts": ("area in several parts", "areas in several parts"),
    "missing-parent": ("area without parent", "areas without parent"),
}


def counted(counts: Mapping[str, int]) -> str:
    """Return the counts of a report in words.

    Examples
    --------
    >>> counted({"gap": 2, "overlap": 0, "invalid-ring": 1})
    '2 gaps and 1 invalid ring'
    >>> counted({"gap": 0})
    'no defects'
    """
    told = [f"{count} {_WORDS[kind][count > 1]}" for kind, count in counts.items() if count]
    if not told:
        return "no defects"
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"


def write_defects(report: CheckReport, path: Path) -> None:
    """Write the defects of a report as a vector layer in EPSG:4326, replacing the file.

    A broken ring that encloses nothing is written as the point where it is broken.

    Parameters
    ----------
    report : CheckReport
        What was found; without defects the layer is empty.
    path : pathlib.Path
        Its suffix says the format, such as ``.gpkg`` or ``.geojson``.

    Raises
    ------
    FileError
        The suffix is of no known format, or the file cannot be written.
    """
    write_vectors(defects_frame(report), path, layer="defects", crs=WGS84)


def defects_frame(report: CheckReport) -> geopandas.GeoDataFrame:
    """Return the defects of a report as a frame in EPSG:4326.

    Columns: ``kind``, ``area_m2``, ``areas`` (codes, joined by commas), ``reason``, ``lon``, ``lat``.
    """
    columns = {
        "kind": [defect.kind for defect in report.defects],
        "area_m2": np.array([defect.area_m2 for defect in report.defects], dtype=np.float64),
        "areas": [", ".join(defect.areas) for defect in report.defects],
        "reason": [defect.reason for defect in report.defects],
        "lon": np.array([defect.lon for defect in report.defects], dtype=np.float64),
        "lat": np.array([defect.lat for defect in report.defects], dtype=np.float64),
    }
    shapes = geopandas.GeoSeries([_shape(defect) for defect in report.defects], crs="EPSG:4326")
    return geopandas.GeoDataFrame(columns, geometry=shapes)


def defect_info(
    kind: str,
    area_m2: float,
    areas: tuple[str, ...],
    reason: str | None,
    place: tuple[float, float],
    ground: shapely.Geometry | None,
) -> DefectInfo:
    """Return a defect; ``place`` (NaN where unknown) and ``ground`` are in WGS84 degrees."""
    lon, lat = (round(float(part), 7) if np.isfinite(part) else None for part in place)
    return DefectInfo(
        kind=kind,
        area_m2=round(area_m2, 3),
        areas=areas,
        reason=reason,
        lon=None if lat is None else lon,
        lat=None if lon is None else lat,
        geometry=_geojson(ground),
    )


def _geojson(ground: shapely.Geometry | None) -> Json | None:
    if ground is None or shapely.is_empty(ground) or not np.isfinite(shapely.get_coordinates(ground)).all():
        return None
    geojson: Json = json.loads(shapely.to_geojson(ground))
    return geojson


def _shape(defect: DefectInfo) -> shapely.Geometry | None:
    if defect.geometry is not None:
        return shapely.geometry.shape(defect.geometry)
    if defect.lon is None or defect.lat is None:
        return None
    return shapely.Point(defect.lon, defect.lat)
