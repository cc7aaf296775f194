"""Styles inside a GeoPackage: the table ``layer_styles``, where QGIS looks for them when it opens a layer."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from gisgov.errors import FileError, InputError
from gisgov.files.qml import Shape, qml
from gisgov.files.sld import sld
from gisgov.files.styles import Style

_TABLE = """
CREATE TABLE IF NOT EXISTS layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    f_table_catalog TEXT(256),
    f_table_schema TEXT(256),
    f_table_name TEXT(256),
    f_geometry_column TEXT(256),
    styleName TEXT(30),
    styleQML TEXT,
    styleSLD TEXT,
    useAsDefault BOOLEAN,
    description TEXT,
    owner TEXT(30),
    ui TEXT(30),
    update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
)
"""

# readers that keep to the standard see no table that is not listed among the contents
_LISTED = """
INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id)
SELECT 'layer_styles', 'attributes', 'layer_styles', '', 0
WHERE NOT EXISTS (SELECT 1 FROM gpkg_contents WHERE table_name = 'layer_styles')
"""

_FORMER = "DELETE FROM layer_styles WHERE f_table_name = :layer AND styleName = :name"

_NO_OTHER_DEFAULT = "UPDATE layer_styles SET useAsDefault = 0 WHERE f_table_name = :layer"

_NEW = """
INSERT INTO layer_styles (
    f_table_catalog, f_table_schema, f_table_name, f_geometry_column,
    styleName, styleQML, styleSLD, useAsDefault, description, owner, ui
)
VALUES ('', '', :layer, :column, :name, :qml, :sld, 1, :description, '', NULL)
"""

_SHAPES: dict[str, Shape] = {
    "POLYGON": "polygon",
    "MULTIPOLYGON": "polygon",
    "POINT": "point",
    "MULTIPOINT": "point",
}


def add_styles(path: Path, styles: Mapping[str, Style]) -> None:
    """Give layers of a GeoPackage their styles; QGIS then opens them coloured.

    Parameters
    ----------
    path : pathlib.Path
        An existing GeoPackage.
    styles : mapping of str to Style
        Name of a layer → its style, which becomes the layer's default. Styles of other names stay.

    Raises
    ------
    InputError
        There is no such layer, or it holds something else than polygons or points.
    FileError
        The file is no GeoPackage, or cannot be written.
    """
    try:
        place = f"{path.absolute().as_uri()}?mode=rw"
        with closing(sqlite3.connect(place, uri=True)) as database, database:  # all styles or none
            database.execute("BEGIN")  # Python begins none for the table
            database.execute(_TABLE)
            database.execute(_LISTED)
            for layer, style in styles.items():
                _add(database, path, layer, style)
    except sqlite3.Error as error:
        raise FileError(f"The styles of {path.name} cannot be written: {error}.") from error


def _add(database: sqlite3.Connection, path: Path, layer: str, style: Style) -> None:
    found = database.execute(
        "SELECT column_name, geometry_type_name FROM gpkg_geometry_columns WHERE table_name = ?", (layer,)
    ).fetchone()
    if found is None:
        raise InputError(f"{path.name} has no layer {layer!r} that could be given a style.")
    column, kind = found
    shape = _SHAPES.get(kind.upper())
    if shape is None:
        raise InputError(f"Layer {layer!r} of {path.name} holds neither polygons nor points but {kind}.")
    row = {
        "layer": layer,
        "column": column,
        "name": style.name,
        "qml": qml(style, shape),
        "sld": sld(style, layer, shape),
        "description": style.description,
    }
    for statement in (_FORMER, _NO_OTHER_DEFAULT, _NEW):
        database.execute(statement, row)
