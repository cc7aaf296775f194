"""Actors: what they may, by their roles, their key and what is open to everybody."""

from __future__ import annotations

import pytest

from gisgov.errors import InputError
from gisgov.governance.access import ANONYMOUS, Actor, ActorKind, Grant, Role, operator, rights_table

RIGHTS = rights_table().rights
STREET = Grant(Role.PLANNER, "street", "440305001")
EVERYWHERE = Grant(Role.ADMINISTRATOR)


def person(*grants: Grant, **given: object) -> Actor:
    return Actor("lin", ActorKind.PERSON, 7, grants, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("actor", "right", "may"),
    [
        (ANONYMOUS, "open", True),
        (ANONYMOUS, "self", False),
        (ANONYMOUS, "areas.read", False),
        (person(), "open", True),
        (person(), "self", True),
        (person(), "areas.read", False),
        (person(STREET), "areas.read", True),
        (person(STREET), "plans.publish", True),
        (person(STREET), "events.read", False),
        (person(STREET), "maps.read", False),
        (person(Grant(Role.PLANNER)), "maps.read", True),
        (person(Grant(Role.ADMINISTRATOR, "street", "440305001")), "accounts.manage", False),
        (person(EVERYWHERE), "accounts.manage", True),
        (person(EVERYWHERE), "operate", False),
        (operator("root"), "operate", True),
        (operator("root"), "accounts.manage", True),
    ],
)
def test_what_an_actor_may(actor: Actor, right: str, may: bool) -> None:
    assert actor.may(RIGHTS[right]) is may


def test_a_key_may_no_more_than_it_is_for() -> None:
    narrow = person(EVERYWHERE, scopes=frozenset({"areas.read"}))
    assert narrow.may(RIGHTS["areas.read"])
    assert narrow.may(RIGHTS["open"])
    assert not narrow.may(RIGHTS["accounts.manage"])
    assert not narrow.may(RIGHTS["self"])
    # nor more than its account
    assert not person(scopes=frozenset({"areas.read"})).may(RIGHTS["areas.read"])


def test_a_setting_opens_a_right_to_everybody() -> None:
    anybody = Actor("anonymous", ActorKind.ANONYMOUS, open_rights=frozenset({"areas.read"}))
    assert anybody.may(RIGHTS["areas.read"])
    assert not anybody.may(RIGHTS["staff.read"])


def test_grants_say_where() -> None:
    assert str(STREET) == "planner in street 440305001"
    assert str(EVERYWHERE) == "administrator everywhere"
    assert not STREET.is_everywhere


def test_an_area_has_a_layer_and_a_code() -> None:
    assert Grant.held(Role.VIEWER, None, None) == Grant(Role.VIEWER)
    assert Grant.held(Role.PLANNER, "street", "440305001") == STREET
    with pytest.raises(InputError, match="lacks its code"):
        Grant.held(Role.PLANNER, "street", None)
    with pytest.raises(InputError, match="lacks its layer"):
        Grant.held(Role.PLANNER, None, "440305001")
