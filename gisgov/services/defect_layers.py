"""Defects and points of a report as a frame, and as a layer in a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import shapely

from gisgov.files.styles import DEFECTS
from gisgov.files.vectors import write_vectors
from gisgov.geometry.crs import WGS84
from gisgov.services.defect_reports import CheckReport, DefectInfo
from gisgov.services.point_reports import PointFault, PointsReport
from gisgov.services.tree_reports import TreeReport


def write_defects(report: CheckReport | TreeReport, path: Path) -> None:
    """Write the defects of a report, and the points at fault, as a vector layer in EPSG:4326.

    A broken ring that encloses nothing is written as the point where it is broken. In a GeoPackage the layers
    have colours that QGIS opens them with, and points are a layer of their own, ``defects_points``.

    Parameters
    ----------
    report : CheckReport or TreeReport
        What was found; without defects the layer is empty.
    path : pathlib.Path
        Its suffix says the format, such as ``.gpkg`` or ``.geojson``; replaced.

    Raises
    ------
    FileError
        The suffix is of no known format, or the file cannot be written.
    """
    write_vectors(defects_frame(report), path, layer="defects", crs=WGS84, style=DEFECTS)


def defects_frame(report: CheckReport | TreeReport) -> geopandas.GeoDataFrame:
    """Return the defects of a report, and after them the points at fault, as a frame in EPSG:4326.

    Columns: ``number``, ``kind``, ``layer``, ``area_m2``, ``width_m``, ``cover``, ``areas`` (codes, joined by
    commas), ``reason``, ``lon``, ``lat``.
    """
    if isinstance(report, TreeReport):
        return frame_of(report.layers, report.points)
    return frame_of([report], report.points)


def frame_of(reports: Sequence[CheckReport], points: Sequence[PointsReport] = ()) -> geopandas.GeoDataFrame:
    """Return the defects of reports and points at fault as a frame; see `defects_frame`."""
    defects = [(report.layer, defect) for report in reports for defect in report.defects]
    lost = [(held.layer, fault) for held in points for fault in held.faults]
    rows: list[tuple[str | None, DefectInfo | PointFault]] = [*defects, *lost]
    bare = [None] * len(lost)
    columns = {
        "number": np.array([row.number for _, row in rows], dtype=np.int64),
        "kind": [row.kind for _, row in rows],
        "layer": [layer for layer, _ in rows],
        "area_m2": np.array([*(defect.area_m2 for _, defect in defects), *bare], dtype=np.float64),
        "width_m": np.array([*(defect.width_m for _, defect in defects), *bare], dtype=np.float64),
        "cover": pd.array([*(defect.cover for _, defect in defects), *bare], dtype="Int64"),
        "areas": [", ".join(row.areas) for _, row in rows],
        "reason": [*(defect.reason for _, defect in defects), *(_sentence(fault) for _, fault in lost)],
        "lon": np.array([row.lon for _, row in rows], dtype=np.float64),
        "lat": np.array([row.lat for _, row in rows], dtype=np.float64),
    }
    shapes = geopandas.GeoSeries([_shape(row) for _, row in rows], crs=WGS84.name)
    return geopandas.GeoDataFrame(columns, geometry=shapes)


def _sentence(point: PointFault) -> str:
    return f"{point.id} {point.message}"


def _shape(row: DefectInfo | PointFault) -> shapely.Geometry | None:
    if isinstance(row, DefectInfo) and row.geometry is not None:
        return shapely.geometry.shape(row.geometry)
    if row.lon is None or row.lat is None:
        return None
    return shapely.Point(row.lon, row.lat)
