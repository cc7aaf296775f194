"""Vector layers out, in the format that the file's name asks for."""

from __future__ import annotations

import contextlib
import os
import warnings
from collections.abc import Iterator
from pathlib import Path

import geopandas
import pandas as pd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError

from gisgov.errors import FileError
from gisgov.files.styled_output import write_styled
from gisgov.files.styles import Style
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
    style: Style | None = None,
    encoding: str = "UTF-8",
) -> None:
    """Write a layer, replacing what was there: in a GeoPackage the layer of that name, else the file.

    A file that was not there appears whole or not at all (a Shapefile, which is several files, excepted).

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
    style : Style, optional
        Colours that QGIS opens the layer with; only a GeoPackage can carry them, elsewhere they are left out.
        A styled layer is one of polygons: points in the frame go to a second layer, named after the first
        with ``_points``, and their rows in the first have no geometry.
    encoding : str
        Of the text of a Shapefile; the other formats have one of their own.

    Raises
    ------
    FileError
        The suffix is of no such format, or the file cannot be written.

    Examples
    --------
    >>> import tempfile, shapely
    >>> from gisgov.files.styles import AREAS
    >>> frame = geopandas.GeoDataFrame({"code": ["1"]}, geometry=[shapely.box(0, 0, 1, 1)], crs=4326)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_vectors(frame, Path(folder) / "areas.gpkg", style=AREAS)
    ...     [str(name) for name, _ in pyogrio.list_layers(Path(folder) / "areas.gpkg")]
    ['areas', 'layer_styles']
    """
    driver = driver_of(path)
    plain = _plain(frame if crs is None else frame.set_crs(crs.crs, allow_override=True))
    with plain_write_failures(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole(path) as place, warnings.catch_warnings():
            # of names cut to a Shapefile's ten letters and of a missing CRS: both are known here
            warnings.simplefilter("ignore")
            if driver is None:
                plain.to_parquet(place, index=False)
            elif driver == "GPKG" and style is not None:
                write_styled(plain, place, layer or path.stem, style)
            else:
                options = {"encoding": encoding} if driver == _DRIVERS[".shp"] else {}
                pyogrio.write_dataframe(plain, place, layer=layer or path.stem, driver=driver, **options)


def driver_of(path: Path) -> str | None:
    """Return the name of GDAL's driver for a file by its suffix, None for GeoParquet.

    Raises
    ------
    FileError
        The suffix is of no format that gisgov writes.
    """
    suffix = path.suffix.lower()
    if suffix not in _DRIVERS and suffix not in _PARQUET:
        raise FileError(
            f"gisgov does not write {suffix or 'a file without suffix'} ({path.name}).",
            hint=f"Choose one of {' '.join([*_DRIVERS, '.parquet'])}.",
        )
    return _DRIVERS.get(suffix)


@contextlib.contextmanager
def plain_write_failures(path: Path) -> Iterator[None]:
    """Turn what libraries raise while they write into one error about the file.

    Raises
    ------
    FileError
        The file cannot be written.
    """
    try:
        yield
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


@contextlib.contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give the place to write to: aside, and then put in place, wherever that can be done in one step.

    An existing GeoPackage is written to as it stands: others may have it open, and its other layers stay.
    """
    if path.suffix.lower() == ".shp" or (path.suffix.lower() == ".gpkg" and path.exists()):
        yield path
        return
    aside = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    try:
        yield aside
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def _plain(frame: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
    """Turn columns of mixed Python objects into text, which is all that vector formats keep."""
    plain = frame.copy()
    for name in plain.columns.drop(plain.geometry.name):
        if plain[name].dtype == object:
            plain[name] = [None if _is_nothing(value) else str(value) for value in plain[name]]
    return plain


def _is_nothing(value: object) -> bool:
    return value is None or value is pd.NA or (isinstance(value, float) and value != value)
