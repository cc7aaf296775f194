"""The cells of one row on its way in: read as words, numbers and days, and what is wrong said at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from gisgov.files.columns import texts_of
from gisgov.files.tables import numbers_of
from gisgov.files.times import parse_times
from gisgov.services.importing.row_problems import ProblemKind
from gisgov.services.importing.staff_rows import days_of
from gisgov.services.place_imports.file_rows import FileRows
from gisgov.types import Floats, Texts

Found = TypeVar("Found")

_BETWEEN: Final = re.compile(r"[,;，；、]")
_AROUND: Final = " []\"'"


class Columns:
    """The columns of a file by what they hold.

    Parameters
    ----------
    rows : FileRows
        The file.
    chosen : mapping of str to str
        What a column holds: its name.
    numbers, days, moments : tuple of str
        Which of them are numbers, which days, and which moments.
    timezone : zoneinfo.ZoneInfo
        Of moments without an offset.
    """

    def __init__(
        self,
        rows: FileRows,
        chosen: Mapping[str, str],
        *,
        numbers: tuple[str, ...],
        days: tuple[str, ...],
        moments: tuple[str, ...],
        timezone: ZoneInfo,
    ) -> None:
        columns = rows.table.columns
        self.texts: dict[str, Texts] = {
            holds: texts_of(columns.column(name), field=name) for holds, name in chosen.items()
        }
        self.numbers: dict[str, Floats] = {
            holds: numbers_of(self.texts[holds])[0] for holds in numbers if holds in chosen
        }
        self.days: dict[str, Texts] = {
            holds: days_of(self.texts[holds], chosen[holds]) for holds in days if holds in chosen
        }
        self.moments: dict[str, Texts] = {
            holds: parse_times(self.texts[holds], timezone, field=chosen[holds]).moments
            for holds in moments
            if holds in chosen and any(told is not None for told in self.texts[holds])
        }
        self.shapes, self.ewkb, self.faults = rows.shapes, rows.ewkb, rows.faults

    def row(self, index: int) -> Row:
        """Return one row."""
        return Row(self, index)


class Row:
    """One row; what is asked of it and cannot be said becomes a fault."""

    def __init__(self, columns: Columns, index: int) -> None:
        self._columns, self._index = columns, index
        self.faults: list[tuple[ProblemKind, str]] = []

    def has(self, holds: str) -> bool:
        """Whether the file has such a column."""
        return holds in self._columns.texts

    def fault(self, kind: ProblemKind, told: str) -> None:
        """Say what is wrong with it."""
        self.faults.append((kind, told))

    def text(self, holds: str) -> str | None:
        """Return a text; None where there is none."""
        return self._columns.texts[holds][self._index] if self.has(holds) else None

    def needed(self, holds: str, kind: ProblemKind = ProblemKind.BAD_VALUE) -> str:
        """Return a text that must be there."""
        told = self.text(holds)
        if told is None:
            self.fault(kind, f"names no {holds.replace('_', ' ')}")
        return told or ""

    def number(self, holds: str, *, least: float, most: float, is_whole: bool = False) -> float:
        """Return a number in its bounds; 0 where there is none."""
        told = self.text(holds)
        if told is None:
            return 0
        value = float(self._columns.numbers[holds][self._index])
        if not least <= value <= most or (is_whole and value != int(value)):  # NaN is in no bounds
            kind = "whole number" if is_whole else "number"
            told_bounds = f"which is no {kind} from {least:g} to {most:g}"
            self.fault(ProblemKind.BAD_NUMBER, f"has {told!r} as {holds}, {told_bounds}")
            return 0
        return value

    def day(self, holds: str) -> date | None:
        """Return a day; None where there is none."""
        told = self.text(holds)
        day: date | None = None if told is None else self._columns.days[holds][self._index]
        if told is not None and day is None:
            self.fault(ProblemKind.BAD_DATE, f"has {told!r} as {holds}, which is no day")
        return day

    def moment(self, holds: str) -> datetime | None:
        """Return a moment; None where there is none."""
        told = self.text(holds)
        moment: datetime | None = None if told is None else self._columns.moments[holds][self._index]
        if told is not None and moment is None:
            self.fault(ProblemKind.BAD_TIME, f"has {told!r} as {holds}, which is no time")
        return moment

    def one_of(
        self, holds: str, find: Callable[[str], Found | None], of: str, kind: ProblemKind
    ) -> Found | None:
        """Return what a text names; None where there is no text, or it names nothing."""
        told = self.text(holds)
        found = None if told is None else find(told)
        if told is not None and found is None:
            self.fault(kind, f"names {told}, which is {of}")
        return found

    def listed(self, holds: str) -> list[str]:
        """Return the texts of a list in one cell, as people and GeoJSON write it."""
        told = self.text(holds) or ""
        return [one.strip(_AROUND) for one in _BETWEEN.split(told) if one.strip(_AROUND)]

    def span(self) -> dict[str, date | None]:
        """Return the first day and the day after the last, as far as the file has such columns."""
        days = {holds: self.day(holds) for holds in ("valid_from", "valid_to") if self.has(holds)}
        first, end = days.get("valid_from"), days.get("valid_to")
        if first is not None and end is not None and end <= first:
            self.fault(ProblemKind.BAD_DATE, f"ends on {end}, which is not after {first}")
        return days

    def place(self, *, only_points: bool) -> str | None:
        """Return where it is, as hexadecimal EWKB; None where it is nowhere."""
        fault, shape = self._columns.faults[self._index], self._columns.shapes[self._index]
        if fault is not None:
            self.fault(ProblemKind.EMPTY_GEOMETRY, fault)
        elif only_points and shape.geom_type != "Point":
            self.fault(ProblemKind.BAD_VALUE, f"is a {shape.geom_type}, not a point")
        return self._columns.ewkb[self._index]

    @property
    def is_ground(self) -> bool:
        """Whether it has an extent of its own."""
        shape = self._columns.shapes[self._index]
        return shape is not None and shape.area > 0
