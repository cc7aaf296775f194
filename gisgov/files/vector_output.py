"""Vector layers out, in the format that the file's name asks for."""

from __future__ import annotations

import warnings
from pathlib import Path

import geopandas
import pandas as pd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError

from gisgov.errors import FileError
from gisgov.geometry.crs import CoordinateSystem

_DRIVERS = {
    ".gpkg": "GPKG",
    ".shp": "ESRI Shapefile",
    ".geojson": "GeoJSON",
    ".json": "GeoJSON",
    ".fgb": "FlatGeobuf",
    ".kml": "KML",
}
_PARQUET = (".parquet", ".geoparquet")


def write_vectors(
    frame: geopandas.GeoDataFrame,
    path: Path,
    layer: str | None = None,
    *,
    crs: CoordinateSystem | None = None,
) -> None:
    """Write a layer, replacing what was there: in a GeoPackage the layer of that name, else the file.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
        Attributes and geometry.
    path : pathlib.Path
        Its suffix says the format: ``.gpkg .shp .geojson .json .fgb .kml .parquet``.
    layer : str, optional
        Name of the layer, where the format has names; the file's stem without one.
    crs : CoordinateSystem, optional
        What the coordinates are in; without it the frame's own. GCJ-02 and BD-09 have no label that a file
        could carry and are written without.

    Raises
    ------
    FileError
        The suffix is of no such format, or the file cannot be written.
    """
    suffix = path.suffix.lower()
    if suffix not in _DRIVERS and suffix not in _PARQUET:
        raise FileError(
            f"gisgov does not write {suffix or 'a file without suffix'} ({path.name}).",
            hint=f"Choose one of {' '.join([*_DRIVERS, '.parquet'])}.",
        )
    plain = _plain(frame if crs is None else frame.set_crs(crs.crs, allow_override=True))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if suffix in _PARQUET:
            plain.to_parquet(path, index=False)
            return
        with warnings.catch_warnings():
            # of names cut to a Shapefile's ten letters and of a missing CRS: both are known here
            warnings.simplefilter("ignore")
            options = {"encoding": "UTF-8"} if suffix == ".shp" else {}
            pyogrio.write_dataframe(plain, path, layer=layer or path.stem, driver=_DRIVERS[suffix], **options)
    except (
        DataSourceError,
        DataLayerError,
        FeatureError,
        FieldError,
        GeometryError,
        OSError,
        ValueError,
    ) as error:
        reason = " ".join(str(error).split())[:200].rstrip(".")
        raise FileError(f"{path} cannot be written: {reason}.") from error


def _plain(frame: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
    """Turn columns of mixed Python objects into text, which is all that vector formats keep."""
    plain = frame.copy()
    for name in plain.columns.drop(plain.geometry.name):
        if plain[name].dtype == object:
            plain[name] = [None if _is_nothing(value) else str(value) for value in plain[name]]
    return plain


def _is_nothing(value: object) -> bool:
    return value is None or value is pd.NA or (isinstance(value, float) and value != value)
