"""What is told of drafts beside what a day's work shows."""

from __future__ import annotations

from dataclasses import replace

from gisgov.cli.draft_texts import tell_conflicts, tell_draft, tell_edit, tell_since
from gisgov.errors import DraftChanged, RebaseConflict
from gisgov.services.editing.reports import AreaFigures, Conflict, EditReport
from gisgov.services.editing.showing import DraftReport
from gisgov.services.plans import PlanInfo

AREA = AreaFigures("A", "甲", ("P",), True, 3, 4200, 1500, 0.5123, 0.97, -0.03, 0.61, 1, 0.84)
DONE = EditReport("d", 7, "rebase", (AREA,), (), 0, 0, 1, (), None, None)


def test_figures_are_rounded_and_locks_told() -> None:
    lines = [" ".join(line.split()) for line in tell_edit(DONE).splitlines()]
    assert "A 甲 (locked) 3 4,200 0.512 0.97 -3% 0.61 1 84%" in lines
    assert lines[-1] == "1 block cut by the line."


def test_long_lists_end() -> None:
    many = replace(DONE, areas=(AREA,) * 21, conflicts=(Conflict("block", "0", "A", "B", "C"),))
    assert "and 1 more: --json has them all" in tell_edit(many)
    assert "1 conflict was decided" in tell_edit(many)
    told = tell_conflicts(
        RebaseConflict("No.", conflicts=[Conflict("block", "0", "A", None, "C").told()] * 25)
    )
    assert told.endswith("and 5 more")
    assert [*told.splitlines()[1].split()] == ["block", "0", "A", "-", "C"]


def test_a_revision_that_a_draft_never_had_is_told_of() -> None:
    assert "never had" in tell_since(DraftChanged("It changed.", revision=3, since=[]))


def test_a_newer_plan_is_told_with_what_to_do() -> None:
    info = PlanInfo("d", "grid", "S", "draft", None, None, 0, None, None)
    told = tell_draft(DraftReport(info, 0, "old", "new", (), (), (), None, None))
    assert told.splitlines() == [
        "d: 0 areas of grid, revision 0, based on old",
        "new took the place of old: `gisgov draft rebase d` goes on from there.",
        "Nothing is to be mended.",
    ]
