"""Edited tables held against the defects that are there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gisgov.errors import InputError, RowsRefused
from gisgov.geometry.repair import Decision
from gisgov.services.ground_files import GroundFile
from gisgov.services.repairing.cases import RepairCase
from gisgov.services.repairing.files import FileAsked, propose_for_file
from gisgov.services.repairing.findings import Findings, find
from gisgov.services.repairing.judging import judge, made_for_of_table
from gisgov.services.repairing.proposal_files import EditedTable, read_proposals
from gisgov.testing import areas_from_grid

# D does not touch the gap in the middle, and leaves the scope in the south-east
PICTURE = "AABD\nA.BD\nCCCDD"


@pytest.fixture
def case(save: Callable[..., Path], asked: Callable[..., FileAsked]) -> RepairCase:
    return asked(save("grids", PICTURE), save("scope", "SSSS\nSSSS\nSSSS")).case(None)


@pytest.fixture
def findings(case: RepairCase) -> Findings:
    return find(case)


@pytest.fixture
def table(tmp_path: Path, asked: Callable[..., FileAsked], case: RepairCase) -> EditedTable:
    question = asked(tmp_path / "grids.gpkg", tmp_path / "scope.gpkg")
    propose_for_file(question, tmp_path / "p.csv")
    return read_proposals(tmp_path / "p.csv")


def edited(table: EditedTable, row: int, **cells: Any) -> EditedTable:
    rows = [replace(one, **cells) if one.row == row else one for one in table.rows]
    return replace(table, rows=tuple(rows))


def test_what_stands_is_the_rule_and_what_was_changed_a_person(
    case: RepairCase, findings: Findings, table: EditedTable
) -> None:
    assert [one.kind for one in findings.told] == ["gap", "outside"]
    untouched = judge(table, case, findings)
    assert [(one.decision, one.to, one.accepted, one.by) for one in untouched] == [
        (Decision.GIVE, 0, False, "rule"),
        (Decision.CLIP, -1, False, "rule"),
    ]
    changed = edited(edited(table, 1, to="C", accepted="YES"), 2, decision="Leave", accepted="否")
    assert [(one.decision, one.to, one.accepted, one.by) for one in judge(changed, case, findings)] == [
        (Decision.GIVE, 2, True, "person"),
        (Decision.LEAVE, -1, False, "person"),
    ]


def test_accepting_all_takes_what_says_nothing(
    case: RepairCase, findings: Findings, table: EditedTable
) -> None:
    refused = edited(table, 2, accepted="no")
    assert [one.accepted for one in judge(refused, case, findings, accept_all=True)] == [True, False]


@pytest.mark.parametrize("word", ["yes", "Y", "TRUE", "1", "是", "√", "x"])
def test_words_for_yes(case: RepairCase, findings: Findings, table: EditedTable, word: str) -> None:
    assert judge(edited(table, 1, accepted=word), case, findings)[0].accepted


def test_the_order_of_rows_does_not_matter(case: RepairCase, findings: Findings, table: EditedTable) -> None:
    turned = replace(table, rows=tuple(reversed(table.rows)))
    assert judge(turned, case, findings) == judge(table, case, findings)


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"decision": "giv"}, "row 1, decision: 'giv' is none of give, clip, node, rebuild, drop, leave"),
        ({"decision": None}, "row 1, decision: is empty: say one of give"),
        ({"to": "Q"}, "row 1, to: no area is called 'Q'"),
        ({"to": "3.30106E+11"}, "a spreadsheet took a code for a number"),
        ({"to": "D"}, "row 1, to: area D does not touch the ground"),
        ({"to": None}, "row 1, to: is empty: name the area that gets the ground"),
        ({"decision": "clip"}, "row 1, to: A gets nothing by clip"),
        ({"accepted": "maybe"}, "row 1, accepted: 'maybe' is neither yes nor no"),
        ({"key": None}, "row 1, key: is empty"),
        ({"key": "gap-0"}, "row 1, key: there is no defect 'gap-0'"),
        ({"number": "2"}, "row 1, number: 2 is not defect gap-"),
    ],
)
def test_errors_name_row_and_field(
    case: RepairCase, findings: Findings, table: EditedTable, cells: dict[str, str | None], words: str
) -> None:
    with pytest.raises(RowsRefused) as refused:
        judge(edited(table, 1, **cells), case, findings)
    assert words in refused.value.message
    assert "p.csv has an error, so nothing was applied" in refused.value.message


def test_rows_that_are_missing_twice_there_or_ragged(
    case: RepairCase, findings: Findings, table: EditedTable
) -> None:
    first, second = table.rows
    with pytest.raises(RowsRefused, match=r"the row of defect 2 \(outside-.*\) is missing"):
        judge(replace(table, rows=(first,)), case, findings)
    again = replace(first, row=3)
    with pytest.raises(RowsRefused, match=r"row 3, key: gap-.* is in row 1 already"):
        judge(replace(table, rows=(first, second, again)), case, findings)
    with pytest.raises(RowsRefused, match="row 2, all: has 3 cells"):
        judge(replace(table, ragged={2: "has 3 cells"}), case, findings)


def test_many_errors_are_counted(case: RepairCase, findings: Findings, table: EditedTable) -> None:
    rows = tuple(replace(table.rows[0], row=row, key=f"gap-{row}") for row in range(1, 12))
    with pytest.raises(RowsRefused, match="has 11 errors") as refused:
        judge(replace(table, rows=rows), case, findings)
    assert "row 8, key" in refused.value.message
    assert "row 9, key" not in refused.value.message
    assert "; and 3 more." in refused.value.message


def test_drop_may_name_an_area_or_none(case: RepairCase, findings: Findings, table: EditedTable) -> None:
    dropped = edited(edited(table, 1, decision="drop"), 2, decision="drop")
    assert [(one.decision, one.to) for one in judge(dropped, case, findings)] == [
        (Decision.DROP, 0),
        (Decision.DROP, -1),
    ]


def test_an_area_without_a_parent_can_only_be_left(save: Callable[..., Path], tmp_path: Path) -> None:
    grids, parents = save("grids", "AB"), save("parents", "P")
    question = FileAsked(
        GroundFile(grids, code_field="code"),
        parents=GroundFile(parents, code_field="code"),
        parent_field="name",
    )
    report = propose_for_file(question, tmp_path / "p.csv")
    assert [(one.kind, one.decision) for one in report.proposals] == [("missing-parent", "leave")] * 2
    case = question.case(None)
    table = read_proposals(tmp_path / "p.csv")
    assert [one.decision for one in judge(table, case, find(case))] == [Decision.LEAVE] * 2
    with pytest.raises(RowsRefused, match="row 1, decision: clip does not mend an area without a parent"):
        judge(edited(table, 1, decision="clip"), case, find(case))


def test_all_rows_must_say_the_same_of_what_they_were_made_for(table: EditedTable) -> None:
    assert made_for_of_table(table)["system"] == "EPSG:4547"
    assert made_for_of_table(EditedTable("p.csv", (), {})) == {}
    with pytest.raises(InputError, match="row 2, made_for: differs from row 1"):
        made_for_of_table(edited(table, 2, made_for="areas = 1"))
    with pytest.raises(InputError, match="row 1, made_for: is empty"):
        made_for_of_table(edited(table, 1, made_for=None))


def test_a_code_that_lost_its_zeros_is_explained(
    save: Callable[..., Path], asked: Callable[..., FileAsked], tmp_path: Path
) -> None:
    _, shapes = areas_from_grid("AAB\nA.B\nCCC", cell_m=100, origin=(500_000, 2_490_000))
    areas = {f"00{i}": shape for i, shape in enumerate(shapes, start=1)}
    question = asked(save("numbered", areas))
    propose_for_file(question, tmp_path / "n.csv")
    read, case = read_proposals(tmp_path / "n.csv"), question.case(None)
    assert judge(read, case, find(case))[0].to == 0
    with pytest.raises(RowsRefused, match=r"no area is called '2' \(a spreadsheet took a code"):
        judge(edited(read, 1, to="2"), case, find(case))


def test_decisions_may_be_said_in_chinese(case: RepairCase, findings: Findings, table: EditedTable) -> None:
    spoken = edited(edited(table, 1, decision="划归"), 2, decision="裁去")
    assert [(one.decision, one.by) for one in judge(spoken, case, findings)] == [
        (Decision.GIVE, "rule"),
        (Decision.CLIP, "rule"),
    ]
