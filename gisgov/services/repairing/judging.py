"""What a person made of proposals, held against the defects that are there; every error is named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gisgov.errors import InputError, RowsRefused
from gisgov.geometry.repair import Decision
from gisgov.governance.defects import DecisionTitle
from gisgov.services.defect_reports import MISSING_PARENT
from gisgov.services.repairing.cases import RepairCase
from gisgov.services.repairing.findings import Findings
from gisgov.services.repairing.proposal_files import EditedRow, EditedTable, made_for_of
from gisgov.services.repairing.proposals import decision_words

_YES: Final = frozenset({"yes", "y", "true", "t", "1", "x", "ok", "是", "对", "√", "✓", "同意", "接受"})
_NO: Final = frozenset({"no", "n", "false", "f", "0", "否", "不", "×", "不同意", "拒绝"})
_SPOKEN: Final = {one.title_zh: one.value for one in DecisionTitle}
_SHOWN: Final = 8


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was decided about one defect.

    Attributes
    ----------
    decision : Decision
        What the table says, accepted or not.
    to : int
        Number of the area that gets the ground, −1 for none.
    accepted : bool
        Whether it is to be carried out.
    by : str
        ``rule`` where it stands as it was proposed, ``person`` where it was changed.
    """

    decision: Decision
    to: int
    accepted: bool
    by: str


def made_for_of_table(table: EditedTable) -> dict[str, str]:
    """Return what all rows of a table say they were made for.

    Raises
    ------
    InputError
        A row does not say, or they do not all say the same: rows of several tables were mixed.
    """
    if not table.rows:
        return {}
    first = table.rows[0]
    for row in table.rows:
        if row.made_for is None or row.made_for != first.made_for:
            raise InputError(
                f"{table.name}: row {row.row}, made_for: "
                + ("is empty." if row.made_for is None else f"differs from row {first.row}."),
                hint="Leave that column as it was written; rows of several tables cannot be mixed.",
                field="made_for",
            )
    return made_for_of(first.made_for or "")


def judge(
    table: EditedTable, case: RepairCase, findings: Findings, *, accept_all: bool = False
) -> tuple[Chosen, ...]:
    """Hold an edited table against the defects that are there.

    Parameters
    ----------
    table : EditedTable
        As a person left it.
    case : RepairCase
        The coverage.
    findings : Findings
        Its defects.
    accept_all : bool
        Take rows that say nothing as accepted; those that say no stay refused.

    Returns
    -------
    tuple of Chosen
        One for each defect, in the order of their numbers.

    Raises
    ------
    RowsRefused
        A row has an unknown decision or code, names an area that does not touch the ground, is there twice or
        missing, or cannot be read; the message names rows and fields.
    """
    judging = _Judging(case, findings, accept_all)
    rows: dict[int, EditedRow] = {}
    for row in table.rows:
        if row.row in table.ragged:
            judging.complain(row, "all", table.ragged[row.row])
            continue
        place = judging.place(row)
        if place is None:
            continue
        if place in rows:
            judging.complain(row, "key", f"{row.key} is in row {rows[place].row} already")
            continue
        rows[place] = row
    chosen = {place: judging.chosen(row, place) for place, row in rows.items()}
    for place, defect in enumerate(findings.told):
        if place not in rows and not judging.has_lost_rows:
            judging.errors.append(f"the row of defect {defect.number} ({findings.keys[place]}) is missing")
    judging.refuse(table.name)
    return tuple(chosen[place] for place in range(len(findings.told)))


class _Judging:
    """The errors found so far, and what rows are held against."""

    def __init__(self, case: RepairCase, findings: Findings, accept_all: bool) -> None:
        self.errors: list[str] = []
        self.has_lost_rows = False
        self._accept_all = accept_all
        self._case = case
        self._findings = findings
        self._codes = {code: i for i, code in enumerate(case.codes)}
        self._places = {key: place for place, key in enumerate(findings.keys)}

    def complain(self, row: EditedRow, field: str, words: str) -> None:
        """Note what is wrong with a row."""
        self.errors.append(f"row {row.row}, {field}: {words}")
        self.has_lost_rows |= field in ("all", "key", "number")

    def refuse(self, name: str) -> None:
        """Refuse a table with errors."""
        if not self.errors:
            return
        more = len(self.errors) - _SHOWN
        tail = f"; and {more:,} more" if more > 0 else ""
        what = "an error" if len(self.errors) == 1 else f"{len(self.errors):,} errors"
        raise RowsRefused(
            f"{name} has {what}, so nothing was applied: {'; '.join(self.errors[:_SHOWN])}{tail}.",
            hint="Mend the rows, or propose anew.",
            field="proposals",
        )

    def place(self, row: EditedRow) -> int | None:
        """Return which defect a row is of."""
        if row.key is None:
            self.complain(row, "key", "is empty")
            return None
        place = self._places.get(row.key)
        if place is None:
            self.complain(row, "key", f"there is no defect {row.key!r}")
            return None
        number = self._findings.told[place].number
        if row.number is not None and row.number != str(number):
            self.complain(
                row, "number", f"{row.number} is not defect {row.key}, which is {number}: sort whole rows"
            )
            return None
        return place

    def chosen(self, row: EditedRow, place: int) -> Chosen:
        """Read the decision of a row."""
        decision = self._decision(row, place)
        to = self._to(row, place, decision)
        words = decision_words(decision, row.to)
        by = "rule" if words == (row.proposed or "") else "person"
        return Chosen(decision, to, self._accepted(row), by)

    def _decision(self, row: EditedRow, place: int) -> Decision:
        text = (row.decision or "").casefold()
        text = _SPOKEN.get(text, text)
        if text not in list(Decision):
            what = f"{row.decision!r} is none of" if row.decision else "is empty: say one of"
            self.complain(row, "decision", f"{what} {', '.join(Decision)}")
            return Decision.LEAVE
        decision = Decision(text)
        if self._findings.told[place].kind == MISSING_PARENT and decision is not Decision.LEAVE:
            self.complain(row, "decision", f"{text} does not mend an area without a parent: leave it")
        return decision

    def _to(self, row: EditedRow, place: int, decision: Decision) -> int:
        if decision is Decision.LEAVE:
            return -1
        if row.to is None:
            if decision is Decision.GIVE:
                self.complain(row, "to", "is empty: name the area that gets the ground")
            return -1
        if decision not in (Decision.GIVE, Decision.DROP):
            self.complain(row, "to", f"{row.to} gets nothing by {decision}: empty the cell, or say give")
            return -1
        number = self._codes.get(row.to)
        if number is None:
            self.complain(row, "to", f"no area is called {row.to!r}{self._spoilt(row.to)}")
            return -1
        if not self._findings.touches(self._case, place, number):
            self.complain(row, "to", f"area {row.to} does not touch the ground")
        return number

    def _accepted(self, row: EditedRow) -> bool:
        text = (row.accepted or "").casefold()
        if text in _NO:
            return False
        if not text:
            return self._accept_all
        if text not in _YES:
            self.complain(row, "accepted", f"{row.accepted!r} is neither yes nor no")
        return True

    def _spoilt(self, code: str) -> str:
        """Say what happened to a code that a spreadsheet took for a number."""
        shortened = code.upper().replace("E+", "").replace(".", "")
        is_shortened = "E+" in code.upper() and shortened.isdigit()
        lost_zeros = any(known.lstrip("0") == code for known in self._codes)
        if not (is_shortened or lost_zeros):
            return ""
        return " (a spreadsheet took a code for a number: format the column as text, or use .xlsx)"
