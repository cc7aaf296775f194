"""The documents of the loop hold together, and what does not is refused with its path."""

from __future__ import annotations

import copy
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

from gisgov.errors import ProfileError
from gisgov.governance.access import rights_table
from gisgov.governance.events import EventState
from gisgov.governance.loop import Need, loop_machine, parse_loop
from gisgov.governance.loop.profiles import loop_practices, parse_practices

Change = Callable[[Any], Any]
ROOM = files("gisgov.governance.loop")
LOOP = yaml.safe_load((ROOM / "loop.yaml").read_text(encoding="utf-8"))
PROFILES = yaml.safe_load((ROOM / "profiles.yaml").read_text(encoding="utf-8"))
MACHINE = loop_machine()


def test_every_action_can_be_taken_by_somebody_or_follows_of_itself() -> None:
    rights = rights_table().rights
    for one in MACHINE.transitions.values():
        assert one.right is None or rights[one.right].roles
    assert [one.action for one in MACHINE.transitions.values() if one.right is None] == [
        "absorb",
        "release",
        "reroute",
    ]
    assert all(MACHINE.legal(state) for state in EventState)


def test_what_is_open_can_be_closed_and_what_is_closed_taken_up_again() -> None:
    onward = {
        state: {one.target for one in MACHINE.legal(state) if one.target is not None} for state in EventState
    }
    for state in EventState:
        reached, more = {state}, {state}
        while more:
            more = set().union(*(onward[one] for one in more)) - reached
            reached |= more
        assert EventState.CLOSED in reached, state
        assert EventState.ACCEPTED in reached, state


def test_limits_that_begin_can_end() -> None:
    touched: dict[str, set[str]] = {
        name: set().union(*(getattr(one, name) for one in MACHINE.transitions.values()))
        for name in ("starts", "ends", "voids")
    }
    assert touched["starts"] == {*MACHINE.stages}
    assert touched["ends"] == {*MACHINE.stages}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda it: it["actions"]["accept"].update({"from": ["lost"]}), "accept.from names 'lost'"),
        (lambda it: it["actions"]["accept"].update(to="lost"), "accept.to is 'lost'"),
        (lambda it: it["actions"]["accept"].update(right="events.dance"), "right is 'events.dance'"),
        (lambda it: it["actions"]["accept"].update(needs=["luck"]), "needs names 'luck'"),
        (lambda it: it["actions"]["accept"].update(starts=["nap"]), "starts names 'nap'"),
        (lambda it: it["actions"]["accept"].update(sings=True), "sings is not known here"),
        (lambda it: it["actions"]["hand-over"].pop("routes"), "`routes` is missing"),
        (lambda it: it["actions"]["resume"].pop("to"), "needs `to`"),
        (lambda it: it["actions"]["report"].pop("to"), "the action begins an event"),
        (lambda it: it["actions"]["accept"].pop("from"), "must have one action without `from`"),
        (lambda it: it["actions"].pop("suspend"), "lead to 'suspended' from nowhere"),
    ],
)
def test_a_machine_that_does_not_hold_together_is_refused(change: Change, told: str) -> None:
    document = copy.deepcopy(LOOP)
    change(document)
    with pytest.raises(ProfileError) as refused:
        parse_loop(document)
    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda it: it["stages"][0]["states"].append("lost"), "states names 'lost'"),
        (lambda it: it["stages"][0]["actions"].append("dance"), "actions names 'dance'"),
        (lambda it: it["stages"][0]["states"].append("closed"), "name 'closed' 2 times"),
        (lambda it: it["stages"].pop(), "name 'handled' 0 times"),
    ],
)
def test_names_of_a_practice_fit_the_machine(change: Change, told: str) -> None:
    document = copy.deepcopy(PROFILES)
    change(document["profiles"]["five-steps"])
    with pytest.raises(ProfileError) as refused:
        parse_practices(document, MACHINE)
    assert told in str(refused.value)


def test_practices_name_their_stages_in_both_languages() -> None:
    five, nine = loop_practices()
    assert [one.title_zh for one in five.stages] == ["巡纠", "上报", "分拨", "处置", "复核"]
    assert [nine.stage_of(state).title_en for state in (EventState.REPORTED, EventState.REVISITED)] == [
        "Discover",
        "Follow up",
    ]


def test_needs_have_both_titles() -> None:
    assert all(one.title_zh and one.title_en for one in Need)


def test_the_guide_draws_the_machine_as_it_is() -> None:
    guide = (Path(__file__).parents[3] / "docs" / "loop.md").read_text(encoding="utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in guide.splitlines() if "|" in line
    ]
    steps = {row[0]: row[1:] for row in rows if len(row) == 6}
    for one in MACHINE.transitions.values():
        title, sources, target, right, needs = steps.pop(f"`{one.action}`")
        assert title == one.title_zh
        assert states_of(sources) == one.sources
        assert target == (
            "where it was" if one.back else "stays" if one.target is None else f"`{one.target.value}`"
        )
        assert right == ("the service" if one.right is None else f"`{one.right}`")
        assert needs == ", ".join(f"`{need.value}`" for need in one.needs)
    assert [*steps] == ["action", "---"]
    stages = {row[0].strip("`"): row[2:] for row in rows if len(row) == 4}
    for name in MACHINE.stages:
        assert stages[name] == [
            ", ".join(f"`{one.action}`" for one in MACHINE.transitions.values() if name in touched(one))
            for touched in (lambda one: one.starts, lambda one: one.ends)
        ]
    for one in loop_practices():
        (told,) = [row[1] for row in rows if row[0] == f"`{one.name}`"]
        titles = [part.partition(" ")[0] for part in told.split(" → ")]
        assert titles == [stage.title_zh for stage in one.stages]


def states_of(words: str) -> set[EventState]:
    whole = {"new": set(), "any": {*EventState}, "any open one": {one for one in EventState if one.is_open}}
    return whole[words] if words in whole else {EventState(one.strip("` ")) for one in words.split(",")}
