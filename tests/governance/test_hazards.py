from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisgov.errors import ConflictError, GisgovError, InputError
from gisgov.governance.hazard_reports import HazardReport, begin, carry_on
from gisgov.governance.hazards import LEGAL, HazardAction, HazardState, HazardStep, Standing, find, take

TODAY = date(2026, 5, 20)
FOUND_ON = date(2026, 5, 1)
TERM = date(2026, 5, 10)


def day(number: int) -> date:
    return date(2026, 5, number)


def found(due_on: date | None = TERM) -> Standing:
    return find(FOUND_ON, due_on, today=TODAY)


def after(*steps: tuple[str, int], due_on: date | None = TERM) -> Standing:
    standing = found(due_on)
    for action, number in steps:
        standing = take(standing, HazardStep(HazardAction(action), day(number), "why"), today=TODAY)
    return standing


def test_a_hazard_is_found_rectified_and_checked() -> None:
    checked = after(("rectify", 5), ("check", 7))
    assert checked == Standing(HazardState.CHECKED, FOUND_ON, day(7), day(10), day(5), day(7))


def test_a_failed_check_sends_it_back_and_it_is_rectified_again() -> None:
    returned = after(("rectify", 5), ("return", 7))
    assert (returned.state, returned.rectified_on, returned.returned_on) == ("found", None, day(7))
    again = take(returned, HazardStep(HazardAction.RECTIFY, day(9)), today=TODAY)
    assert (again.state, again.rectified_on) == ("rectified", day(9))


@pytest.mark.parametrize(
    ("due_on", "today", "overdue"),
    [(day(10), day(10), False), (day(10), day(11), True), (None, day(20), False)],
)
def test_it_is_overdue_from_the_day_after_its_term(due_on: date | None, today: date, overdue: bool) -> None:
    assert found(due_on).is_overdue(today) is overdue


def test_a_rectified_one_is_not_overdue() -> None:
    assert not after(("rectify", 15)).is_overdue(TODAY)


def test_a_term_is_extended_with_a_reason_and_a_later_day() -> None:
    step = HazardStep(HazardAction.EXTEND, day(9), "waits for the owner", day(25))
    assert take(found(), step, today=TODAY).due_on == day(25)
    assert take(found(None), step, today=TODAY).due_on == day(25)


def test_a_failed_check_may_set_another_term() -> None:
    step = HazardStep(HazardAction.RETURN, day(9), "still blocked", day(30))
    assert take(after(("rectify", 5)), step, today=TODAY).due_on == day(30)


@pytest.mark.parametrize(
    ("steps", "step", "message"),
    [
        ([], HazardStep(HazardAction.RECTIFY, day(21)), "has not come yet"),
        ([("rectify", 5)], HazardStep(HazardAction.CHECK, day(4)), "before its last step, of 2026-05-05"),
        ([("rectify", 5)], HazardStep(HazardAction.RETURN, day(6), "  "), "A reason is needed to return"),
        ([], HazardStep(HazardAction.EXTEND, day(6), None, day(12)), "A reason is needed to extend"),
        ([], HazardStep(HazardAction.EXTEND, day(6), "why"), "takes the new day"),
        ([], HazardStep(HazardAction.EXTEND, day(6), "why", day(10)), "is no extension"),
        ([], HazardStep(HazardAction.EXTEND, day(6), "why", day(5)), "lies before 2026-05-06"),
        ([], HazardStep(HazardAction.RECTIFY, day(6), None, day(9)), "sets no term"),
    ],
)
def test_days_reasons_and_terms_that_cannot_be_are_refused(
    steps: list[tuple[str, int]], step: HazardStep, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        take(after(*steps), step, today=TODAY)


def test_what_is_not_possible_is_refused_and_what_is_gets_named() -> None:
    with pytest.raises(ConflictError) as refused:
        take(found(), HazardStep(HazardAction.CHECK, day(5)), today=TODAY)
    assert "found" in refused.value.message
    assert refused.value.hint == "Possible is rectify or extend."
    with pytest.raises(ConflictError) as closed:
        take(after(("rectify", 5), ("check", 6)), HazardStep(HazardAction.RETURN, day(7), "x"), today=TODAY)
    assert closed.value.hint == "It is closed: a new finding is another hazard."


@given(
    st.lists(
        st.tuples(st.sampled_from(HazardAction), st.integers(0, 4), st.one_of(st.none(), st.integers(0, 30))),
        max_size=12,
    )
)
def test_whatever_is_tried_a_hazard_stands_as_the_table_of_steps_says(
    tried: list[tuple[HazardAction, int, int | None]],
) -> None:
    today = date(2027, 1, 1)
    standing = find(FOUND_ON, day(10), today=today)
    for action, later, term in tried:
        step = HazardStep(
            action,
            standing.last_on + timedelta(days=later),
            "why",
            None if term is None else FOUND_ON + timedelta(days=term),
        )
        try:
            stands = take(standing, step, today=today)
        except GisgovError:
            continue
        assert action in LEGAL[standing.state]
        standing = stands
        # what the database holds too (its constraints hazard_days_check and hazard_way_check)
        assert (standing.state is HazardState.FOUND) == (standing.rectified_on is None)
        assert (standing.state is HazardState.CHECKED) == (standing.checked_on is not None)
        assert FOUND_ON <= (standing.rectified_on or FOUND_ON) <= (standing.checked_on or date.max)
        assert standing.due_on is not None
        assert standing.due_on >= FOUND_ON


def test_what_a_source_tells_becomes_steps() -> None:
    standing, steps = begin(HazardReport(FOUND_ON, day(9), day(5), day(6)), today=TODAY)
    assert standing.state is HazardState.CHECKED
    assert [(step.action.value, step.day, step.due_on) for step in steps] == [
        ("find", FOUND_ON, day(9)),
        ("rectify", day(5), None),
        ("check", day(6), None),
    ]


@pytest.mark.parametrize(
    ("report", "message"),
    [
        (HazardReport(day(21)), "today is 2026-05-20"),
        (HazardReport(day(5), day(4)), "before it was found"),
        (HazardReport(day(5), None, day(4)), "before its last step"),
        (HazardReport(day(5), None, day(6), day(5)), "before its last step"),
        (HazardReport(day(5), None, None, day(7)), "checked, and not as rectified"),
        (HazardReport(day(5), None, day(22)), "has not come yet"),
    ],
)
def test_days_out_of_order_are_refused(report: HazardReport, message: str) -> None:
    with pytest.raises(InputError, match=message):
        begin(report, today=TODAY)


def test_a_known_hazard_is_carried_on_and_never_back() -> None:
    whole = HazardReport(FOUND_ON, day(12), day(5), day(6))
    standing, steps = carry_on(found(), whole, today=TODAY)
    assert [step.action.value for step in steps] == ["rectify", "check"]
    assert standing.due_on == day(10)  # its own term, not that of the report
    assert carry_on(standing, whole, today=TODAY) == (standing, ())
    assert carry_on(standing, HazardReport(FOUND_ON), today=TODAY) == (standing, ())
    rectified = after(("rectify", 5))
    assert [step.action.value for step in carry_on(rectified, whole, today=TODAY)[1]] == ["check"]


def test_what_was_rectified_before_a_failed_check_is_no_news() -> None:
    returned = after(("rectify", 5), ("return", 7))
    assert carry_on(returned, HazardReport(FOUND_ON, None, day(5)), today=TODAY) == (returned, ())
    _, steps = carry_on(returned, HazardReport(FOUND_ON, None, day(8)), today=TODAY)
    assert [step.action.value for step in steps] == ["rectify"]
    assert carry_on(returned, HazardReport(FOUND_ON), today=TODAY) == (returned, ())


@pytest.mark.parametrize(
    ("steps", "report", "message"),
    [
        ([], HazardReport(day(2)), "found on 2026-05-01, not on 2026-05-02"),
        ([("rectify", 5)], HazardReport(FOUND_ON, None, day(6)), "rectified on 2026-05-05, not on"),
        (
            [("rectify", 5), ("check", 6)],
            HazardReport(FOUND_ON, None, day(5), day(7)),
            "checked on 2026-05-06, not on",
        ),
    ],
)
def test_other_days_than_known_ones_are_refused(
    steps: list[tuple[str, int]], report: HazardReport, message: str
) -> None:
    with pytest.raises(ConflictError, match=message):
        carry_on(after(*steps), report, today=TODAY)
