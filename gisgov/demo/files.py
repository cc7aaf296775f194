"""The district as files, as a surveyor's office, a housing register and a hotline would hand them over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio

from fixtures.district import District
from gisgov.errors import FileError
from gisgov.files.vectors import write_vectors


@dataclass(frozen=True, slots=True)
class DistrictFiles:
    """Where the parts of a district were written.

    Attributes
    ----------
    areas : pathlib.Path
        GeoPackage with the layers ``district``, ``street``, ``community`` and, to look at, ``block``,
        ``block_edge``, ``road``, ``rail``, ``water``.
    buildings : pathlib.Path
        GeoParquet.
    events : pathlib.Path
        CSV with lon/lat columns, UTF-8.
    hazards : pathlib.Path
        CSV that names the buildings, UTF-8.
    """

    areas: Path
    buildings: Path
    events: Path
    hazards: Path

    def __iter__(self) -> Iterator[Path]:
        """Yield the paths."""
        return iter((self.areas, self.buildings, self.events, self.hazards))


def write_district(district: District, folder: Path) -> DistrictFiles:
    """Write a district's files, replacing those of an earlier run.

    Raises
    ------
    FileError
        A file cannot be written.
    """
    names = ("district.gpkg", "buildings.parquet", "events.csv", "hazards.csv")
    files = DistrictFiles(*(folder / name for name in names))
    water = district.water
    layers = {
        "district": district.district,
        "street": district.streets,
        "community": district.communities,
        "block": district.blocks,
        "block_edge": district.edges,
        "road": district.roads,
        "rail": district.rail,
        "water": water[water.geom_type.str.endswith("Polygon")],
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        files.areas.unlink(missing_ok=True)
        for name, frame in layers.items():
            _append(frame, files.areas, name)
        write_vectors(district.buildings, files.buildings)
        write_table(district.events, files.events)
        write_table(district.hazards, files.hazards)
    except OSError as error:
        raise FileError(
            f"{error.filename or folder}: {(error.strerror or 'cannot be written').lower()}."
        ) from error
    return files


def _append(frame: gpd.GeoDataFrame, path: Path, layer: str) -> None:
    pyogrio.write_dataframe(frame, path, layer=layer, driver="GPKG", append=path.exists())


def write_table(table: pd.DataFrame, path: Path) -> Path:
    """Write a table as CSV in UTF-8; seven decimals, as coordinates are stored.

    Raises
    ------
    FileError
        The file cannot be written.
    """
    try:
        table.to_csv(path, index=False, float_format="%.7f", encoding="utf-8")
    except OSError as error:
        raise FileError(f"{path}: {(error.strerror or 'cannot be written').lower()}.") from error
    return path
