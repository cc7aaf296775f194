"""Risk rules from the sheets of a workbook, put together to one document.

A document of rules is a tree; people who write rules keep tables. Every value of the document remembers the
cell that it came from, so that a fault of the rules is told by sheet, row and column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from gisgov.errors import ProfileError
from gisgov.governance.risk.documents import parse_rules
from gisgov.governance.risk.rules import RiskRules
from gisgov.governance.risk.sheets import ANY, KEYS, SEPARATOR, SHEETS
from gisgov.types import Json

OPTIONAL: Final = frozenset({"choices", "bands", "triggers"})
"""Sheets that may be absent or empty."""

_THRESHOLDS: Final = ("general", "warning")
_YES_NO: Final = {
    **dict.fromkeys(("yes", "true", "是"), True),
    **dict.fromkeys(("no", "false", "否"), False),
}
_WHOLE: Final = re.compile(r"[+-]?\d{1,15}")
_STEP: Final = re.compile(r"[^.\[\]]+|\[\d+\]")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a sheet.

    Parameters
    ----------
    number : int
        Its number for people, from 1; the header does not count.
    cells : mapping of str to str
        What stands in its columns; empty cells are left out.
    """

    number: int
    cells: Mapping[str, str]


Sheets = Mapping[str, Sequence[Row]]


@dataclass(frozen=True, slots=True)
class _Cell:
    sheet: str
    row: int | None
    column: str | None

    def __str__(self) -> str:
        parts = [f"sheet {self.sheet}"]
        parts += [] if self.row is None else [f"row {self.row}"]
        parts += [] if self.column is None else [f"column {self.column}"]
        return ", ".join(parts)


def parse_sheets(sheets: Sheets, where: str) -> RiskRules:
    """Read rules from the sheets of a workbook.

    Parameters
    ----------
    sheets : mapping of str to sequence of Row
        Rows of the `SHEETS`. Several values of a cell stand with ``|`` between them. The rows of a factor are
        its bands in their order, those of a trigger its conditions; titles, class and fact of either may be
        left empty after its first row.
    where : str
        Name of the workbook for messages.

    Raises
    ------
    ProfileError
        Something in it cannot be used; the message names sheet, row and column.
    """
    places: dict[str, _Cell] = {}
    document = _document(sheets, places, where)
    try:
        return parse_rules(document, where)
    except ProfileError as error:
        path = error.field or ""
        fault = error.message.removeprefix(f"{where}: {path} ").removeprefix(f"{where} ")
        cell = _cell_of(path, places)
        raise ProfileError(f"{where}, {cell}: {fault}", hint=error.hint, field=error.field) from error


def _document(sheets: Sheets, places: dict[str, _Cell], where: str) -> Json:
    document: Json = {"thresholds": {}}
    places[""] = places["thresholds"] = _Cell("rules", None, None)
    for row in sheets["rules"]:
        key = row.cells.get("key", "")
        if key not in KEYS:
            raise ProfileError(
                f"{where}, {_Cell('rules', row.number, 'key')}: {key!r} is no key of rules.",
                hint=f"Keys are {', '.join(KEYS)}.",
            )
        inner = document["thresholds"] if key in _THRESHOLDS else document
        if key in inner:
            raise ProfileError(f"{where}, {_Cell('rules', row.number, 'key')}: {key!r} stands there twice.")
        inner[key] = _value(key, row.cells.get("value"))
        path = f"thresholds.{key}" if key in _THRESHOLDS else key
        places[path] = _Cell("rules", row.number, "value")
    document["facts"] = list(_facts(sheets, places, where))
    document["factors"] = list(_factors(sheets, places, where))
    document["triggers"] = list(_triggers(sheets, places, where))
    return document


def _facts(sheets: Sheets, places: dict[str, _Cell], where: str) -> Iterator[Json]:
    names = [row.cells.get("name") for row in sheets["facts"]]
    choices: dict[str | None, list[Row]] = {}
    for row in sheets.get("choices", ()):
        if row.cells.get("fact") not in names:
            raise ProfileError(
                f"{where}, {_Cell('choices', row.number, 'fact')}: {row.cells.get('fact')!r} is no fact of "
                "the sheet facts."
            )
        choices.setdefault(row.cells.get("fact"), []).append(row)
    places["facts"] = _Cell("facts", None, None)
    for i, row in enumerate(sheets["facts"]):
        path = f"facts[{i}]"
        places[path] = _Cell("facts", row.number, None)
        counted = {key: row.cells[key] for key in SHEETS["facts"][9:] if key in row.cells}
        fact = {key: _value(key, row.cells.get(key)) for key in SHEETS["facts"][:9] if key in row.cells}
        for key in SHEETS["facts"][:9]:
            places[f"{path}.{key}"] = _Cell("facts", row.number, key)
        if counted:
            fact["counts"] = {key: _value(key, text) for key, text in counted.items()}
            places[f"{path}.counts"] = _Cell("facts", row.number, "hazards")
            for key in SHEETS["facts"][9:]:
                places[f"{path}.counts.{key}"] = _Cell("facts", row.number, key)
        own = choices.get(row.cells.get("name"), ())
        if own:
            fact["choices"] = [
                {key: one.cells[key] for key in SHEETS["choices"][1:] if key in one.cells} for one in own
            ]
        for j, one in enumerate(own):
            places[f"{path}.choices[{j}]"] = _Cell("choices", one.number, None)
            for key in SHEETS["choices"][1:]:
                places[f"{path}.choices[{j}].{key}"] = _Cell("choices", one.number, key)
        yield fact


def _factors(sheets: Sheets, places: dict[str, _Cell], where: str) -> Iterator[Json]:
    places["factors"] = _Cell("bands", None, None)
    for i, (name, rows) in enumerate(_grouped(sheets.get("bands", ()), "factor").items()):
        path = f"factors[{i}]"
        factor = _head(path, name, rows, ("title_zh", "title_en", "fact"), "bands", "factor", places, where)
        factor["bands"] = []
        for j, row in enumerate(rows):
            places[f"{path}.bands[{j}]"] = _Cell("bands", row.number, None)
            for key in ("at_least", "at_most", "is", "points"):
                places[f"{path}.bands[{j}].{key}"] = _Cell("bands", row.number, key)
            band = _condition(row)
            if "points" in row.cells:
                band["points"] = _value("points", row.cells["points"])
            factor["bands"].append(band)
        yield factor


def _triggers(sheets: Sheets, places: dict[str, _Cell], where: str) -> Iterator[Json]:
    places["triggers"] = _Cell("triggers", None, None)
    for i, (name, rows) in enumerate(_grouped(sheets.get("triggers", ()), "trigger").items()):
        path = f"triggers[{i}]"
        keys = ("title_zh", "title_en", "class")
        trigger = _head(path, name, rows, keys, "triggers", "trigger", places, where)
        when: Json = {}
        for row in rows:
            fact = row.cells.get("fact", "")
            if fact in when:
                raise ProfileError(
                    f"{where}, {_Cell('triggers', row.number, 'fact')}: trigger {name!r} asks {fact!r} twice."
                )
            when[fact] = _condition(row)
            places[f"{path}.when.{fact}"] = _Cell("triggers", row.number, "fact")
            for key in ("at_least", "at_most", "is"):
                places[f"{path}.when.{fact}.{key}"] = _Cell("triggers", row.number, key)
        trigger["when"] = when
        yield trigger


def _head(
    path: str,
    name: str | None,
    rows: Sequence[Row],
    keys: Sequence[str],
    sheet: str,
    column: str,
    places: dict[str, _Cell],
    where: str,
) -> Json:
    """Return what the rows of one factor or trigger have in common; those that say it say the same."""
    places[path] = _Cell(sheet, rows[0].number, None)
    places[f"{path}.name"] = _Cell(sheet, rows[0].number, column)
    head: Json = {} if name is None else {"name": name}
    for key in keys:
        told = next((row for row in rows if key in row.cells), rows[0])
        places[f"{path}.{key}"] = _Cell(sheet, told.number, key)
        if key in told.cells:
            head[key] = told.cells[key]
        for row in rows:
            if row.cells.get(key, head.get(key)) != head.get(key):
                raise ProfileError(
                    f"{where}, {_Cell(sheet, row.number, key)}: is {row.cells[key]!r}, but row {told.number} "
                    f"of {name!r} says {head[key]!r}."
                )
    return head


def _grouped(rows: Sequence[Row], column: str) -> dict[str | None, list[Row]]:
    groups: dict[str | None, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.cells.get(column), []).append(row)
    return groups


def _condition(row: Row) -> Json:
    return {key: _value(key, row.cells[key]) for key in ("at_least", "at_most", "is") if key in row.cells}


_LISTS: Final = frozenset({"hazards", "events"})
_NUMBERS: Final = frozenset(
    {"least", "most", "days", "within_m", "at_least", "at_most", "points", "least_known", *_THRESHOLDS}
)
_FLAGS: Final = frozenset({"example", "overdue"})


def _value(key: str, text: str | None) -> object:
    """Read a cell as a file has it; what cannot be read stays a text, which the rules then refuse."""
    if text is None:
        return None
    if key in _LISTS:
        parts = [part.strip() for part in text.split(SEPARATOR)]
        return [] if parts == [ANY] else parts
    if key == "is":
        return _YES_NO.get(text.casefold(), [part.strip() for part in text.split(SEPARATOR)])
    if key in _FLAGS:
        return _YES_NO.get(text.casefold(), text)
    return _number(text) if key in _NUMBERS else text


def _number(text: str) -> object:
    if _WHOLE.fullmatch(text):
        return int(text)
    try:
        return float(text)
    except ValueError:
        return text


def _cell_of(path: str, places: Mapping[str, _Cell]) -> _Cell:
    """Return the cell of a path in the document, or of the nearest thing around it that has one."""
    steps = _STEP.findall(path)
    for length in range(len(steps), 0, -1):
        within = steps[0] + "".join(step if step.startswith("[") else f".{step}" for step in steps[1:length])
        if within in places:
            return places[within]
    return places[""]
