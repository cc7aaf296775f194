"""Rejected rows, written so that they can be mended and imported again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pyarrow as pa

from gisgov.errors import InputError
from gisgov.files.columns import REJECT_FIELDS, REJECT_PROBLEM, REJECT_ROW, texts_of
from gisgov.files.table_output import write_table
from gisgov.files.vectors import VectorBatch, frame_of, open_vectors, write_vectors
from gisgov.geometry.crs import CoordinateSystem
from gisgov.services.importing.row_problems import RowProblem
from gisgov.types import Geometries, Ints, Texts


def problems_by_row(problems: Iterable[RowProblem]) -> dict[int, str]:
    """Return the words of each row's problems, joined, by row number."""
    words: dict[int, list[str]] = defaultdict(list)
    for problem in problems:
        words[problem.row].append(problem.message)
    return {row: "; ".join(messages) for row, messages in words.items()}


def rejects_ending(subject: str) -> str:
    """Return what the stem of a rejects file ends with: files with several layers have several rejects."""
    return f".{subject}.rejects"


def rejects_place(path: Path, wanted: Path | None, subject: str, *, suffix: str) -> Path:
    """Return where the rejects of a file are written: in the folder that is wanted, else in the current one.

    Raises
    ------
    InputError
        It would be the file that is read.
    """
    usual = f"{path.stem}{rejects_ending(subject)}{suffix}"
    place = wanted / usual if wanted is not None and wanted.is_dir() else wanted or Path(usual)
    if place.resolve() == path.resolve():
        raise InputError(f"The rejects cannot be written to {place}, which is being read.", field="rejects")
    return place


def write_vector_rejects(
    path: Path, file_layer: str | None, problems: Mapping[int, str], place: Path
) -> None:
    """Read a file again and write its rejected rows, as they are, with their problems.

    Parameters
    ----------
    path : pathlib.Path
        The file that was read.
    file_layer : str or None
        Its layer.
    problems : mapping of int to str
        Words by row number; the rows that are written.
    place : pathlib.Path
        The file to write.

    Notes
    -----
    Its layer is called as the file (without suffix), which is what most programs call the layer of a file
    they write: mended rows saved to the same place replace it instead of lying beside it.
    ``gisgov_row`` is the row in the file that was first imported: rejects that are rejected again keep it.
    """
    chosen: list[VectorBatch] = []
    with open_vectors(path, layer=file_layer) as source:
        for batch in source.batches():
            kept = np.flatnonzero(np.isin(batch.rows, np.fromiter(problems, dtype=np.int64)))
            if kept.size:
                rows = pa.array(kept)
                chosen.append(
                    VectorBatch(batch.rows[kept], batch.geometries[kept], batch.attributes.take(rows))
                )
        frame = frame_of(chosen, source.fields)
        crs = source.crs
    numbers = np.concatenate([batch.rows for batch in chosen])
    first = _first_rows(pa.Table.from_batches([batch.attributes for batch in chosen]), numbers)
    frame = frame.drop(columns=[name for name in REJECT_FIELDS if name in frame.columns])
    frame[REJECT_ROW] = pd.array(first, dtype=pd.Int64Dtype())
    frame[REJECT_PROBLEM] = [problems[row] for row in numbers.tolist()]
    write_vectors(frame, place, crs=crs)


def write_table_rejects(
    columns: pa.Table,
    numbers: Ints,
    problems: Mapping[int, str],
    place: Path,
    geometries: Geometries | None = None,
    *,
    crs: CoordinateSystem | None = None,
) -> None:
    """Write the rejected rows of a table with their problems.

    Parameters
    ----------
    columns : pyarrow.Table
        All rows of the file.
    numbers : numpy.ndarray
        Their row numbers.
    problems : mapping of int to str
        Words by row number; the rows that are written.
    place : pathlib.Path
        A ``.csv``, or with ``geometries`` any vector file.
    geometries : numpy.ndarray or None
        Geometries of the rows where the file holds geometry.
    crs : CoordinateSystem or None
        What the file states of them.
    """
    kept = np.flatnonzero(np.isin(numbers, np.fromiter(problems, dtype=np.int64)))
    chosen = columns.take(pa.array(kept))
    first = _first_rows(chosen, numbers[kept])
    chosen = chosen.drop_columns([name for name in REJECT_FIELDS if name in chosen.column_names])
    words = [problems[row] for row in numbers[kept].tolist()]
    if geometries is not None:
        frame = geopandas.GeoDataFrame(chosen.to_pandas(), geometry=list(geometries[kept]))
        write_vectors(frame.assign(**{REJECT_ROW: first, REJECT_PROBLEM: words}), place, crs=crs)
        return
    cells = [texts_of(chosen.column(name), field=name) for name in chosen.column_names]
    write_table(
        place,
        [*chosen.column_names, REJECT_ROW, REJECT_PROBLEM],
        zip(*cells, first, words, strict=True),
    )


def _first_rows(columns: pa.Table, numbers: Ints) -> list[int]:
    """Return the rows' numbers in the file that was first imported."""
    if REJECT_ROW not in columns.column_names:
        return [int(number) for number in numbers]
    said: Texts = texts_of(columns.column(REJECT_ROW), field=REJECT_ROW)
    return [
        int(text) if text is not None and text.isdigit() else int(number)
        for text, number in zip(said, numbers, strict=True)
    ]
