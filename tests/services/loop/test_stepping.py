"""Steps that people take with events: who may, what follows, and what is refused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from loop_ground import TODAY, area, department, info, report

from gisgov.errors import (
    ConflictError,
    EventUnknown,
    GisgovError,
    IllegalTransition,
    InputError,
    NotAllowed,
    NotFoundError,
    StepConflict,
)
from gisgov.governance.loop import Step
from gisgov.services.loop import EventInfo, event_history, take_step
from gisgov.store.database import Database


def step(database: Database, event_id: int, action: str, reason: str | None = None, **more: Any) -> EventInfo:
    return take_step(database, event_id, Step(action, reason, **more), today=TODAY)


def told(database: Database, event_id: int) -> set[tuple[str, str]]:
    query = sa.text("SELECT why, area_code FROM event_told WHERE event_id = :id")
    with database.begin() as connection:
        return {(row.why, row.area_code) for row in connection.execute(query, {"id": event_id})}


def test_an_event_goes_from_report_to_revisit(ground: Database, hands: dict[str, Database]) -> None:
    event = report(ground, "whole way")
    officer, dispatcher = hands["officer-a"], hands["dispatcher-s"]
    first = info(officer, event)
    assert (first.state, first.step_number, first.desk and first.desk.code) == ("reported", 1, "A")
    assert [(one.layer, one.code) for one in first.areas] == [("street", "S"), ("grid", "A")]
    assert [one.action for one in first.next_steps] == ["verify", "hand-over", "note"]
    assert told(ground, event) == {("desk", "A"), ("above", "S")}
    step(officer, event, "verify")
    step(dispatcher, event, "accept", expects=2)
    step(dispatcher, event, "dispatch", desk=department("water"))
    assert told(ground, event) == set()
    with pytest.raises(NotAllowed, match="officer-a does not act for department water"):
        step(officer, event, "start")
    step(hands["officer-water"], event, "start")
    step(hands["officer-water"], event, "handle", " repaired ")
    step(dispatcher, event, "review")
    closed = step(dispatcher, event, "close")
    assert closed.closed_at == closed.changed_at
    done = step(dispatcher, event, "revisit")
    assert (done.state, done.closed_at, done.step_number) == ("revisited", closed.closed_at, 9)
    assert done.desk is not None
    assert (done.desk.kind, done.desk.department_title) == ("department", "水务局")
    way = event_history(officer, event)
    assert [one.number for one in way] == [*range(1, 10)]
    assert [(one.by_name, one.by_kind) for one in way[:3]] == [
        ("postgres", "service") if way[0].by_name == "postgres" else (way[0].by_name, "service"),
        ("officer-a", "person"),
        ("dispatcher-s", "person"),
    ]
    assert (way[5].action, way[5].reason, way[5].from_state) == ("handle", "repaired", "handling")
    assert way[3].desk is not None
    assert way[3].desk.department == "water"


@pytest.mark.parametrize(
    ("who", "cell", "action", "more", "refusal"),
    [
        ("viewer", 0, "verify", {}, NotAllowed),
        ("officer-a", 0, "accept", {}, NotAllowed),
        ("officer-a", 0, "review", {}, NotAllowed),
        ("officer-c", 0, "verify", {}, EventUnknown),
        ("dispatcher-s", 3, "accept", {}, EventUnknown),
        ("manager", 0, "close", {}, IllegalTransition),
        ("manager", 0, "report", {}, IllegalTransition),
        ("manager", 0, "correct-on-the-spot", {}, IllegalTransition),  # it is of level 2
        ("manager", 0, "accept", {"expects": 7}, StepConflict),
        ("manager", 0, "reject", {"reason": " "}, InputError),
        ("manager", 0, "hand-over", {}, InputError),
        ("manager", 0, "hand-over", {"desk": area("Z")}, NotFoundError),
        ("manager", 0, "hand-over", {"desk": department("air")}, NotFoundError),
        ("manager", 0, "accept", {"desk": area("B")}, InputError),
        ("program", 0, "merge", {"merged_into": 1}, NotAllowed),
        ("manager", 0, "merge", {}, InputError),
        ("manager", 0, "merge", {"merged_into": 10**12}, EventUnknown),
        ("manager", 0, "verify", {"merged_into": 1}, InputError),
        ("manager", 0, "extend", {"reason": "rain"}, InputError),
        ("manager", 0, "reroute", {}, InputError),
        ("manager", 0, "dance", {}, InputError),
    ],
)  # fmt: skip
def test_what_is_refused_changes_nothing(
    ground: Database,
    hands: dict[str, Database],
    request: pytest.FixtureRequest,
    who: str,
    cell: int,
    action: str,
    more: dict[str, Any],
    refusal: type[GisgovError],
) -> None:
    event = report(ground, request.node.name, cell=cell)
    before = info(ground, event)
    with pytest.raises(GisgovError) as refused:
        step(hands[who], event, action, **more)
    assert type(refused.value) is refusal
    assert info(ground, event) == before
    assert len(event_history(ground, event)) == 1


def test_an_illegal_step_names_the_legal_ones(ground: Database, hands: dict[str, Database]) -> None:
    event = report(ground, "illegal")
    with pytest.raises(IllegalTransition, match="is reported, from which") as refused:
        step(hands["manager"], event, "close")
    legal = "verify accept reject hand-over merge classify extend note"
    assert refused.value.legal == legal.split()
    assert (refused.value.state, refused.value.action) == ("reported", "close")


def test_a_dispatcher_classifies_what_nobody_had(ground: Database, hands: dict[str, Database]) -> None:
    with ground.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO category (code, version, title, function, grp, kind, level, permit, valid_from,"
                " source) VALUES ('0101', 2, '积水', '采报', '道路', 'event', '2', 'in-force', '2026-01-01',"
                " 'test')"
            )
        )
    event, dispatcher = report(ground, "unclassified", level="3"), hands["dispatcher-s"]
    assert info(dispatcher, event).category is None
    done = step(dispatcher, event, "classify", details={"category": "0101"})
    assert done.category is not None
    assert (done.category.code, done.category.title, done.category.version) == ("0101", "积水", 2)
    assert (done.level, done.state) == ("3", "reported")
    both = step(dispatcher, event, "classify", details={"level": "一级"})
    assert (both.level, both.category) == ("1", done.category)
    assert event_history(dispatcher, event)[1].details == {"category": "0101"}
    for details, refusal in (
        ({}, InputError),
        ({"level": "9"}, InputError),
        ({"category": "0102"}, NotFoundError),
    ):
        with pytest.raises(refusal):
            step(dispatcher, event, "classify", details=details)
    assert step(hands["officer-a"], event, "correct-on-the-spot").state == "closed"


def test_a_patrol_corrects_a_first_level_event_on_the_spot(
    ground: Database, hands: dict[str, Database]
) -> None:
    event = report(ground, "spot", level="1")
    done = step(hands["officer-a"], event, "correct-on-the-spot")
    assert (done.state, done.step_number) == ("closed", 2)
    assert done.closed_at is not None


def test_a_hand_over_to_a_neighbour_changes_who_sees_it(ground: Database, hands: dict[str, Database]) -> None:
    event = report(ground, "border")
    with ground.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO event_told (event_id, layer_id, area_code, why, distance_m)"
                " SELECT :id, id, 'C', 'neighbour', 12 FROM layer WHERE name = 'grid'"
            ),
            {"id": event},
        )
    seen = info(hands["officer-c"], event)
    assert seen.next_steps == ()  # a neighbour reads it, no more
    moved = step(hands["officer-a"], event, "hand-over", desk=area("C"))
    assert moved.desk is not None
    assert (moved.desk.code, moved.state) == ("C", "reported")
    assert told(ground, event) == {("desk", "C"), ("above", "T")}
    assert [one.action for one in info(hands["officer-c"], event).next_steps][:1] == ["verify"]
    back = step(hands["officer-c"], event, "hand-over", desk=area("B"))  # neither sees it any more but reads
    assert back.next_steps == ()
    assert told(ground, event) == {("desk", "B"), ("above", "S"), ("neighbour", "C")}
    with pytest.raises(NotAllowed):
        step(hands["officer-c"], event, "verify")


def test_what_is_returned_waits_for_a_dispatcher(ground: Database, hands: dict[str, Database]) -> None:
    event, manager = report(ground, "returned"), hands["manager"]
    step(manager, event, "accept")
    step(manager, event, "dispatch")
    back = step(hands["officer-a"], event, "return", "not ours")
    assert back.desk is not None
    assert (back.state, back.desk.kind) == ("accepted", "triage")
    with pytest.raises(InputError, match="desk"):
        step(manager, event, "dispatch")
    assert step(manager, event, "dispatch", desk=area("B")).state == "dispatched"


@pytest.mark.parametrize("steps", [["accept"], ["accept", "dispatch"], ["accept", "dispatch", "start"]])
def test_what_was_suspended_goes_on_where_it_was(
    ground: Database, hands: dict[str, Database], steps: list[str]
) -> None:
    event, manager = report(ground, f"suspended {len(steps)}"), hands["manager"]
    for action in steps:
        before = step(manager, event, action)
    step(manager, event, "suspend", "waits for parts")
    step(manager, event, "note", "still waits")
    assert step(manager, event, "resume").state == before.state


def test_duplicates_are_merged_and_told_in_both_histories(
    ground: Database, hands: dict[str, Database]
) -> None:
    manager = hands["manager"]
    one, two, three = (report(ground, f"twin {number}") for number in range(3))
    possible = [{step.action for step in info(hands[who], two).next_steps} for who in ("manager", "program")]
    assert possible[0] - possible[1] == {"merge"}
    assert step(manager, two, "merge", merged_into=one).merged_into == one
    assert info(manager, one).duplicates == 1
    assert [way.action for way in event_history(manager, one)] == ["report", "absorb"]
    assert event_history(manager, one)[1].details == {"duplicate": two}
    assert event_history(manager, one)[1].by_kind == "service"
    with pytest.raises(ConflictError, match=f"duplicate of event {one} itself"):
        step(manager, three, "merge", merged_into=two)
    with pytest.raises(ConflictError, match="no duplicate of itself"):
        step(manager, three, "merge", merged_into=three)
    step(manager, three, "reject", "nothing there")
    with pytest.raises(ConflictError, match="nobody deals with it"):
        step(manager, one, "merge", merged_into=three)
    again = step(manager, two, "reopen", "it was another leak")
    assert (again.state, again.merged_into, again.closed_at) == ("accepted", None, None)
    assert [way.action for way in event_history(manager, one)] == ["report", "absorb", "release"]


def test_one_of_two_at_the_same_time_is_told_to_look_again(
    ground: Database, hands: dict[str, Database]
) -> None:
    event = report(ground, "race")

    def accepts(action: str) -> str:
        try:
            return step(hands["manager"], event, action, "because", expects=1).state
        except StepConflict as late:
            return f"conflict {late.step_number}"

    with ThreadPoolExecutor(2) as both:
        answers = {*both.map(accepts, ("accept", "reject"))}
    assert "conflict 2" in answers
    assert len(answers) == 2
    assert len(event_history(ground, event)) == 2


def test_two_that_merge_crosswise_make_no_circle(ground: Database, hands: dict[str, Database]) -> None:
    twins = [report(ground, f"crosswise {number}") for number in range(2)]

    def merges(pair: tuple[int, int]) -> str:
        try:
            return step(hands["manager"], pair[0], "merge", merged_into=pair[1], expects=1).state
        except StepConflict:
            return "conflict"

    with ThreadPoolExecutor(2) as both:
        answers = sorted(both.map(merges, [(twins[0], twins[1]), (twins[1], twins[0])]))
    assert answers == ["conflict", "merged"]
    assert sorted(info(ground, one).state for one in twins) == ["merged", "reported"]


@pytest.mark.parametrize("change", ["UPDATE event_step SET reason = 'x'", "DELETE FROM event_step"])
def test_nobody_changes_what_was_done(ground: Database, change: str) -> None:
    report(ground, change)
    with pytest.raises(ConflictError, match="never changed or removed"), ground.begin() as connection:
        connection.execute(sa.text(change))
