"""Use case: write a plan, be it a draft, to a file that it can be read back from the same to the bit."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import geopandas
import pandas as pd

from gisgov.errors import FileError, InputError
from gisgov.files.attribute_tables import write_rows
from gisgov.files.vector_output import driver_of, write_vectors
from gisgov.services.exchange import fields
from gisgov.services.exchange.fields import AREAS, NotHeld
from gisgov.services.exchange.limits import fit_shapefile, refuse_control_letters
from gisgov.store.areas import AreaTable, areas_of_plan
from gisgov.store.blocks import all_assignments_of_plan
from gisgov.store.database import Database
from gisgov.store.plans import find_plan

ENCODINGS: Final = ("utf-8", "gbk", "gb18030")
"""Encodings that the text of a Shapefile can be written in."""

_SHAPEFILES: Final = (".shp", ".zip")
_LABELS: Final = {"utf-8": "UTF-8", "gbk": "GBK", "gb18030": "GB18030"}


@dataclass(frozen=True, slots=True)
class PlanExport:
    """A plan that was written to a file.

    Attributes
    ----------
    plan, layer, status : str
        The plan.
    file : str
        Name of the file.
    areas : int
        How many areas it holds.
    blocks : int or None
        How many blocks it says the area of; None where it cannot say, or the plan is not made of blocks.
    not_held : tuple of NotHeld
        What the format cannot hold of this plan.
    """

    plan: str
    layer: str
    status: str
    file: str
    areas: int
    blocks: int | None
    not_held: tuple[NotHeld, ...]


def export_plan(database: Database, name: str, path: Path, *, encoding: str = "utf-8") -> PlanExport:
    """Write the areas of a plan, and in a GeoPackage which block is in which, replacing the file.

    `gisgov.services.importing.areas.import_areas` reads it back without being told of its fields: every
    coordinate, code, name, area above, count and attribute is the same.

    Parameters
    ----------
    database : Database
        Where the plan is.
    name : str
        Its name.
    path : pathlib.Path
        Its suffix says the format: ``.gpkg .shp .zip .geojson .json .fgb .kml .parquet``; ``.zip`` is a
        Shapefile in one file.
    encoding : {"utf-8", "gbk", "gb18030"}
        Of the text of a Shapefile.

    Returns
    -------
    PlanExport
        Also what the format cannot hold.

    Raises
    ------
    NotFoundError
        There is no such plan.
    InputError
        The plan has no areas, or the encoding is not known, is of another format or lacks a letter.
    FileError
        The file cannot be written.
    """
    suffix = path.suffix.lower()
    _refuse_encoding(encoding, suffix)
    with database.begin() as connection:
        plan = find_plan(connection, name)
        areas = areas_of_plan(connection, plan.id)
        assigned = all_assignments_of_plan(connection, plan.id)
    if not len(areas):
        raise InputError(f"Plan {name!r} has no areas to write.", field="plan")
    frame = frame_of(areas)
    not_held: tuple[NotHeld, ...] = ()
    if suffix in _SHAPEFILES:
        not_held = fit_shapefile(frame, encoding)
    elif suffix == ".kml":
        refuse_control_letters(frame)
    with_blocks = suffix == ".gpkg" and bool(assigned)
    if assigned and not with_blocks:
        sentence = "Only a GeoPackage holds which block is in which area; export the assignments besides."
        not_held += (NotHeld("assignments", len(areas), tuple(areas.codes[:5]), sentence),)
    _write(frame, path, assigned if with_blocks else {}, encoding)
    return PlanExport(
        plan=plan.name,
        layer=plan.layer,
        status=plan.status,
        file=path.name,
        areas=len(areas),
        blocks=len(assigned) if with_blocks else None,
        not_held=not_held,
    )


def frame_of(areas: AreaTable) -> geopandas.GeoDataFrame:
    """Return areas in the fields of an exchange, EPSG:4326."""
    columns = {
        fields.CODE: areas.codes,
        fields.NAME: areas.names,
        fields.PARENTS: _texts([fields.JOINT.join(codes) or None for codes in areas.parent_codes]),
        fields.POPULATION: pd.array(areas.population.tolist(), dtype="Int64"),
        fields.HOUSEHOLDS: pd.array(areas.households.tolist(), dtype="Int64"),
        fields.GROUND: areas.area_m2,
        fields.ATTRIBUTES: _texts([fields.attributes_text(one) for one in areas.attributes]),
    }
    return geopandas.GeoDataFrame(columns, geometry=areas.geometries, crs="EPSG:4326")


def _texts(values: Sequence[str | None]) -> pd.Series:
    return pd.Series(values, dtype=object)  # None stays what it is


def _refuse_encoding(encoding: str, suffix: str) -> None:
    if encoding not in ENCODINGS:
        raise InputError(
            f"Encoding {encoding!r} is not known.", hint=f"Choose {', '.join(ENCODINGS)}.", field="encoding"
        )
    if encoding != "utf-8" and suffix not in _SHAPEFILES:
        raise InputError("Only a Shapefile has an encoding to choose.", field="encoding")


def _write(frame: geopandas.GeoDataFrame, path: Path, assigned: dict[str, str | None], encoding: str) -> None:
    if path.suffix.lower() == ".zip":
        _write_zip(frame, path, encoding)
        return
    driver_of(path)  # a suffix of no format is refused before anything is replaced
    if path.suffix.lower() == ".gpkg":
        path.unlink(missing_ok=True)  # the file is this plan, not another layer of what was there
    write_vectors(frame, path, AREAS, encoding=_LABELS[encoding])
    if assigned:
        rows = pd.DataFrame(
            {fields.BLOCK: list(assigned), fields.AREA: list(assigned.values())}, dtype=object
        )
        write_rows(rows, path, fields.ASSIGNMENTS)


def _write_zip(frame: geopandas.GeoDataFrame, path: Path, encoding: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / f"{path.stem}.shp"
        write_vectors(frame, place, encoding=_LABELS[encoding])
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
                for part in sorted(Path(folder).iterdir()):
                    archive.write(part, part.name)
        except OSError as error:
            raise FileError(f"{path} cannot be written: {error.strerror}.") from error
