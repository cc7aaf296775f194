"""Permits as a table, and what one cell says of limits and layers."""

from __future__ import annotations

import pytest

from gisgov.errors import InputError
from gisgov.governance.events import EventLevel
from gisgov.governance.limits import Amount, TimeUnit
from gisgov.governance.loop import loop_machine
from gisgov.governance.register import (
    MOVES,
    Permit,
    PermitAct,
    layers_text,
    legal_acts,
    limits_text,
    read_layers,
    read_limits,
)

STAGES = loop_machine().stages


def test_every_act_has_a_move_and_every_permit_can_be_reached() -> None:
    assert MOVES.keys() == set(PermitAct)
    assert {move.target for move in MOVES.values()} == set(Permit)
    assert {permit: [act.value for act in legal_acts(permit)] for permit in Permit} == {
        Permit.PROPOSED: ["approve", "refuse"],
        Permit.APPROVED: ["refuse", "enforce"],
        Permit.IN_FORCE: ["propose-retirement", "keep", "retire"],
        Permit.RETIRED: [],
        Permit.REFUSED: ["propose"],
    }
    assert [act.value for act, move in MOVES.items() if move.needs_day] == ["enforce", "retire"]


def test_cells_are_read_as_they_are_written() -> None:
    limits = {"case": Amount(1.5, TimeUnit.HOURS), "handling": Amount(2, TimeUnit.WORKING_DAYS)}
    assert read_limits(limits_text(limits), STAGES) == limits
    layers = {EventLevel.SECOND: "社区", EventLevel.THIRD: "street"}
    assert read_layers(layers_text(layers)) == layers
    assert read_limits(" ; \n", STAGES) == {}
    assert read_layers("") == {}
    assert read_limits("Whole case: 90 minutes\n告知=10分钟", STAGES) == {
        "case": Amount(90, TimeUnit.MINUTES),
        "notice": Amount(10, TimeUnit.MINUTES),
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("handling", "'handling' is not of the form"),
        ("lunch: 1 hours", "'lunch' is no stage; there are case, notice"),
        ("handling: soon", "'soon' is no time"),
        ("handling: 3 moons", "'3 moons' is no time"),
        ("handling: -3 hours", "'-3 hours' is no time"),
        ("handling: 0 hours", "more than nothing"),
        ("handling: 1.5 working-days", "working days are whole"),
        ("handling: 1 hours; 处置: 2 hours", "handling stands twice"),
    ],
)
def test_limits_that_cannot_be_are_named(text: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        read_limits(text, STAGES)


@pytest.mark.parametrize(
    ("text", "told"), [("4: street", "'4' is no level"), ("2: a; 二级: b", "2 stands twice")]
)
def test_layers_that_cannot_be_are_named(text: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        read_layers(text)
