"""Random walks of several people with two events, legal and illegal, held against a model of the loop.

``WALKS=500 pytest tests/services/loop/test_walks.py`` walks longer.
"""

from __future__ import annotations

import os
from itertools import count, pairwise

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from loop_ground import TODAY, area, department, info, report
from loop_model import AFTER, RIGHTS, RULES, Modelled, Tried, legal, may, sees
from loop_model import step as step_of_model

from gisgov.errors import GisgovError, IllegalTransition
from gisgov.governance.loop import TRIAGE, Step
from gisgov.services.loop import EventInfo, event_history, take_step
from gisgov.store.database import Database

WALKS = int(os.environ.get("WALKS", "5"))
STEPS = 20
DESKS = {"A": area("A"), "B": area("B"), "C": area("C"), "water": department("water"), "triage": TRIAGE}
ONWARD = (
    "accept",
    "dispatch",
    "start",
    "handle",
    "review",
    "close",
    "revisit",
    "suspend",
    "resume",
    "reopen",
)
_names = count()


@st.composite
def tries(draw: st.DrawFn, events: list[Modelled]) -> Tried:
    """Draw a step: more often than not one that is possible, with what it needs, by somebody who may."""
    at = draw(st.integers(0, 1))
    if draw(st.integers(0, 9)) < 7:
        possible = [one for one in legal(events[at]) if one in RULES]
        action = draw(st.sampled_from([one for one in possible if one in ONWARD] * 4 + possible))
        needs = RULES[action][3]
        who = draw(st.sampled_from(["manager"] * 4 + sorted(RIGHTS)))
        desk = draw(st.sampled_from(sorted(DESKS))) if needs in ("desk", "known desk") else None
        return Tried(
            who=who,
            at=at,
            action=action,
            reason=draw(st.integers(0, 5)) > 0,
            desk=desk,
            into=1 - at if needs == "other" else None,
            expects=draw(st.sampled_from([None, events[at].number])),
        )
    return Tried(
        who=draw(st.sampled_from(sorted(RIGHTS))),
        at=at,
        action=draw(st.sampled_from(sorted(RULES))),
        reason=draw(st.booleans()),
        desk=draw(st.none() | st.sampled_from(sorted(DESKS))),
        into=draw(st.none() | st.integers(0, 1)),
        expects=draw(st.none() | st.integers(1, 9)),
    )


def desk_of(event: EventInfo) -> str | None:
    assert event.desk is not None
    return {"area": event.desk.code, "department": event.desk.department}.get(event.desk.kind, "triage")


def told_of(event: EventInfo) -> tuple[str, int, str | None, int | None]:
    return event.state, event.step_number, desk_of(event), event.merged_into


@given(st.data(), st.lists(st.sampled_from("12"), min_size=2, max_size=2))
@settings(
    max_examples=WALKS,
    deadline=None,
    phases=[Phase.generate],  # a walk is short, and to shorten it asks the database for minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_walks_go_as_the_model_goes(
    ground: Database, hands: dict[str, Database], data: st.DataObject, levels: list[str]
) -> None:
    ids = [report(ground, f"walk {next(_names)}", level=level) for level in levels]
    events = [Modelled(level) for level in levels]
    now = [info(ground, one) for one in ids]
    for _ in range(STEPS):
        tried = data.draw(tries(events))
        could, hand = legal(events[tried.at]), hands[tried.who]
        if sees(tried.who, events[tried.at]):
            offered = [one.action for one in info(hand, ids[tried.at]).next_steps]
            assert sorted(offered) == may(tried.who, events[tried.at])
        expected = step_of_model(events, tried)
        refused = refusal(hand, tried, ids)
        assert (None if refused is None else type(refused)) is expected, (tried, refused)
        if isinstance(refused, IllegalTransition):
            assert sorted(refused.legal) == could
        before, now = now, [info(ground, one) for one in ids]
        if refused is not None:
            assert now == before, "what is refused changes nothing"
        for one, event in zip(now, events, strict=True):
            into = None if event.into is None else ids[event.into]
            assert told_of(one) == (event.state, event.number, event.desk, into)
    for one, event in zip(ids, events, strict=True):
        replay(ground, one, event)


def refusal(database: Database, tried: Tried, ids: list[int]) -> GisgovError | None:
    """Try a step, and return how it was refused."""
    step = Step(
        tried.action,
        "because" if tried.reason else None,
        tried.expects,
        None if tried.desk is None else DESKS[tried.desk],
        None if tried.into is None else ids[tried.into],
    )
    try:
        done = take_step(database, ids[tried.at], step, today=TODAY)
    except GisgovError as refused:
        return refused
    assert done.id == ids[tried.at]
    return None


def replay(database: Database, event_id: int, event: Modelled) -> None:
    """Hold a history against the model, and go through it to where the event stands."""
    way, now = event_history(database, event_id), info(database, event_id)
    assert [one.action for one in way] == event.done
    assert [one.number for one in way] == [*range(1, now.step_number + 1)]
    assert way[0].from_state is None
    for former, one in pairwise(way):
        assert one.from_state == former.to_state
        assert one.at >= former.at
    assert way[-1].to_state == now.state
    desks = [one.desk for one in way if one.desk is not None]
    assert now.desk is not None
    assert (desks[-1].kind, desks[-1].code) == (now.desk.kind, now.desk.code)
    assert (now.closed_at is not None) == (now.state in AFTER)
