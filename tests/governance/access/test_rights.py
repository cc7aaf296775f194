"""The table of rights: read, refused where it does not hold together, and what it says of the shipped one."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from gisgov.errors import ProfileError
from gisgov.governance.access import Extent, Role, parse_rights, rights_table
from gisgov.governance.loop import loop_machine

SMALL: dict[str, Any] = {
    "rights": {
        "open": {"title_zh": "公开", "title_en": "Open", "extent": "open"},
        "plans.read": {
            "title_zh": "看",
            "title_en": "See",
            "extent": "territory",
            "roles": ["planner", "manager"],
        },
    },
    "operations": {"open": {"of": ["GET /"]}, "plans.read": {"of": ["GET /v1/plans", "gisgov plan list"]}},
}


def test_a_table_says_which_right_an_operation_needs() -> None:
    table = parse_rights(SMALL, "small.yaml")
    right = table.right_of("gisgov plan list")
    assert (right.name, right.extent, right.needs_role) == ("plans.read", Extent.TERRITORY, True)
    assert right.roles == {Role.PLANNER, Role.MANAGER}
    assert not table.right_of("GET /").needs_role
    with pytest.raises(KeyError):
        table.right_of("GET /v1/none")


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("rights.plans.read.roles", ["king"], "rights.plans.read.roles names 'king', which is no role"),
        ("rights.plans.read.roles", [], "rights.plans.read.roles must name a role with this extent"),
        ("rights.open.roles", ["viewer"], "rights.open.roles must be absent with this extent"),
        ("rights.open.extent", "far", "rights.open.extent is 'far'; allowed are"),
        ("rights.open.colour", "red", "rights.open.colour is not known here"),
        ("operations.plans.read.of", ["GET /"], "names 'GET /', which needs open already"),
        ("operations.plans.read.why", "so", "operations.plans.read.why is not known here"),
        ("operations.none", {"of": []}, "operations.none is a right that the table does not have"),
        ("more", {}, "more is not known here"),
    ],
)
def test_faults_are_named_with_their_place(path: str, value: object, message: str) -> None:
    document = copy.deepcopy(SMALL)
    place = document
    keys = path.replace("plans.read", "plans_read").split(".")
    for key in keys[:-1]:
        place = place[key.replace("plans_read", "plans.read")]
    place[keys[-1]] = value
    with pytest.raises(ProfileError) as caught:
        parse_rights(document, "small.yaml")
    assert message in str(caught.value)


def test_every_right_of_the_shipped_table_is_needed_somewhere_or_reaches_data() -> None:
    table = rights_table()
    of_steps = {one.right for one in loop_machine().transitions.values()}
    unused = set(table.rights) - set(table.operations.values()) - of_steps
    # asked by row-level security and by answers that hold more for some
    assert unused <= {
        "plans.read",
        "staff.contact",
        "staff.read",
        "accounts.manage",
        "jobs.manage",
        "audit.read",
        "hazards.check",  # by what a step with a hazard says
    }


@pytest.mark.parametrize("role", Role)
def test_nobody_but_administrators_manages_accounts_and_reads_the_audit(role: Role) -> None:
    rights = rights_table().rights
    for name in ("accounts.manage", "audit.read", "jobs.manage", "layers.write"):
        assert (role in rights[name].roles) == (role is Role.ADMINISTRATOR)
        assert rights[name].extent is Extent.WHOLE


def test_who_changes_a_thing_may_see_it() -> None:
    rights = rights_table().rights
    for name, right in rights.items():
        subject, _, verb = name.partition(".")
        if verb in ("write", "draft", "publish") and f"{subject}.read" in rights:
            assert right.roles <= rights[f"{subject}.read"].roles
