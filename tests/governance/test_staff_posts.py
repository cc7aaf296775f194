"""Staff posts in time, counted by hand."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisgov.governance.staff_posts import (
    RoleStanding,
    Span,
    Tenure,
    filled_posts,
    filled_share,
    gaps,
    standings,
)
from gisgov.governance.staffing import StaffingFormula, StaffingTerm

JAN, MARCH, MAY = date(2026, 1, 1), date(2026, 3, 1), date(2026, 5, 1)
FORMULA = StaffingFormula.parse("1 网格长 + 1 专职 + N≥2 兼职")
LEADER = StaffingTerm("网格长", 1)


def held(role: str, since: date | None = None, until: date | None = None) -> Tenure:
    return Tenure(role, Span(since, until))


def test_a_full_area_fits() -> None:
    full = [held("网格长"), held("专职"), held("兼职"), held("兼职"), held("兼职")]
    assert all(one.fits for one in standings(FORMULA, full, MARCH))


def test_what_is_missing_too_much_or_unknown() -> None:
    posts = [
        held("网格长", MARCH),
        held("专职"),
        held("专职"),
        held("兼职"),
        held("顾问"),
        held("志愿者", MAY),
    ]
    leader, worker, part_time, adviser = standings(FORMULA, posts, JAN)
    assert leader == RoleStanding("网格长", 1, False, True, filled=0, acting=0, missing=1, surplus=0)
    assert (worker.filled, worker.missing, worker.surplus) == (2, 0, 1)
    assert (part_time.filled, part_time.missing, part_time.surplus) == (1, 1, 0)
    assert adviser == RoleStanding("顾问", 0, False, False, filled=1, acting=0, missing=0, surplus=1)
    assert [one.fits for one in (leader, worker, part_time, adviser)] == [False] * 4


@pytest.mark.parametrize(("or_deputy", "missing"), [(False, 1), (True, 0)])
def test_deputies_fill_posts_only_if_the_formula_says(or_deputy: bool, missing: int) -> None:
    term = StaffingTerm("网格长", 1, or_deputy=or_deputy)
    posts = [held("网格长", None, MARCH), Tenure("网格长", Span(JAN), Span(None, MARCH))]
    assert filled_posts(term, posts, JAN) == 1  # beside the holder the deputy is nobody more
    (standing,) = standings(StaffingFormula((term,)), posts, MARCH)
    assert (standing.acting, standing.missing) == (1, missing)
    assert gaps(term, posts) == (() if or_deputy else (Span(MARCH, None),))


@pytest.mark.parametrize(
    ("posts", "expected"),
    [
        ([], (Span(),)),
        ([held("网格长")], ()),
        ([held("专职")], (Span(),)),
        ([held("网格长", MARCH)], (Span(None, MARCH),)),
        ([held("网格长", None, MARCH)], (Span(MARCH, None),)),
        ([held("网格长", None, MARCH), held("网格长", MARCH)], ()),
        ([held("网格长", JAN, MARCH), held("网格长", MAY)], (Span(None, JAN), Span(MARCH, MAY))),
        # somebody deputises within the gap
        (
            [held("网格长", None, JAN), Tenure("网格长", Span(MARCH, MAY), Span(None, JAN))],
            (Span(JAN, None),),
        ),
    ],
)
def test_gaps_in_time(posts: list[Tenure], expected: tuple[Span, ...]) -> None:
    assert gaps(LEADER, posts) == expected


def test_an_open_term_of_none_has_no_gap() -> None:
    assert gaps(StaffingTerm("兼职", 0, "N"), []) == ()


DAYS = st.dates(date(2026, 1, 1), date(2026, 1, 20))
SPANS = st.tuples(DAYS | st.none(), DAYS | st.none()).map(lambda two: Span(*two))
TENURES = st.builds(Tenure, st.just("网格长"), SPANS, st.none() | SPANS)


@given(st.lists(TENURES, max_size=5), st.integers(0, 3), st.booleans(), DAYS)
def test_a_day_is_in_a_gap_just_where_posts_are_missing(
    posts: list[Tenure], least: int, or_deputy: bool, day: date
) -> None:
    term = StaffingTerm("网格长", least, "N", or_deputy)
    found = gaps(term, posts)
    assert any(one.holds(day) for one in found) == (filled_posts(term, posts, day) < least)
    assert all(a.valid_to is not None and a.valid_to < (b.valid_from or day) for a, b in pairwise(found))


def test_the_share_filled_is_of_what_is_asked_for() -> None:
    assert [filled_share(*given) for given in ((3, 0), (3, 1), (2, 2), (0, 0))] == [1.0, 0.666667, 0.0, None]
