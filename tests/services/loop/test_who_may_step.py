"""Everybody tries every step, in every state, with and without what it needs: held against the documents."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest
import sqlalchemy as sa
from loop_ground import PEOPLE, TODAY, area, department, info, report
from loop_model import LEGAL_BESIDE, OF_THE_DEPARTMENT, OPEN, RULES
from loop_statement import roles_with, said_of_actions

from gisgov.errors import EventUnknown, IllegalTransition, InputError, NotAllowed
from gisgov.governance.events import EventState
from gisgov.governance.loop import DeskName, Step
from gisgov.services.loop import take_step
from gisgov.store.database import Database

SAID = said_of_actions()
GIVEN = {
    "reason": {"reason": "because"},
    "desk": {"desk": area("B")},
    "category": {"details": {"level": "1"}},
    "limit": {"details": {"stage": "case", "amount": 1}},
}
WITHOUT = {
    "reason": {"reason": " "},
    "desk": {"desk": None},
    "event": {"merged_into": None},
    "category": {"details": {}},
    "limit": {"details": {"stage": "case"}},
}
"""What a step lacks without which it is refused as wrong; other needs are asked for otherwise."""
NEEDS_OF_THE_MODEL = {
    "": set(), "reason": {"reason"}, "first": {"first-level"}, "known desk": {"known-desk"}, "desk": {"desk"},
    "other": {"event", "person"}, "reason, limit": {"reason", "limit"}, "category": {"category"},
}  # fmt: skip
_names = count()


def an_event(ground: Database, state: str, *, desk: DeskName | None = None, level: str = "1") -> int:
    """Put an event somewhere on its way, on the desk of grid A unless it is said otherwise."""
    event_id = report(ground, f"tried {next(_names)}", level=level, desk=desk)
    with ground.begin() as connection:
        told = sa.text("UPDATE event SET state = :state WHERE id = :id")
        connection.execute(told, {"state": state, "id": event_id})
    return event_id


def whole_step(ground: Database, action: str) -> Step:
    """Return a step with all that it needs."""
    given: dict[str, object] = {}
    for need in SAID[action].needs:
        given |= GIVEN.get(need, {})
    if "event" in SAID[action].needs:
        given["merged_into"] = an_event(ground, "accepted")
    return Step(action, **given)  # type: ignore[arg-type]


def who_holds(right: str) -> set[str]:
    """Return the people who hold a right in grid A, where all are but officer-c."""
    held = roles_with(right)
    seen = {
        name: {one.role.value for one in grants} for name, grants in PEOPLE.items() if name != "officer-c"
    }
    return {name for name, roles in seen.items() if roles & held}


def test_the_model_of_the_walks_says_what_the_document_says() -> None:
    rules = {**RULES, **LEGAL_BESIDE}
    assert {*rules} - {"report"} == {*SAID}
    for action, said in SAID.items():
        sources, target, right, needs = rules[action]
        own = {"department"} if action in OF_THE_DEPARTMENT else set()
        assert (said.sources, said.right) == (sources, f"events.{right}"), action
        assert said.needs == NEEDS_OF_THE_MODEL[needs] | own, action
        assert ("back" if said.is_back else said.target) == target, action


@pytest.mark.parametrize("action", sorted(SAID))
def test_those_who_hold_the_right_take_a_step_and_nobody_else(
    ground: Database, hands: dict[str, Database], action: str
) -> None:
    said, may = SAID[action], who_holds(SAID[action].right)
    state = min(said.sources)
    for who in sorted(PEOPLE):
        event_id, step = an_event(ground, state), whole_step(ground, action)
        if who in may and not (who == "program" and "person" in said.needs):
            done = take_step(hands[who], event_id, step, today=TODAY)
            assert done.state == ("accepted" if said.is_back else said.target or state)
            continue
        with pytest.raises(EventUnknown if who == "officer-c" else NotAllowed):
            take_step(hands[who], event_id, step, today=TODAY)
        assert info(ground, event_id).step_number == 1


@pytest.mark.parametrize(
    ("action", "need"), [(action, need) for action in sorted(SAID) for need in sorted(SAID[action].needs)]
)
def test_no_step_is_taken_without_what_it_needs(
    ground: Database, hands: dict[str, Database], action: str, need: str
) -> None:
    state, step = min(SAID[action].sources), whole_step(ground, action)
    event_id = an_event(ground, state)
    if need in WITHOUT:
        with pytest.raises(InputError):
            take_step(hands["manager"], event_id, replace(step, **WITHOUT[need]), today=TODAY)
    elif need == "person":
        with pytest.raises(NotAllowed, match="no program does"):
            take_step(hands["program"], event_id, step, today=TODAY)
    elif need == "first-level":
        event_id = an_event(ground, state, level="2")
        with pytest.raises(IllegalTransition):
            take_step(hands["manager"], event_id, step, today=TODAY)
    elif need == "known-desk":
        with ground.begin() as connection:
            connection.execute(
                sa.text(
                    "UPDATE event SET desk_kind = 'triage', desk_layer_id = NULL, desk_area_code = NULL "
                    "WHERE id = :id"
                ),
                {"id": event_id},
            )
        with pytest.raises(InputError):
            take_step(hands["manager"], event_id, step, today=TODAY)
    else:
        assert need == "department"
        event_id = an_event(ground, state, desk=department("water"))
        for who in ("officer-a", "officer-parks"):
            with pytest.raises(NotAllowed, match="does not act for department water"):
                take_step(hands[who], event_id, step, today=TODAY)
            assert action not in {one.action for one in info(hands[who], event_id).next_steps}
        offered = {one.action for one in info(hands["officer-water"], event_id).next_steps}
        assert action in offered
        take_step(hands["officer-water"], event_id, step, today=TODAY)
        event_id = an_event(ground, state, desk=department("water"))
        take_step(hands["dispatcher-s"], event_id, step, today=TODAY)


def test_from_no_other_state_is_a_step_taken(ground: Database, hands: dict[str, Database]) -> None:
    other = an_event(ground, "accepted")
    for state in EventState:
        event_id = an_event(ground, state.value)
        for action, said in SAID.items():
            if state.value in said.sources:
                continue
            step = replace(whole_step(ground, action), merged_into=other if "event" in said.needs else None)
            with pytest.raises(IllegalTransition):
                take_step(hands["manager"], event_id, step, today=TODAY)
    assert {state.value for state in EventState if state.is_open} == OPEN


def test_to_merge_takes_the_right_in_both_events(ground: Database, hands: dict[str, Database]) -> None:
    own, beyond = an_event(ground, "accepted"), report(ground, "of another street", cell=3)
    merge = Step("merge", merged_into=beyond)
    with pytest.raises(EventUnknown, match=f"no event {beyond}"):
        take_step(hands["dispatcher-s"], own, merge, today=TODAY)
    with ground.begin() as connection:  # a neighbour reads it, no more
        told = "SELECT :id, id, 'S', 'neighbour' FROM layer WHERE name = 'street'"
        insert = f"INSERT INTO event_told (event_id, layer_id, area_code, why) {told}"
        connection.execute(sa.text(insert), {"id": beyond})
    with pytest.raises(NotAllowed, match=f"for event {beyond}"):
        take_step(hands["dispatcher-s"], own, merge, today=TODAY)
    assert (info(ground, own).state, info(ground, beyond).duplicates) == ("accepted", 0)
