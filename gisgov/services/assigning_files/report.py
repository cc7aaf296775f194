"""What is asked of a file of points, and what is told of it when it is done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gisgov.files.streams.source import Place
from gisgov.services.assigning import STATUS_WORDS, Status
from gisgov.types import Json

if TYPE_CHECKING:
    from gisgov.services.indexes import LayerIndex

MOST_FAULTS: Final = 10


@dataclass(frozen=True, slots=True)
class FileRequest:
    """What to do with a file of points.

    Attributes
    ----------
    path : pathlib.Path
        The points: a file, or a folder of Parquet files.
    out : pathlib.Path
        Where to: a file whose suffix says the format, or for a folder a folder.
    day : datetime.date
        Whose plans are asked.
    crs : str or None
        What the coordinates are in; None takes the file's word.
    lon, lat : str or None
        Columns of the coordinates.
    file_layer : str or None
        Layer of a GeoPackage.
    detail : bool
        Whether to write distances, other candidates and the nearest area too.
    resume : bool
        Whether to go on with a run that was killed.
    """

    path: Path
    out: Path
    day: date
    crs: str | None = None
    lon: str | None = None
    lat: str | None = None
    file_layer: str | None = None
    detail: bool = False
    resume: bool = False


@dataclass(frozen=True, slots=True)
class UnplacedRow:
    """A row whose coordinate is no place.

    Attributes
    ----------
    file : str
        Name of the file.
    row : int
        Number of the row in it, from 1; a header does not count.
    message : str
        What is wrong with it.
    """

    file: str
    row: int
    message: str


@dataclass(frozen=True, slots=True)
class FileAssignment:
    """Points that were given their areas.

    Attributes
    ----------
    file : str
        The points.
    out : str
        What was written.
    layer : str
        The layer asked.
    at : datetime.date
        The day asked about.
    plans : tuple of str
        The plans in force then.
    crs : str
        What the coordinates are in.
    columns : tuple of str
        Names of the columns that were added.
    coordinates_from : tuple of str
        The columns that the coordinates were taken from.
    guessed : bool
        Whether those were found by their names.
    rows : int
        Points in all: those below add up to it.
    owned : int
        Points inside an area.
    border : int
        Points on the border of an area, which the smallest code owns.
    outside : int
        Points that no area covers.
    no_coordinate : int
        Rows without a coordinate.
    bad_coordinate : int
        Coordinates that are no place on the globe, or 0, 0 where no area is.
    unreadable : int
        Rows where something else stands than a coordinate.
    inside_when_swapped : int
        Points of parts of the file where no point has an area, that would have one with x and y exchanged.
    faults : tuple of UnplacedRow
        The first rows whose coordinate is bad or unreadable.
    parts : int
        Parts in which the work was done.
    resumed_parts : int
        Parts that an earlier run had done already.
    """

    file: str
    out: str
    layer: str
    at: date
    plans: tuple[str, ...]
    crs: str
    columns: tuple[str, ...]
    coordinates_from: tuple[str, ...]
    guessed: bool
    rows: int
    owned: int
    border: int
    outside: int
    no_coordinate: int
    bad_coordinate: int
    unreadable: int
    inside_when_swapped: int
    faults: tuple[UnplacedRow, ...]
    parts: int
    resumed_parts: int


def summed(
    request: FileRequest,
    layer: LayerIndex,
    *,
    crs: str,
    columns: Sequence[str],
    place: Place,
    told: Iterable[Json],
    resumed: int,
) -> FileAssignment:
    """Add up what was told of the parts, in their order.

    A part tells ``rows``, ``counts`` (by status), ``swapped``, ``file``, ``first`` (row) and ``faults``.
    """
    counts = dict.fromkeys(STATUS_WORDS, 0)
    faults: list[UnplacedRow] = []
    rows = swapped = parts = 0
    for part in told:
        parts += 1
        rows += part["rows"]
        swapped += part["swapped"]
        for word, count in part["counts"].items():
            counts[word] += count
        faults += [UnplacedRow(part["file"], part["first"] + row, text) for row, text in part["faults"]]
    return FileAssignment(
        file=str(request.path),
        out=str(request.out),
        layer=layer.layer.name,
        at=request.day,
        plans=tuple(plan.name for plan in layer.plans),
        crs=crs,
        columns=tuple(columns),
        coordinates_from=(place.geometry,)
        if place.geometry is not None
        else (place.lon or "", place.lat or ""),
        guessed=place.guessed,
        rows=rows,
        owned=counts[Status.OWNED.word],
        border=counts[Status.BORDER.word],
        outside=counts[Status.OUTSIDE.word],
        no_coordinate=counts[Status.NO_COORDINATE.word],
        bad_coordinate=counts[Status.BAD_COORDINATE.word],
        unreadable=counts[Status.UNREADABLE.word],
        inside_when_swapped=swapped,
        faults=tuple(faults[:MOST_FAULTS]),
        parts=parts,
        resumed_parts=resumed,
    )
