"""Admission: whoever has the right goes on, others are told why not."""

from __future__ import annotations

import pytest

from gisgov.errors import NotAllowed, NotSignedIn
from gisgov.governance.access import ANONYMOUS, Actor, ActorKind, Grant, Role, operator
from gisgov.services.access import admit

PLANNER = Actor("lin", ActorKind.PERSON, 7, (Grant(Role.PLANNER, "street", "440305001"),))


@pytest.mark.parametrize(
    ("actor", "operation"),
    [
        (ANONYMOUS, "GET /healthz"),
        (PLANNER, "GET /v1/resolve"),
        (PLANNER, "gisgov plan publish"),
        (operator("root"), "gisgov db dump"),
    ],
)
def test_those_who_may_go_on(actor: Actor, operation: str) -> None:
    admit(actor, operation)


def test_nobody_in_particular_is_asked_to_sign_in() -> None:
    with pytest.raises(NotSignedIn, match=r"^GET /v1/resolve is for accounts\. Sign in, or send a key"):
        admit(ANONYMOUS, "GET /v1/resolve")


@pytest.mark.parametrize(
    ("operation", "why"),
    [
        ("gisgov import events", "events.write comes with the role administrator or dispatcher or manager"),
        ("gisgov layers load", "layers.write comes with the role administrator, held everywhere"),
        ("gisgov db dump", "it is for the operator of the machine"),
    ],
)
def test_others_are_told_what_is_lacking(operation: str, why: str) -> None:
    with pytest.raises(NotAllowed) as caught:
        admit(PLANNER, operation)
    assert str(caught.value) == f"lin has no right to {operation}: {why}."


def test_a_key_is_told_what_it_is_not_for() -> None:
    narrow = Actor("hotline", ActorKind.CLIENT, 8, PLANNER.grants, frozenset({"areas.read"}))
    with pytest.raises(NotAllowed, match=r"its key is not for plans\.publish"):
        admit(narrow, "gisgov plan publish")


def test_an_operation_without_a_row_is_a_fault_of_ours() -> None:
    with pytest.raises(KeyError):
        admit(PLANNER, "GET /v1/nothing")
