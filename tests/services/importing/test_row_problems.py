"""Problems of rows in words and in order."""

from __future__ import annotations

from gisgov.services.importing.row_problems import RowProblem, sorted_problems


def test_a_problem_reads_as_a_sentence() -> None:
    assert str(RowProblem(3, "330106", "invalid-ring", "has an invalid ring", 120.1, 30.2)) == (
        "row 3 (330106): has an invalid ring at 120.1000000, 30.2000000"
    )
    assert str(RowProblem(3, None, "missing-code", "has no code")) == "row 3: has no code"


def test_problems_are_sorted_by_row_alone() -> None:
    first, second, third = (RowProblem(row, None, kind, "") for row, kind in ((2, "z"), (2, "a"), (1, "m")))
    assert sorted_problems([first, second, third]) == (third, first, second)
