"""Census areas of a file, with the people counted in each."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

import numpy as np
import shapely

from gisgov.errors import InputError
from gisgov.files.columns import texts_of
from gisgov.files.crs_choice import choose_crs, refuse_without_crs
from gisgov.files.vectors import open_vectors
from gisgov.geometry.common_ground import OUTSIDE, CommonGround, common_ground
from gisgov.geometry.crs import CoordinateSystem
from gisgov.services.block_building.line_files import options_of
from gisgov.services.block_population.requests import CountFile
from gisgov.services.block_population.whole_counts import UNREADABLE, count_fields, whole_counts
from gisgov.services.importing.area_geometry import places_of, polygons_of, stored_geometries
from gisgov.services.importing.row_problems import ProblemKind, RowProblem, sorted_problems
from gisgov.types import Geometries, Ints, Progress, Texts


@dataclass(frozen=True, slots=True, eq=False)
class CensusAreas:
    """Census areas as parallel columns, by code, then row.

    Attributes
    ----------
    rows : numpy.ndarray of int, shape (m,)
        Row numbers in the file.
    codes : numpy.ndarray of str, shape (m,)
        ``row 7`` where there is none.
    geometries : numpy.ndarray of shapely.MultiPolygon, shape (m,)
        In stored coordinates.
    population : numpy.ndarray of int, shape (m,)
        People.
    households : numpy.ndarray of int, shape (m,), or None
        Households; None where the file has none.
    file_layer : str
        The layer they are from.
    crs : CoordinateSystem
        What its numbers are in.
    rows_read : int
        Rows of the layer.
    refused : tuple of RowProblem
        Rows that could not be used, and why.
    refused_population : int
        Their people, as far as their count can be read.
    rounded : int
        Numbers of people that were rounded.
    """

    rows: Ints
    codes: Texts
    geometries: Geometries
    population: Ints
    households: Ints | None
    file_layer: str
    crs: CoordinateSystem
    rows_read: int
    refused: tuple[RowProblem, ...]
    refused_population: int
    rounded: int

    def __len__(self) -> int:
        """Return the number of areas."""
        return len(self.rows)

    def chosen(self, numbers: Ints) -> CensusAreas:
        """Return only the areas of these numbers."""
        return replace(
            self,
            rows=self.rows[numbers],
            codes=self.codes[numbers],
            geometries=self.geometries[numbers],
            population=self.population[numbers],
            households=None if self.households is None else self.households[numbers],
        )


def read_census(file: CountFile) -> CensusAreas:
    """Read census areas.

    Parameters
    ----------
    file : CountFile
        Where they are.

    Returns
    -------
    CensusAreas
        Without the rows that are refused: those without a sound polygon or a whole number of people, and
        those that share a code, whose people would be counted several times.

    Raises
    ------
    FileError
        The file is absent, empty, truncated or of another kind.
    CrsError
        Its coordinate system is unknown, or contradicts what was declared.
    InputError
        There is no such layer or field, or none of its rows can be used.
    """
    system, layer, drawn, rows, fields, columns = _whole(file)
    stored, shape_faults = stored_geometries(drawn, system)
    told: Texts = columns.get("code", np.full(len(rows), None, dtype=object))
    faults: list[list[tuple[str, str]]] = [
        [] if kind is None else [(str(kind), message)]
        for kind, message in zip(shape_faults.kind, shape_faults.message, strict=True)
    ]
    counts = {
        holds: whole_counts(columns[holds], field, rounded=file.rounded)
        for holds, field in fields.items()
        if holds != "code"
    }
    for found in counts.values():
        for i in np.flatnonzero([fault is not None for fault in found.faults]):
            faults[i].append((str(ProblemKind.BAD_NUMBER), found.faults[i]))
    if "code" in fields:
        _add_code_faults(faults, told, rows, fields["code"])
    at = np.flatnonzero([bool(one) for one in faults])
    problems = [
        RowProblem(int(rows[i]), told[i], kind, message, lon, lat)
        for i, lon, lat in zip(at.tolist(), *places_of(drawn, shape_faults, system, at), strict=True)
        for kind, message in faults[i]
    ]
    sound = np.setdiff1d(np.arange(len(rows)), at)
    if not len(sound):
        raise InputError(
            f"No row of {file.path.name}, layer {layer}, can be used: {problems[0]}.",
            hint="Counts are whole numbers from 0; --round rounds decimal ones and keeps their sum.",
            field="census",
        )
    codes: Texts = np.empty(len(rows), dtype=object)
    codes[:] = [code or f"row {row}" for code, row in zip(told, rows.tolist(), strict=True)]
    kept = np.array(sorted(sound.tolist(), key=lambda i: (codes[i], rows[i])), dtype=np.int64)
    lost = counts["population"].counts[at]
    return CensusAreas(
        rows=rows[kept],
        codes=codes[kept],
        geometries=stored[kept],
        population=counts["population"].counts[kept],
        households=counts["households"].counts[kept] if "households" in counts else None,
        file_layer=layer,
        crs=system,
        rows_read=len(rows),
        refused=sorted_problems(problems),
        refused_population=int(lost[lost != UNREADABLE].sum()),
        rounded=counts["population"].rounded,
    )


def _whole(
    file: CountFile,
) -> tuple[CoordinateSystem, str, Geometries, Ints, dict[str, str], dict[str, Texts]]:
    """Read a layer: its system, name, geometries, row numbers, columns by what they hold, and their texts."""
    name = file.path.name
    with options_of("census"):
        refuse_without_crs(file.crs, file.path)
        with open_vectors(file.path, layer=file.layer) as source:
            system = choose_crs(file.crs, source.crs, name=name)
            fields = count_fields(file, source.fields, "census")
            layer, batches = source.layer, list(source.batches())
    if not sum(len(batch.rows) for batch in batches):
        raise InputError(f"{name} holds no areas.", field="census")
    columns = {
        holds: np.concatenate([texts_of(batch.attributes.column(column), field=column) for batch in batches])
        for holds, column in fields.items()
    }
    geometries = polygons_of(np.concatenate([batch.geometries for batch in batches]))
    return system, layer, geometries, np.concatenate([batch.rows for batch in batches]), fields, columns


def on_blocks(
    areas: CensusAreas, blocks: Geometries, working: CoordinateSystem, name: str, progress: Progress
) -> tuple[CensusAreas, CommonGround]:
    """Return the areas that have ground in common with blocks, and that ground.

    Parameters
    ----------
    areas : CensusAreas
        All of a file.
    blocks : numpy.ndarray of shapely.Geometry, shape (n,)
        In stored coordinates.
    working : CoordinateSystem
        The plane that is measured in.
    name : str
        The file's name, for messages.
    progress : Progress
        Told how the work advances.

    Raises
    ------
    InputError
        There are none.
    """
    common = common_ground(areas.geometries, blocks, working, progress=progress)
    near: Ints = np.unique(common.source[common.target != OUTSIDE])
    if not len(near):
        west, south, east, north = shapely.total_bounds(blocks)
        theirs = shapely.total_bounds(areas.geometries)
        raise InputError(
            f"Nothing in {name} lies on the blocks, which are around "
            f"({(west + east) / 2:.4f}, {(south + north) / 2:.4f}); its areas are around "
            f"({(theirs[0] + theirs[2]) / 2:.4f}, {(theirs[1] + theirs[3]) / 2:.4f}).",
            hint="Is it another place's file, or is --census-crs another?",
            field="census",
        )
    kept = np.isin(common.source, near)
    number = np.searchsorted(near, common.source[kept])
    return areas.chosen(near), CommonGround(number, common.target[kept], common.area_m2[kept])


def _add_code_faults(faults: list[list[tuple[str, str]]], codes: Texts, rows: Ints, field: str) -> None:
    places: dict[str, list[int]] = defaultdict(list)
    for i, code in enumerate(codes):
        if code is None:
            faults[i].append((str(ProblemKind.MISSING_CODE), f"has no code in {field!r}"))
        else:
            places[code].append(i)
    for same in places.values():
        for i in same if len(same) > 1 else ():
            others = ", ".join(str(rows[j]) for j in same if j != i)
            told = f"shares its code with row {others}: its people could be counted several times"
            faults[i].append((str(ProblemKind.DUPLICATE_CODE), told))
