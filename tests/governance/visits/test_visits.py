"""Visits: the policy read and written, periods, and visits spread over working days."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from fixtures.shipped import visit_policy
from gisgov.errors import ProfileError
from gisgov.governance.visits import VisitPeriod, due_visits, format_visits, parse_visits
from gisgov.governance.visits.policy import named

CARE = {"name": "a", "title_zh": "a", "title_en": "a", "visits": 1, "period": "week"}


PER_YEAR = {"safe": 4, "general": 12, "warning": 52, "unclassified": 12}


def test_a_policy_of_before_buildings_were_patrolled_by_class_asks_for_none() -> None:
    document = format_visits(visit_policy())
    del document["patrol"]["per_year"]
    assert set(parse_visits(document).patrols_per_year.values()) == {0}


def test_the_shipped_policy_reads_back_to_an_equal_one() -> None:
    policy = visit_policy()
    assert parse_visits(format_visits(policy)) == policy
    assert policy.is_example
    assert [(one.visits, one.period.value) for one in policy.care] == [
        (1, "week"), (2, "month"), (1, "month"), (1, "quarter"),
    ]  # fmt: skip
    assert policy.patrols_per_year == PER_YEAR
    assert (policy.patrol_distance_m, policy.service_radius_m) == (50.0, 500.0)
    assert [one.name for one in policy.tiers] == ["district", "street", "community", "grid"]
    found = [named(policy.care, text) for text in ("独居老人", "KEY", "nobody")]
    assert [one and one.name for one in found] == ["alone", "key", None]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"care": []}, "care must name at least one"),
        ({"patrol": {"distance_m": 50_000}}, "patrol.distance_m is 50000"),
        ({"patrol": {"distance_m": 5, "more": 1}}, "patrol.more"),
        ({"patrol": {"distance_m": 5, "per_year": {"safe": 1}}}, "patrol.per_year.general is missing"),
        ({"patrol": {"distance_m": 5, "per_year": PER_YEAR | {"bad": 1}}}, "patrol.per_year.bad"),
        ({"care": [CARE, CARE]}, "which an earlier one has"),
        ({"care": [{**CARE, "period": "decade"}]}, "decade"),
    ],
)
def test_what_does_not_hold_together_is_refused(change: dict[str, Any], told: str) -> None:
    with pytest.raises(ProfileError) as refused:
        parse_visits({**format_visits(visit_policy()), **change})
    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("week", date(2026, 12, 28), date(2027, 1, 3)),
        ("month", date(2026, 12, 1), date(2026, 12, 31)),
        ("quarter", date(2026, 10, 1), date(2026, 12, 31)),
        ("year", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_day_lies_in_one_period(period: str, first: date, last: date) -> None:
    assert VisitPeriod(period).around(date(2026, 12, 30)) == (first, last)


@pytest.mark.parametrize("days", [1, 5, 22, 65])
def test_visits_of_a_period_add_up_and_lie_evenly(days: int) -> None:
    visits, keys = np.arange(400) % 70, np.arange(400) + 10_000_000
    by_day = np.array([due_visits(visits, keys, number=number, days=days) for number in range(days)])
    assert (by_day.sum(axis=0) == visits).all()
    assert (by_day.max(axis=0) - by_day.min(axis=0) <= 1).all()


def test_buildings_with_one_visit_do_not_all_fall_on_one_day() -> None:
    ones, keys = np.ones(100, dtype=np.int64), np.arange(100)
    by_day = [int(due_visits(ones, keys, number=number, days=5).sum()) for number in range(5)]
    assert sum(by_day) == 100
    assert max(by_day) - min(by_day) <= 4
