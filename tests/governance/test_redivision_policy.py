"""The figures that a re-division goes by."""

from __future__ import annotations

from typing import Any

import pytest

from fixtures import shipped
from gisgov.errors import ProfileError
from gisgov.governance.redivision_policy import parse_policy
from gisgov.governance.workload import LoadAttribute

DOCUMENT: dict[str, Any] = {
    "source": "An example.",
    "targets": {"households": 1800},
    "border_prices": {
        "unclassified": 1, "local": 1, "collector": 0.5, "arterial": 0.2, "water": 0, "rail": 1,
        "administrative": 1,
    },
}  # fmt: skip


def test_figures_are_read() -> None:
    policy = parse_policy(DOCUMENT, "p.yaml")
    assert policy.targets == {"households": 1800.0}
    assert policy.border_prices["water"] == 0.0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"source": ""}, "source is blank"),
        ({"targets": {"households": 0}}, "targets.households must be"),
        ({"visits_per_year": {"safe": 1}}, "visits_per_year is not known here"),
        ({"border_prices": {"unclassified": -1}}, "border_prices.unclassified must be"),
        ({"border_prices": {**DOCUMENT["border_prices"], "moat": 1}}, "border_prices.moat is not known"),
        ({"visits": {}}, "visits is not known here"),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ProfileError, match=message):
        parse_policy({**DOCUMENT, **change}, "p.yaml")


def test_the_shipped_figures_know_a_target_of_every_attribute() -> None:
    policy = shipped.redivision_policy()
    assert set(policy.targets) == {one.value for one in LoadAttribute}
    assert policy.border_prices["unclassified"] == 1
    assert max(policy.border_prices.values()) == 1
