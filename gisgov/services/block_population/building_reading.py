"""Buildings of a file or of the store, as what people live in."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import sqlalchemy as sa

from gisgov.errors import FileError, InputError
from gisgov.files.crs_choice import choose_crs, refuse_without_crs
from gisgov.files.tables import read_points
from gisgov.geometry.crs import CoordinateSystem
from gisgov.geometry.measures import areas_m2
from gisgov.governance.dwellings import BuildingFacts
from gisgov.governance.events import OrphanReason
from gisgov.services.block_building.line_files import options_of
from gisgov.services.block_population.requests import BuildingFile
from gisgov.services.importing.point_places import find_places, points_of
from gisgov.services.importing.point_report import PointImport
from gisgov.services.importing.point_rows import PointRows, building_rows
from gisgov.services.importing.row_problems import ProblemKind, RowProblem, sorted_problems
from gisgov.store.dwellings import dwellings_in_box
from gisgov.types import BBox, Floats, Geometries, Ints, Json, Texts

STORED: Final = "stored"
"""What the stored buildings are called beside the files."""

_HEIGHT_UNITS: Final = ("米", "m")


@dataclass(frozen=True, slots=True, eq=False)
class Buildings:
    """Buildings as parallel columns.

    Attributes
    ----------
    geometries : numpy.ndarray of shapely.Geometry, shape (n,)
        Point or outline in stored coordinates.
    floors, population, households : numpy.ndarray of int or None, shape (n,)
        Counts, as far as they are known.
    use : numpy.ndarray of str or None, shape (n,)
        What they are used for.
    facts : sequence of dict, length n
        Whatever else is known of each.
    source : str
        What they are from, in words.
    crs : str or None
        Coordinate system of a file's numbers.
    refused : tuple of RowProblem
        Rows that could not be used, and why.
    """

    geometries: Geometries
    floors: Texts
    population: Texts
    households: Texts
    use: Texts
    facts: Sequence[Json]
    source: str
    crs: str | None
    refused: tuple[RowProblem, ...]

    def points(self) -> Geometries:
        """Return the point of each that says where it is: one inside it, as everywhere in gisgov."""
        return points_of(self.geometries)

    def measured(self, working: CoordinateSystem, height_columns: Iterable[str]) -> tuple[BuildingFacts, int]:
        """Return what is known of each, measured in a plane, and how many heights cannot be read."""
        heights, unreadable = _heights(self.facts, [column.casefold() for column in height_columns])
        return BuildingFacts(
            footprint_m2=areas_m2(self.geometries, working),
            floors=np.array([np.nan if one is None else one for one in self.floors], dtype=np.float64),
            height_m=heights,
            use=self.use,
            population=_counts(self.population),
            households=_counts(self.households),
        ), unreadable


def read_buildings(file: BuildingFile) -> Buildings:
    """Read buildings of a file, as an import would.

    Parameters
    ----------
    file : BuildingFile
        Where they are.

    Returns
    -------
    Buildings
        Without the rows that are refused: those without a place, with an outline that is not sound, a count
        that is none, or an id that another row has.

    Raises
    ------
    FileError
        The file cannot be read or holds no rows.
    CrsError
        Its coordinate system is not known, or what was declared contradicts the file.
    CoordinateError
        Most coordinates cannot be right in it.
    InputError
        A column is missing, or none looks like a coordinate.
    """
    name = file.path.name
    fields = dict(file.fields)
    with options_of("buildings"), _coordinate_options():
        refuse_without_crs(file.crs, file.path)
        table = read_points(
            file.path, layer=file.layer, lon_field=fields.pop("lon", None), lat_field=fields.pop("lat", None)
        )
        if not len(table.rows):
            raise FileError(f"{name} holds no rows.", field="buildings")
        system = choose_crs(file.crs, table.crs, name=name)
        places = find_places(table, system, near=None, name=name)
    # no time is read of buildings, and no day is theirs
    asked = PointImport(file.path, ZoneInfo("UTC"), date.min, fields=fields)
    rows = building_rows(table, asked, system, places)
    problems = [*rows.reading.faults.found, *_placeless(rows)]
    kept = np.flatnonzero(~np.isin(table.rows, [problem.row for problem in problems]))
    nothing = np.full(len(table.rows), None, dtype=object)
    return Buildings(
        geometries=rows.geometries[kept],
        floors=rows.columns.get("floors", nothing)[kept],
        population=rows.columns.get("population", nothing)[kept],
        households=rows.columns.get("households", nothing)[kept],
        use=rows.columns.get("use", nothing)[kept],
        facts=[json.loads(rows.columns["facts"][i]) for i in kept],
        source=name if file.layer is None else f"{name}:{file.layer}",
        crs=system.name,
        refused=sorted_problems(problems),
    )


def stored_buildings(connection: sa.Connection, bbox: BBox) -> Buildings:
    """Return the stored buildings in a box ``(west, south, east, north)`` of EPSG:4326."""
    table = dwellings_in_box(connection, bbox)
    return Buildings(
        geometries=table.geometries,
        floors=table.floors,
        population=table.population,
        households=table.households,
        use=table.use,
        facts=table.facts,
        source=STORED,
        crs=None,
        refused=(),
    )


@contextlib.contextmanager
def _coordinate_options() -> Iterator[None]:
    """Let hints name the option that columns of buildings are named with."""
    try:
        yield
    except InputError as error:
        if error.hint is None or "--lon-field" not in error.hint:
            raise
        hint = error.hint.replace("--lon-field", "--building-field lon=NAME")
        hint = hint.replace("--lat-field", "--building-field lat=NAME")
        raise type(error)(error.message, hint=hint, field="building_field") from error


def _placeless(rows: PointRows) -> list[RowProblem]:
    kinds = {
        OrphanReason.NO_COORDINATE: ProblemKind.EMPTY_GEOMETRY,
        OrphanReason.BAD_COORDINATE: ProblemKind.OUT_OF_RANGE,
    }
    told = zip(
        rows.reading.table.rows.tolist(),
        rows.reading.ids,
        rows.places.problem,
        rows.places.reason,
        strict=True,
    )
    return [
        RowProblem(row, key, str(kinds[problem]), reason)
        for row, key, problem, reason in told
        if problem is not None
    ]


def _counts(values: Texts) -> Ints:
    return np.array([-1 if value is None else value for value in values], dtype=np.int64)


def _heights(facts: Sequence[Json], columns: Sequence[str]) -> tuple[Floats, int]:
    """Read heights in metres from the first column that has one; NaN where none has."""
    heights, unreadable = np.full(len(facts), np.nan), 0
    for i, one in enumerate(facts):
        folded = {name.strip().casefold(): value for name, value in one.items()}
        told = next((folded[column] for column in columns if column in folded), None)
        if told is None:
            continue
        heights[i] = _metres(told)
        unreadable += bool(np.isnan(heights[i]))
    return heights, unreadable


def _metres(told: object) -> float:
    text = str(told).strip().casefold()
    for unit in _HEIGHT_UNITS:
        text = text.removesuffix(unit).strip()
    try:
        metres = float(text)
    except ValueError:
        return float("nan")
    return metres if 0.0 <= metres < float("inf") else float("nan")
