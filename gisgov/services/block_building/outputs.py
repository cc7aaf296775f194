"""Blocks and their borders, written to a file."""

from __future__ import annotations

from pathlib import Path

import geopandas

from gisgov.files.vectors import write_vectors
from gisgov.geometry.crs import WGS84
from gisgov.governance.block_edges import words_of
from gisgov.store.blocks import BlockTable
from gisgov.types import Geometries, Ints


def write_blocks(path: Path, blocks: BlockTable, edges: Geometries, edge_class: Ints) -> None:
    """Write blocks in EPSG:4326 as the layer ``blocks``; a GeoPackage has their borders as ``block_edges``.

    Raises
    ------
    FileError
        The suffix is of no known format, or the file cannot be written.
    """
    columns = {
        "code": blocks.codes,
        "parent_code": [one.get("parent_code") for one in blocks.attributes],
        "area_m2": blocks.area_m2,
        "land_use": blocks.land_use,
    }
    write_vectors(geopandas.GeoDataFrame(columns, geometry=blocks.geometries), path, "blocks", crs=WGS84)
    if path.suffix.lower() == ".gpkg":
        frame = geopandas.GeoDataFrame({"edge_class": words_of(edge_class)}, geometry=edges)
        write_vectors(frame, path, "block_edges", crs=WGS84)
