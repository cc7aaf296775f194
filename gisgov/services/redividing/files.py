"""What a re-division leaves: the areas of every alternative as a layer or a table, with their figures."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import geopandas
import numpy as np
import pandas as pd
from pydantic import TypeAdapter

from gisgov.errors import FileError
from gisgov.files.sheet_output import write_sheet
from gisgov.files.table_output import write_table
from gisgov.files.vector_output import driver_of, write_vectors
from gisgov.services.redividing.kept_divisions import keep_divisions
from gisgov.services.redividing.proposing import Proposal
from gisgov.services.redividing.reports import AlternativeReport, RedivisionReport
from gisgov.types import Geometries

REPORT, SUMMARY = "report.json", "summary.json"
"""The files of a job that hold the report, and the same without its lists of areas."""

_COLUMNS: Final = (
    *("code", "name", "parent_codes", "origin", "sources", "blocks", "population", "households"),
    *("area_km2", "load", "deviation", "polsby_popper", "along_streets", "parts"),
)
_REPORT: Final = TypeAdapter(RedivisionReport)


def areas_name(number: int) -> str:
    """Return the name of the file of a job that holds the areas of an alternative."""
    return f"areas-{number}.geojson"


def page_name(language: str) -> str:
    """Return the name of the file of a job that holds the page of the alternatives, drawn elsewhere."""
    return f"alternatives.{language}.html"


def areas_frame(proposal: Proposal, number: int) -> geopandas.GeoDataFrame:
    """Return the areas of an alternative with their figures.

    Parameters
    ----------
    proposal : Proposal
        The divisions.
    number : int
        Which, from 1.

    Returns
    -------
    GeoDataFrame
        In EPSG:4326, by code: code, name, parent_codes (with spaces between), origin (a word of
        `AreaOrigin`), sources (``code share`` of former areas, with semicolons between), blocks, population,
        households, area_km2, load, deviation, polsby_popper, along_streets, parts.
    """
    told = proposal.report.alternatives[number - 1]
    return geopandas.GeoDataFrame(_table(told), geometry=_shapes(proposal, number), crs="EPSG:4326")


def refuse_unwritable(path: Path) -> None:
    """Refuse a file of a format that is not written, before anything is computed.

    Raises
    ------
    FileError
        The suffix is of no such format.
    """
    if path.suffix.lower() in (".csv", ".xlsx"):
        return
    try:
        driver_of(path)
    except FileError as error:
        hint = f"{error.hint} Or .csv, .xlsx for figures."
        raise FileError(error.message, hint=hint, field="out") from error


def write_areas(proposal: Proposal, path: Path) -> tuple[Path, ...]:
    """Write the areas of all alternatives.

    Parameters
    ----------
    proposal : Proposal
        The divisions.
    path : pathlib.Path
        Its suffix says the format: a layer with the areas, or ``.csv``, ``.xlsx`` with the figures alone. A
        GeoPackage holds a layer for each alternative; otherwise each has a file of its own (``NAME-2.csv``)
        where there are several.

    Returns
    -------
    tuple of pathlib.Path
        What was written.

    Raises
    ------
    FileError
        It cannot be written.
    """
    several = len(proposal.report.alternatives) > 1
    written: list[Path] = []
    for told in proposal.report.alternatives:
        layer = f"areas-{told.number}" if several else "areas"
        is_package = path.suffix.lower() == ".gpkg"
        place = path.with_stem(f"{path.stem}-{told.number}") if several and not is_package else path
        if place.suffix.lower() == ".xlsx":
            write_sheet(place, _COLUMNS, _records(told), title=layer)
        elif place.suffix.lower() == ".csv":
            write_table(place, _COLUMNS, _records(told))
        else:
            write_vectors(areas_frame(proposal, told.number), place, layer)
        if place not in written:
            written.append(place)
    return tuple(written)


def write_results(proposal: Proposal, folder: Path) -> None:
    """Write what a job leaves: the report, and of each alternative its areas as GeoJSON and who gets what."""
    document = _REPORT.dump_python(proposal.report, mode="json", warnings="error")
    (folder / REPORT).write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    short = {**document, "alternatives": [{**one, "areas": []} for one in document["alternatives"]]}
    (folder / SUMMARY).write_text(json.dumps(short, ensure_ascii=False), encoding="utf-8")
    for told in proposal.report.alternatives:
        write_vectors(areas_frame(proposal, told.number), folder / areas_name(told.number))
    keep_divisions(proposal, folder)


def _table(told: AlternativeReport) -> pd.DataFrame:
    return pd.DataFrame(_records(told), columns=list(_COLUMNS))


def _records(told: AlternativeReport) -> list[Sequence[object]]:
    return [
        (
            one.code,
            one.name,
            " ".join(one.parent_codes),
            one.origin.value,
            "; ".join(f"{source.code} {source.share:.3f}" for source in one.sources),
            one.blocks,
            one.population,
            one.households,
            one.area_km2,
            one.load,
            one.deviation,
            one.polsby_popper,
            one.along_streets,
            one.parts,
        )
        for one in told.areas
    ]


def _shapes(proposal: Proposal, number: int) -> Geometries:
    areas = proposal.divisions[number - 1].areas
    return areas.geometries[np.argsort(areas.codes.astype(str), kind="stable")]
