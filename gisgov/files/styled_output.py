"""Styled layers out, into a GeoPackage."""

from __future__ import annotations

from pathlib import Path

import geopandas
import numpy as np
import pyogrio
import shapely

from gisgov.files.layer_styles import add_styles
from gisgov.files.styles import Style

_POLYGONS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


def write_styled(frame: geopandas.GeoDataFrame, path: Path, layer: str, style: Style) -> None:
    """Write polygons as one layer and points as another: programs open a layer of both without its colours.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
        Polygons, points and rows without geometry.
    path : pathlib.Path
        A GeoPackage; layers of these names are replaced, others stay.
    layer : str
        Name of the layer with all rows, those that are no polygons without geometry. The points are in
        ``LAYER_points``, which is there when there are any, or was before.
    style : Style
        Of both.
    """
    kinds = shapely.get_type_id(frame.geometry.to_numpy())
    polygons = frame.set_geometry(frame.geometry.where(np.isin(kinds, _POLYGONS), None), crs=frame.crs)
    _write(polygons, path, layer, "MultiPolygon")
    styles = {layer: style}
    points = frame[kinds == shapely.GeometryType.POINT]
    beside = f"{layer}_points"
    if len(points) or beside in pyogrio.list_layers(path)[:, 0]:  # one from before is emptied
        _write(points, path, beside, "Point")
        styles[beside] = style
    add_styles(path, styles)


def _write(frame: geopandas.GeoDataFrame, path: Path, layer: str, geometry_type: str) -> None:
    pyogrio.write_dataframe(
        frame,
        path,
        layer=layer,
        driver="GPKG",
        geometry_type=geometry_type,
        promote_to_multi=geometry_type.startswith("Multi"),
    )
