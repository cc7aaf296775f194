"""Use case: undo the repair of a file."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gisgov.errors import ConflictError, InputError
from gisgov.files.formats import identify
from gisgov.files.vector_output import driver_of
from gisgov.files.vector_rows import LayerRows, joined, read_rows, write_rows
from gisgov.services.repairing.repaired_files import (
    BEFORE,
    CHANGE,
    DROPPED,
    ROW,
    digest_of,
    facts_of,
    layer_of,
    made_aside,
    record_of,
)
from gisgov.types import Ints


@dataclass(frozen=True, slots=True)
class UndoReport:
    """What undoing a repair did.

    Attributes
    ----------
    subject : str
        The repaired file.
    original : str
        Name of the file that had been repaired.
    result : str
        The file that was made: its rows as they were before, with their geometries to the bit.
    layer : str
        Its layer.
    areas : int
        How many areas it has.
    restored : int
        How many got back the geometry that they had.
    returned : int
        How many that had been dropped are there again.
    seconds : float
        How long it took.
    """

    subject: str
    original: str
    result: str
    layer: str
    areas: int
    restored: int
    returned: int
    seconds: float


def undo_repair(path: Path, out: Path) -> UndoReport:
    """Undo the repair of a file.

    Parameters
    ----------
    path : pathlib.Path
        What a repair wrote; of a format other than GeoPackage, with ``NAME.repair.gpkg`` beside it.
    out : pathlib.Path
        Where to; the repaired file stays. Attributes that were edited after the repair stay edited.

    Raises
    ------
    FileError
        A file cannot be read or written.
    InputError
        No repair wrote it, or the result would be written over it.
    ConflictError
        Its areas were changed after the repair.
    """
    began = time.monotonic()
    driver_of(out)
    record = record_of(path)
    if out.resolve() in (path.resolve(), record.resolve()) or out.exists():
        raise InputError(f"{out} exists already.", hint="Write to another file.", field="out")
    identify(path)
    facts = facts_of(record)
    if facts is None:
        place = "" if record == path else f", and no {record.name} lies beside it"
        raise InputError(
            f"{path.name} has no record of a repair{place}.",
            hint="Give the file that `gisgov repair apply` wrote.",
            field="file",
        )
    repaired = read_rows(path, layer=layer_of(path, facts))
    if digest_of(repaired) != facts["repaired"]:
        raise ConflictError(
            f"The areas of {path.name} were changed after the repair, so it cannot be undone.",
            hint=f"What they were before is in layer {BEFORE} of {record.name}.",
        )
    has_changes = int(facts["changed"]) > 0
    before = read_rows(record, layer=BEFORE) if has_changes else None
    original, returned = (repaired, 0) if before is None else _original(repaired, before)
    with made_aside(out) as folder:
        write_rows(original, folder / out.name, facts["layer"])
    return UndoReport(
        subject=path.name,
        original=facts["subject"],
        result=str(out),
        layer=facts["layer"],
        areas=len(original),
        restored=int(facts["changed"]) - returned,
        returned=returned,
        seconds=round(time.monotonic() - began, 3),
    )


def _original(repaired: LayerRows, before: LayerRows) -> tuple[LayerRows, int]:
    """Return the rows as they were, and how many of them had been dropped."""
    row = before.columns.column(ROW).to_numpy() - 1
    gone = np.array(before.columns.column(CHANGE).to_pylist(), dtype=object) == DROPPED
    here: Ints = np.setdiff1d(np.arange(len(repaired) + int(gone.sum())), row[gone])
    wkb = repaired.wkb.copy()
    wkb[np.searchsorted(here, row[~gone])] = before.wkb[~gone]
    restored = LayerRows(repaired.layer, repaired.crs, repaired.columns, wkb)
    if not gone.any():
        return restored, 0
    lost = before.taken(np.flatnonzero(gone))
    columns = lost.columns.select(repaired.columns.column_names).cast(repaired.columns.schema)
    returned = LayerRows(repaired.layer, repaired.crs, columns, lost.wkb)
    order = np.argsort(np.concatenate([here, row[gone]]), kind="stable")
    return joined([restored, returned]).taken(order), int(gone.sum())
