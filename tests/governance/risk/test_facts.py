"""Columns of facts as people keep them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from gisgov.errors import InputError
from gisgov.governance.risk import Condition, FactProblem, RiskRules
from gisgov.governance.risk.facts import read_column, unknown_column


def values(rules: RiskRules, fact: str, raw: Any) -> list[float | None]:
    """Values of a column, None where unknown."""
    column = read_column(rules.fact(fact), np.asarray(raw))
    return [None if np.isnan(value) else float(value) for value in column.values]


def problem(rules: RiskRules, fact: str, raw: Any) -> FactProblem | None:
    return read_column(rules.fact(fact), np.asarray(raw)).problem


def objects(*items: object) -> Any:
    """Items as an object column, as they come from JSON."""
    column = np.empty(len(items), dtype=object)
    column[:] = items
    return column


def test_numbers_of_any_sort(rules: RiskRules) -> None:
    assert values(rules, "findings", [0, 3, 7]) == [0, 3, 7]
    assert values(rules, "findings", np.array([2.0, np.nan])) == [2, None]
    assert values(rules, "findings", np.array([2, 3], dtype=np.uint8)) == [2, 3]
    assert values(rules, "findings", objects("4", " 5 ", None, "", "  ", pd.NA, 6, np.int16(7), 8.0)) == [
        4, 5, None, None, None, None, 6, 7, 8,
    ]  # fmt: skip
    assert values(rules, "height", [1.5, 2]) == [1.5, 2]
    assert values(rules, "height", pd.array([1.5, None], dtype="Float64")) == [1.5, None]


def test_blank_and_missing_values_are_no_problem(rules: RiskRules) -> None:
    assert problem(rules, "findings", objects(None, "", np.nan, pd.NaT)) is None
    assert problem(rules, "findings", np.array([np.nan, 1.0])) is None


@pytest.mark.parametrize(
    ("fact", "raw", "message"),
    [
        ("findings", [1.5, 2.0], "findings is 1.5, not a whole number from 0"),
        ("findings", [-1, 3], "findings is -1, not a whole number from 0"),
        ("findings", np.array([np.inf]), "findings is inf, not a whole number from 0"),
        ("findings", objects("many"), "findings is the text 'many', not a whole number from 0"),
        ("findings", objects("nan"), "findings is the text 'nan', not a whole number from 0"),
        ("findings", objects(True), "findings is true, not a whole number from 0"),
        ("findings", np.array([True]), "findings is True, not a whole number from 0"),
        ("built_year", [19790], "built_year is 19790, not a whole number from 1800 to 2100"),
        ("height", [1001.0], "height is 1001.0, not a number to 1000"),
        ("goods", objects("petrol"), "goods is the text 'petrol', not none, gas and illegal"),
        ("goods", [7], "goods is 7, not none, gas and illegal"),
        ("charging", objects("maybe"), "charging is the text 'maybe', not yes or no"),
        ("charging", [2], "charging is 2, not yes or no"),
    ],
)
def test_values_that_cannot_be_used(rules: RiskRules, fact: str, raw: Any, message: str) -> None:
    found = problem(rules, fact, raw)
    assert found is not None
    assert (found.fact, found.message, found.count, found.first) == (fact, message, 1, 0)
    assert values(rules, fact, raw)[0] is None


def test_a_problem_counts_and_points_to_the_first(rules: RiskRules) -> None:
    found = problem(rules, "goods", objects("gas", None, "x", "gas", "y"))
    assert found is not None
    assert (found.count, found.first) == (2, 2)


def test_choices(rules: RiskRules) -> None:
    assert values(rules, "goods", objects("none", " gas ", "illegal", None, "")) == [0, 1, 2, None, None]
    assert values(rules, "goods", np.array(["gas", "none"])) == [1, 0]


def test_yes_and_no(rules: RiskRules) -> None:
    assert values(rules, "charging", [True, False]) == [1, 0]
    assert values(rules, "charging", [1, 0]) == [1, 0]
    assert values(rules, "charging", [1.0, 0.0, np.nan]) == [1, 0, None]
    raw = objects(True, "TRUE", "yes", "是", "1", False, "False", "no", "否", "0", None, " ")
    assert values(rules, "charging", raw) == [1] * 5 + [0] * 5 + [None, None]


def test_lists_are_refused(rules: RiskRules) -> None:
    with pytest.raises(InputError, match="Fact goods holds lists or mappings"):
        read_column(rules.fact("goods"), objects(["gas"], "none"))


def test_conditions_on_columns(rules: RiskRules) -> None:
    findings = read_column(rules.fact("findings"), np.array([0, 1, 2, np.nan]))
    assert findings.is_known.tolist() == [True, True, True, False]
    assert findings.meets(Condition("findings", at_least=1)).tolist() == [False, True, True, False]
    assert findings.meets(Condition("findings", at_most=1)).tolist() == [True, True, False, False]
    assert findings.meets(Condition("findings", 1, 1)).tolist() == [False, True, False, False]
    goods = read_column(rules.fact("goods"), objects("none", "gas", None))
    assert goods.meets(Condition("goods", one_of=("none", "illegal"))).tolist() == [True, False, False]
    charging = read_column(rules.fact("charging"), objects(True, False, None))
    assert charging.meets(Condition("charging", flag=True)).tolist() == [True, False, False]
    assert charging.meets(Condition("charging", flag=False)).tolist() == [False, True, False]


def test_nothing_known(rules: RiskRules) -> None:
    column = unknown_column(rules.fact("goods"), 2)
    assert column.is_known.tolist() == [False, False]
    assert column.problem is None
