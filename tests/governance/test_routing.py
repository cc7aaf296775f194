"""On whose desk events land, by the shipped policy and by others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from fixtures.shipped import routing_policy
from gisgov.errors import ProfileError
from gisgov.governance.events import EventLevel
from gisgov.governance.routing import Choice, choose_desk, format_routing, level_of, parse_routing

POLICY = routing_policy()
EVERY = frozenset({"district", "street", "community", "grid"})


@dataclass(frozen=True)
class Item:
    code: str = "0101"
    kind: str = "event"
    level: str = "3"
    department_code: str | None = "water"
    layers: Mapping[str, str] = field(default_factory=dict)


@pytest.mark.parametrize(
    ("level", "item", "covering", "is_outside", "desk"),
    [
        ("1", None, EVERY, False, ("area", "grid")),
        ("2", Item(), EVERY, False, ("area", "grid")),
        ("3", Item(), EVERY, False, ("area", "street")),
        # the layer that the item names goes first, for that level alone, and if it is there
        ("2", Item(layers={"2": "community"}), EVERY, False, ("area", "community")),
        ("3", Item(layers={"2": "community"}), EVERY, False, ("area", "street")),
        ("2", Item(layers={"2": "subgrid"}), EVERY, False, ("area", "grid")),
        # no grid has it: the next layer does; none of the level's: the owner; no owner: triage
        ("2", None, EVERY - {"grid"}, False, ("area", "community")),
        ("3", Item(), {"grid"}, False, ("department", None)),
        ("3", Item(department_code=None), {"grid"}, False, ("triage", None)),
        ("3", None, {"grid"}, False, ("triage", None)),
        # components: owner first, then place
        ("2", Item(kind="component"), EVERY, False, ("department", None)),
        ("2", Item(kind="component", department_code=None), EVERY, False, ("area", "grid")),
        # without a place the owner is asked; outside every area nobody is given it unseen
        ("2", Item(), frozenset(), False, ("department", None)),
        ("2", Item(), frozenset(), True, ("triage", None)),
        ("2", Item(kind="component"), frozenset(), True, ("triage", None)),
    ],
)
def test_a_desk_follows_from_level_item_and_place(
    level: str, item: Item | None, covering: frozenset[str], is_outside: bool, desk: tuple[str, str | None]
) -> None:
    assert choose_desk(POLICY, EventLevel(level), item, covering, is_outside=is_outside) == Choice(*desk)


def test_the_level_is_that_of_the_event_then_of_its_item_then_of_the_policy() -> None:
    assert level_of(POLICY, EventLevel.FIRST, Item()) is EventLevel.FIRST
    assert level_of(POLICY, None, Item()) is EventLevel.THIRD
    assert level_of(POLICY, None, None) is EventLevel.SECOND


def test_a_policy_is_written_as_it_is_read() -> None:
    assert parse_routing(format_routing(POLICY)) == POLICY
    assert POLICY.border_m == 30.0
    assert POLICY.is_example


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"border_m": -1}, "border_m must be 0 or more"),
        ({"border_m": 2000}, "border_m must be 1000 or less"),
        ({"unclassified": "4"}, "unclassified is '4'"),
        ({"levels": {"1": ["grid"], "2": [], "3": ["street"]}}, "levels.2 must name at least one"),
        ({"levels": {"1": ["grid"], "2": ["grid"], "3": ["street"], "4": ["x"]}}, "levels.4"),
        ({"desk": {"event": ["place", "fate"], "component": ["owner"]}}, "desk.event has 'fate'"),
        ({"duplicates": {"within_m": 5, "within_hours": 1, "most": 0}}, "duplicates.most"),
        ({"shape": "round"}, "shape"),
    ],
)
def test_faults_are_named_with_their_place(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ProfileError, match=said.replace(".", r"\.")):
        parse_routing({**format_routing(POLICY), **changes})
