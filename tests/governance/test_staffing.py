"""Staffing formulas: read, written, and held against filled posts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisgov.errors import ProfileError
from gisgov.governance.staffing import StaffingFormula, StaffingTerm

ROLES = ("网格长", "专职网格员", "兼职网格员")


def test_one_and_one_and_n() -> None:
    formula = StaffingFormula.parse("1+1+N", roles=ROLES, minimum=2)
    assert formula.terms == (
        StaffingTerm("网格长", 1),
        StaffingTerm("专职网格员", 1),
        StaffingTerm("兼职网格员", 2, "N"),
    )
    assert formula.short == "1+1+N"
    assert formula.least_posts == 4
    assert str(formula) == "1 网格长 + 1 专职网格员 + N≥2 兼职网格员"


@pytest.mark.parametrize(
    "text", ["1 网格长 + N≥2 网格员", "1 网格长+N>=2 网格员", " 1  网格长 +  N ≥ 2  网格员 "]
)
def test_roles_written_in(text: str) -> None:
    assert StaffingFormula.parse(text).terms == (StaffingTerm("网格长", 1), StaffingTerm("网格员", 2, "N"))


def test_the_written_minimum_beats_the_given_one() -> None:
    assert StaffingFormula.parse("N≥3+X", roles=("a", "b"), minimum=1).terms == (
        StaffingTerm("a", 3, "N"),
        StaffingTerm("b", 1, "X"),
    )


@pytest.mark.parametrize(
    "text", ["1 网格长（或代理） + N 网格员", "1 网格长(或代理)+N 网格员", "1 网格长 (or deputy) + N 网格员"]
)
def test_a_formula_may_let_deputies_count(text: str) -> None:
    formula = StaffingFormula.parse(text)
    assert formula.terms == (StaffingTerm("网格长", 1, or_deputy=True), StaffingTerm("网格员", 0, "N"))
    assert str(formula) == "1 网格长（或代理） + N≥0 网格员"


@pytest.mark.parametrize(
    ("posts", "problems"),
    [
        ({"网格长": 1, "专职网格员": 1, "兼职网格员": 2}, ()),
        ({"网格长": 1, "专职网格员": 1, "兼职网格员": 9}, ()),
        ({"网格长": 2, "专职网格员": 1, "兼职网格员": 2}, ("网格长: needs 1, has 2",)),
        ({"网格长": 1, "专职网格员": 1}, ("兼职网格员: needs 2 or more, has 0",)),
        ({}, ("网格长: needs 1, has 0", "专职网格员: needs 1, has 0", "兼职网格员: needs 2 or more, has 0")),
        (
            {"网格长": 1, "专职网格员": 1, "兼职网格员": 2, "志愿者": 3, "顾问": 0},
            ("志愿者: has 3, a role that the formula does not name",),
        ),
    ],
)
def test_posts_against_the_formula(posts: dict[str, int], problems: tuple[str, ...]) -> None:
    assert StaffingFormula.parse("1+1+N", roles=ROLES, minimum=2).problems(posts) == problems


@pytest.mark.parametrize(
    ("text", "roles", "message"),
    [
        ("1+one", (), "the term 'one' is neither a number nor a letter"),
        ("", (), "the term '' is neither"),
        ("1 a + N b", ("a", "b"), "names its roles and a list of roles is given too"),
        ("1+1+N", ("a", "b"), "has 3 terms, but 2 roles are given"),
        ("1+N", (), "does not say which role each term counts"),
        ("1 a + N", (), "does not say which role each term counts"),
        ("1+N", ("a", "a"), "names a role twice"),
        ("0+0", ("a", "b"), "asks for nobody"),
    ],
)
def test_formulas_that_cannot_be_used(text: str, roles: tuple[str, ...], message: str) -> None:
    with pytest.raises(ProfileError, match=message):
        StaffingFormula.parse(text, roles=roles)


terms = st.builds(
    StaffingTerm,
    role=st.from_regex(r"[\w网格长员]{1,8}", fullmatch=True),
    least=st.integers(1, 999),
    letter=st.none() | st.sampled_from("NXM"),
    or_deputy=st.booleans(),
)


@given(st.lists(terms, min_size=1, max_size=5, unique_by=lambda term: term.role))
def test_what_is_written_reads_back(made: list[StaffingTerm]) -> None:
    formula = StaffingFormula(tuple(made))
    assert StaffingFormula.parse(str(formula)) == formula
    assert formula.problems({term.role: term.least for term in made}) == ()
