"""Columns of a table of events or buildings, read with the problems of their rows noted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from gisgov.files.columns import attributes_of
from gisgov.files.tables import PointTable
from gisgov.governance.persons import names_person
from gisgov.services.importing.point_fields import choose_fields
from gisgov.services.importing.point_report import FieldChoice, PointImport
from gisgov.services.importing.point_values import (
    RowFaults,
    ids_of_content,
    judge_ids,
    read_counts,
    read_words,
    source_word,
)
from gisgov.services.importing.rejects import rejects_ending
from gisgov.services.importing.row_problems import ProblemKind
from gisgov.types import Json, Texts

_Reader = Callable[[Texts, str, RowFaults], Texts]


@dataclass(slots=True)
class TableReading:
    """A table on its way to events or buildings.

    Attributes
    ----------
    table : PointTable
        The rows as the file has them.
    choices : dict of str to FieldChoice
        Columns by what they hold.
    ids, sources : numpy.ndarray
        What each row is called.
    faults : RowFaults
        Problems found so far.
    notes : list of str
        What was decided on the way.
    """

    table: PointTable
    choices: dict[str, FieldChoice]
    ids: Texts
    sources: Texts
    faults: RowFaults
    notes: list[str] = field(default_factory=list)

    def texts(self, holds: str) -> Texts | None:
        """Return a column as text; None where no column holds it."""
        choice = self.choices.get(holds)
        return None if choice is None else self.table.texts(choice.column)

    def words(self, holds: str, read: Callable[[str], str | None]) -> Texts | None:
        """Return a column as words of a closed list (see `read_words`); None where no column holds it."""
        return self._read(holds, lambda texts, name, faults: read_words(texts, name, read, faults))

    def counts(self, holds: str) -> Texts | None:
        """Return a column as whole numbers (see `read_counts`); None where no column holds it."""
        return self._read(holds, read_counts)

    def attributes(self, placed: Texts) -> list[Json]:
        """Return what no other column took, and tells of no person.

        A row without a place keeps its coordinates as they are.
        """
        taken = {choice.column for choice in self.choices.values()}
        coordinates = [name for name in (self.table.lon_field, self.table.lat_field) if name is not None]
        others = [name for name in self.table.fields if name not in taken]
        kept = [name for name in others if not names_person(name)]
        if len(kept) < len(others):
            named = ", ".join(repr(name) for name in others if name not in kept)
            self.notes.append(f"Columns that tell of persons are not kept: {named}.")
        rows = attributes_of(self.table.columns, kept)
        for row, is_placed in zip(rows, placed, strict=True):
            if is_placed:
                for name in coordinates:
                    row.pop(name, None)
        return rows

    def _read(self, holds: str, reader: _Reader) -> Texts | None:
        choice = self.choices.get(holds)
        if choice is None:
            return None
        before = len(self.faults.found)
        values = reader(self.table.texts(choice.column), choice.column, self.faults)
        if len(self.faults.found) > before:
            self.notes += _way_out(choice)
        return values


def begin_reading(
    table: PointTable, request: PointImport, known: Mapping[str, tuple[str, ...]], subject: str
) -> TableReading:
    """Choose the columns of a table and say what each of its rows is called.

    Parameters
    ----------
    table : PointTable
        The rows as the file has them.
    request : PointImport
        What is asked for.
    known : mapping
        Usual names of columns.
    subject : str
        ``events`` or ``buildings``.

    Raises
    ------
    InputError
        A named column does not exist.
    """
    choices = choose_fields(table.fields, known, request.fields, file_name=table.path.name)
    ids, notes = _ids(table, choices)
    sources = _sources(table, request, choices, subject)
    faults = RowFaults(table.rows, ids)
    at = {int(row): i for i, row in enumerate(table.rows)}
    for row, message in table.ragged.items():
        faults.add(at[row], ProblemKind.RAGGED_ROW, message)
    if "id" in choices:
        before = len(faults.found)
        judge_ids(ids, sources, faults, choices["id"].column)
        if len(faults.found) > before:
            notes += _way_out(choices["id"])
    return TableReading(table, choices, ids, sources, faults, notes)


def _way_out(choice: FieldChoice) -> list[str]:
    """Say how a column that was found by its name, and has rows at fault, can be left alone."""
    option = f"--{choice.holds.replace('_', '-')}-field"
    told = f"{choice.column!r} was taken as {choice.holds} by its name: {option} '' leaves it unread."
    return [told] if choice.guessed else []


def _ids(table: PointTable, choices: dict[str, FieldChoice]) -> tuple[Texts, list[str]]:
    choice = choices.get("id")
    notes = ["Rows are recognised by all they say, since no column was named that holds an id."]
    if choice is not None:
        ids = table.texts(choice.column)
        if not choice.guessed or any(key is not None for key in ids):
            return ids, []
        del choices["id"]
        notes = [f"{choice.column!r} is not taken as id: it is empty in every row.", *notes]
    return ids_of_content(attributes_of(table.columns, table.fields), table.geometries), notes


def _sources(table: PointTable, request: PointImport, choices: dict[str, FieldChoice], subject: str) -> Texts:
    usual = Path(request.path).stem.removesuffix(rejects_ending(subject))
    sources = np.full(len(table.rows), source_word(request.source or usual), dtype=object)
    if request.source is not None:
        choices.pop("source", None)
    elif "source" in choices:
        texts = table.texts(choices["source"].column)
        told = [i for i, text in enumerate(texts) if text is not None]
        sources[told] = [source_word(texts[i]) for i in told]
    return sources
