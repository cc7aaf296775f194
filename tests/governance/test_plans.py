"""Plans: when one is in force, and which two cannot both be."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisgov.errors import InputError
from gisgov.governance.plans import Plan, PlanStatus

MARCH, JUNE = date(2026, 3, 1), date(2026, 6, 1)


def published(name: str, first: date, last: date | None = None, layer: str = "grid") -> Plan:
    return Plan(name, layer, "330106", PlanStatus.PUBLISHED, first, last)


def test_validity_is_half_open() -> None:
    plan = published("a", MARCH, JUNE)
    assert not plan.is_in_force(date(2026, 2, 28))
    assert plan.is_in_force(MARCH)
    assert plan.is_in_force(date(2026, 5, 31))
    assert not plan.is_in_force(JUNE)


def test_open_ended() -> None:
    assert published("a", MARCH).is_in_force(date(9999, 12, 31))


def test_a_retired_plan_was_in_force() -> None:
    plan = Plan("a", "grid", "330106", PlanStatus.RETIRED, MARCH, JUNE)
    assert plan.is_in_force(MARCH)
    assert not plan.is_in_force(JUNE)


def test_a_plan_taken_back_before_its_first_day_was_never_in_force() -> None:
    plan = Plan("a", "grid", "330106", PlanStatus.RETIRED, MARCH, MARCH)
    assert not plan.is_in_force(MARCH)
    assert not plan.clashes_with(Plan("b", "grid", "330106", PlanStatus.PUBLISHED, MARCH))


def test_a_draft_is_never_in_force() -> None:
    assert not Plan("a", "grid", "330106", PlanStatus.DRAFT).is_in_force(MARCH)
    assert not Plan("a", "grid", "330106", PlanStatus.DRAFT, MARCH, JUNE).is_in_force(MARCH)


@pytest.mark.parametrize(
    ("status", "first", "last", "message"),
    [
        (PlanStatus.PUBLISHED, None, None, "'a' is published but has no first day"),
        (PlanStatus.RETIRED, MARCH, None, "'a' is retired but has no day from which it no longer holds"),
        (PlanStatus.PUBLISHED, JUNE, MARCH, "would end on 2026-03-01 before it begins on 2026-06-01"),
        (PlanStatus.RETIRED, JUNE, MARCH, "would end on 2026-03-01 before it begins on 2026-06-01"),
        (PlanStatus.PUBLISHED, JUNE, JUNE, "would end on 2026-06-01 before it begins on 2026-06-01"),
        (PlanStatus.DRAFT, None, JUNE, r"would end on 2026-06-01 before it begins\."),
    ],
)
def test_dates_that_cannot_be(
    status: PlanStatus, first: date | None, last: date | None, message: str
) -> None:
    with pytest.raises(InputError, match=message) as caught:
        Plan("a", "grid", "330106", status, first, last)
    assert caught.value.field in {"valid_from", "valid_to"}


def test_clashes() -> None:
    spring, summer = published("spring", MARCH, JUNE), published("summer", JUNE)
    assert not spring.clashes_with(summer)
    assert spring.clashes_with(published("may", date(2026, 5, 1)))
    assert not spring.clashes_with(published("streets", MARCH, layer="street"))
    assert not spring.clashes_with(Plan("draft", "grid", "330106", PlanStatus.DRAFT, MARCH))


days = st.integers(0, 40).map(lambda count: MARCH + timedelta(days=count))


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    first = draw(days)
    last = draw(st.none() | st.integers(1, 40).map(lambda count: first + timedelta(days=count)))
    return published("a", first, last)


@given(plans(), plans())
def test_two_plans_clash_exactly_when_a_day_is_in_both(one: Plan, other: Plan) -> None:
    shared = [MARCH + timedelta(days=count) for count in range(90)]
    both = any(one.is_in_force(day) and other.is_in_force(day) for day in shared)
    assert one.clashes_with(other) == other.clashes_with(one) == both
