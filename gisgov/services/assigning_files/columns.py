"""The columns that an assignment adds to a batch of points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from gisgov.files.streams.coordinates import coordinates_of
from gisgov.files.streams.source import Place
from gisgov.geometry.crs import CoordinateSystem
from gisgov.services.assigning import STATUS_WORDS, Status, assign_points, details
from gisgov.services.assigning_files.report import MOST_FAULTS
from gisgov.types import Floats, Json

if TYPE_CHECKING:
    from gisgov.services.indexes import LayerIndex

PLAIN: Final = {"area_code": pa.string(), "area_status": pa.string(), "area_plan": pa.string()}
DETAILED: Final = {
    "area_name": pa.string(),
    "area_border_m": pa.float64(),
    "area_candidates": pa.string(),
    "area_nearest": pa.string(),
    "area_nearest_m": pa.float64(),
}
_BETWEEN: Final = ";"  # codes hold none


@dataclass(frozen=True, slots=True)
class Adding:
    """How columns are added to every batch of one run.

    Attributes
    ----------
    place : Place
        Where the coordinates stand.
    system : CoordinateSystem
        What they are in.
    names : tuple of str
        Names of the new columns, in the order of `PLAIN` and `DETAILED`.
    detail : bool
        Whether those of `DETAILED` are among them.
    """

    place: Place
    system: CoordinateSystem
    names: tuple[str, ...]
    detail: bool

    def schema_of(self, schema: pa.Schema) -> pa.Schema:
        """Return the schema of a batch with the columns added."""
        fields = [pa.field(*one) for one in zip(self.names, added_types(detail=self.detail), strict=True)]
        return pa.schema([*schema, *fields], metadata=schema.metadata)


def added_types(*, detail: bool) -> list[pa.DataType]:
    """Return the types of the new columns."""
    return [*PLAIN.values(), *(DETAILED.values() if detail else ())]


def added_words(*, detail: bool) -> list[str]:
    """Return what the new columns are called where the names are free."""
    return [*PLAIN, *(DETAILED if detail else ())]


def assigned_batch(layer: LayerIndex, batch: pa.RecordBatch, adding: Adding) -> tuple[pa.RecordBatch, Json]:
    """Add the areas of its points to a batch.

    Parameters
    ----------
    layer : LayerIndex
        The areas.
    batch : pyarrow.RecordBatch
        Rows of a file; they keep their order, columns and types.
    adding : Adding
        What to add, and where the coordinates stand.

    Returns
    -------
    batch : pyarrow.RecordBatch
        With the new columns at its end. They are null where there is nothing to say.
    told : dict
        ``rows``, ``counts`` by status, ``faults`` of the first rows, and ``swapped``: when no point has an
        area, how many had one with x and y exchanged.
    """
    at = coordinates_of(batch, adding.place)
    found = assign_points(layer, at.x, at.y, adding.system)
    status = found.status.copy()
    status[at.unreadable] = Status.UNREADABLE
    owner = np.asarray(found.owner, dtype=np.int64)
    columns = [
        _taken(layer.codes, owner),
        _taken(STATUS_WORDS, status),
        _taken(
            [plan.name for plan in layer.plans], np.where(owner >= 0, np.asarray(layer.plan_of)[owner], -1)
        )
        if len(layer.codes)
        else pa.nulls(len(owner), pa.string()),
    ]
    if adding.detail:
        columns += _details(layer, at.x, at.y, owner, adding.system)
    made = pa.RecordBatch.from_arrays([*batch.columns, *columns], schema=adding.schema_of(batch.schema))
    counts = np.bincount(status, minlength=len(STATUS_WORDS)).tolist()
    told = {
        "rows": batch.num_rows,
        "counts": {word: count for word, count in zip(STATUS_WORDS, counts, strict=True) if count},
        "swapped": 0 if (owner >= 0).any() else _swapped(layer, at.x, at.y, adding.system),
        "faults": _faults(status, at.x, at.y, at.faults),
    }
    return made, told


def _details(
    layer: LayerIndex, x: Floats, y: Floats, owner: npt.NDArray[np.int64], system: CoordinateSystem
) -> list[pa.Array]:
    more = details(layer, x, y, system)
    others = [_BETWEEN.join(layer.codes[one] for one in few) if few else None for few in more.candidates]
    return [
        _taken(layer.names, owner),
        pa.array(more.border_m, from_pandas=True),
        pa.array(others, type=pa.string()),
        _taken(layer.codes, np.asarray(more.nearest, dtype=np.int64)),
        pa.array(more.distance_m, from_pandas=True),
    ]


def _taken(words: Sequence[Any], index: npt.NDArray[Any]) -> pa.Array:
    """Return the words of an index as text; null below 0."""
    numbers = pa.array(np.asarray(index, dtype=np.int32), mask=np.asarray(index) < 0)
    return pa.array([*words], type=pa.string()).take(numbers)


def _swapped(layer: LayerIndex, x: Floats, y: Floats, system: CoordinateSystem) -> int:
    return int((np.asarray(assign_points(layer, y, x, system).owner) >= 0).sum())


def _faults(
    status: npt.NDArray[np.int8], x: Floats, y: Floats, known: dict[int, str]
) -> list[tuple[int, str]]:
    """Say of the first bad rows what is wrong with them."""
    rows = np.flatnonzero((status == Status.BAD_COORDINATE) | (status == Status.UNREADABLE))[:MOST_FAULTS]
    return [
        (int(row), known.get(int(row), f"({float(x[row])!r}, {float(y[row])!r}) {_why(x[row], y[row])}"))
        for row in rows
    ]


def _why(x: float, y: float) -> str:
    return "stands for no place" if x == 0.0 and y == 0.0 else "is no place on the globe"
