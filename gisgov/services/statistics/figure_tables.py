"""Figures as a table for spreadsheets: CSV or a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from gisgov.errors import FileError
from gisgov.files.sheet_output import write_sheet
from gisgov.files.table_output import harmless, write_table

FORMS: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Suffixes of tables of figures, and their media types."""


def refuse_unwritable(path: Path) -> None:
    """Refuse a file that is not written, before anything is computed.

    Raises
    ------
    FileError
        Its suffix is neither .csv nor .xlsx.
    """
    if path.suffix.lower().removeprefix(".") not in FORMS:
        raise FileError(
            f"{path.name} would be no table.", hint="Give it the suffix .csv or .xlsx.", field="out"
        )


@dataclass(frozen=True, slots=True)
class FigureTable:
    """A table of figures.

    Attributes
    ----------
    title : str
        That of the sheet.
    header : sequence of str
        Names of the columns.
    rows : iterable of sequence
        Texts, numbers and None.
    """

    title: str
    header: Sequence[str]
    rows: Iterable[Sequence[object]]

    def write(self, path: Path) -> None:
        """Write it, as the suffix of the file says.

        Raises
        ------
        FileError
            The suffix is another, or the file cannot be written.
        """
        refuse_unwritable(path)
        if path.suffix.lower() == ".xlsx":
            write_sheet(path, self.header, self.rows, title=self.title)
        else:
            write_table(path, self.header, ([harmless(cell) for cell in row] for row in self.rows))

    def file(self, form: str) -> bytes:
        """Return it as the bytes of a file; ``form`` is one of `FORMS`."""
        with TemporaryDirectory() as folder:
            path = Path(folder) / f"figures.{form}"
            self.write(path)
            return path.read_bytes()
