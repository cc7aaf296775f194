"""One step of one event, without any database."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from gisgov.errors import IllegalTransition, InputError
from gisgov.governance.events import EventState
from gisgov.governance.loop import TRIAGE, DeskKind, DeskName, Item, Move, loop_machine
from gisgov.governance.loop.walking import Standing, owning_department, walk

NOW = datetime(2026, 5, 10, tzinfo=UTC)
EARLIER = datetime(2026, 5, 9, tzinfo=UTC)
AREA = DeskName(DeskKind.AREA, "grid", "A")
MACHINE = loop_machine()


def standing(state: str, **more: Any) -> Standing:
    return Standing(**{"event_id": 7, "state": EventState(state), "number": 3, "source": "hotline", **more})


def test_the_first_step_of_a_new_event_comes_from_nowhere() -> None:
    move = Move(7, "report", desk=AREA, at=EARLIER, details={"by": "phone"})
    done = walk(MACHINE, standing("reported", number=0), move, NOW)
    assert (done.moved.from_state, done.moved.number, done.moved.at) == (None, 1, EARLIER)
    assert done.moved.details == {"by": "phone"}
    assert done.standing.desk_kind is DeskKind.AREA
    with pytest.raises(IllegalTransition):
        walk(MACHINE, done.standing, move, NOW)


@pytest.mark.parametrize(
    ("state", "more", "move", "to", "closed_at"),
    [
        ("reviewed", {}, {"action": "close"}, "closed", NOW),
        ("closed", {"closed_at": EARLIER}, {"action": "revisit"}, "revisited", EARLIER),
        ("merged", {"closed_at": EARLIER}, {"action": "reopen", "reason": "x"}, "accepted", None),
        ("suspended", {"before": EventState.HANDLING}, {"action": "resume"}, "handling", None),
        ("suspended", {}, {"action": "resume"}, "accepted", None),  # it came from a file
        ("handling", {}, {"action": "hand-over", "desk": AREA}, "handling", None),
        ("reported", {"level": "1"}, {"action": "correct-on-the-spot"}, "closed", NOW),
        ("accepted", {}, {"action": "dispatch", "desk": AREA}, "dispatched", None),
        ("accepted", {"desk_kind": DeskKind.DEPARTMENT}, {"action": "dispatch"}, "dispatched", None),
        ("reported", {}, {"action": "extend", "reason": "x", "details": {"stage": "case", "amount": 1}},
         "reported", None),
    ],
)  # fmt: skip
def test_steps_lead_where_the_machine_says(
    state: str, more: dict[str, Any], move: dict[str, Any], to: str, closed_at: datetime | None
) -> None:
    done = walk(MACHINE, standing(state, **more), Move(7, **move), NOW)
    assert (done.standing.state, done.standing.closed_at) == (to, closed_at)
    assert (done.moved.from_state, done.moved.to_state, done.moved.number) == (state, to, 4)


def test_what_is_merged_remembers_into_what_and_forgets_when_it_is_reopened() -> None:
    merged = walk(MACHINE, standing("handling"), Move(7, "merge", merged_into=9), NOW).standing
    assert (merged.merged_into, merged.state) == (9, "merged")
    noted = walk(MACHINE, merged, Move(7, "note", "x"), NOW).standing
    assert noted.merged_into == 9
    assert walk(MACHINE, noted, Move(7, "reopen", "x"), NOW).standing.merged_into is None


def test_what_is_classified_has_another_level_and_item() -> None:
    item = Item(4, "0101")
    move = Move(7, "classify", details={"level": "三级"}, item=item)
    done = walk(MACHINE, standing("reported", level="2"), move, NOW).standing
    assert (done.level, done.item, done.state) == ("3", item, "reported")
    kept = walk(MACHINE, done, Move(7, "classify", details={"category": "0101"}), NOW).standing
    assert (kept.level, kept.item) == ("3", item)


def test_what_is_returned_leaves_its_desk() -> None:
    done = walk(MACHINE, standing("handling", desk_kind=DeskKind.AREA), Move(7, "return", "x"), NOW)
    assert (done.desk, done.standing.desk_kind) == (TRIAGE, DeskKind.TRIAGE)


@pytest.mark.parametrize(
    ("state", "move", "field"),
    [
        ("reported", {"action": "dance"}, "action"),
        ("reported", {"action": "reject", "reason": "  "}, "reason"),
        ("reported", {"action": "hand-over"}, "desk"),
        ("accepted", {"action": "dispatch"}, "desk"),
        ("accepted", {"action": "dispatch", "desk": TRIAGE}, "desk"),
        ("reported", {"action": "accept", "desk": AREA}, "desk"),
        ("reported", {"action": "merge"}, "merged_into"),
        ("reported", {"action": "accept", "merged_into": 9}, "merged_into"),
        ("reported", {"action": "classify"}, "category"),
        ("reported", {"action": "classify", "details": {"level": "9"}}, "level"),
        ("reported", {"action": "extend", "reason": "x", "details": {"stage": "case"}}, "stage"),
    ],
)
def test_what_a_step_needs_is_asked_for(state: str, move: dict[str, Any], field: str) -> None:
    with pytest.raises(InputError) as refused:
        walk(MACHINE, standing(state), Move(7, **move), NOW)
    assert refused.value.field == field


def test_an_illegal_step_names_the_legal_ones() -> None:
    with pytest.raises(IllegalTransition, match="unless it is of level 1") as refused:
        walk(MACHINE, standing("reported"), Move(7, "correct-on-the-spot"), NOW)
    assert "correct-on-the-spot" not in refused.value.legal
    with pytest.raises(IllegalTransition, match="not possible to close") as refused:
        walk(MACHINE, standing("reported", level="1"), Move(7, "close"), NOW)
    assert "correct-on-the-spot" in refused.value.legal


def test_desks_are_told_in_words() -> None:
    desks = (AREA, DeskName(DeskKind.DEPARTMENT, department="water"), TRIAGE)
    assert [str(one) for one in desks] == ["grid A", "department water", "triage"]


def test_what_lies_on_a_departments_desk_is_its_own_to_deal_with() -> None:
    start, verify = (loop_machine().transition(one) for one in ("start", "verify"))
    assert owning_department(start, "department", "water") == "water"
    assert owning_department(start, "area", "water") is None  # beside an area it only helps
    assert owning_department(verify, "department", "water") is None
