"""The facts behind one rating, said for people."""

from __future__ import annotations

import numpy as np
import pytest

from gisgov.governance.risk import FactAnswer, RiskRules, explain_answers, rate


def explained(rules: RiskRules, *answers: str | None) -> dict[str, FactAnswer]:
    return {one.name: one for one in explain_answers(rules, answers)}


def test_each_fact_says_what_it_came_to(rules: RiskRules) -> None:
    answers = ("1985", "3", "60.5", "illegal", "是")
    told = explained(rules, *answers)
    assert {name: (one.said_zh, one.said_en, one.points) for name, one in told.items()} == {
        "built_year": ("1985 年", "1985", 6),
        "findings": ("3 项", "3 items", 10),
        "height": ("60.5 米", "60.5 m", 0),
        "goods": ("违规", "illegal", 7),
        "charging": ("是", "yes", 3),
    }
    assert told["goods"].triggers == ("illegal-goods",)
    assert told["charging"].triggers == told["findings"].triggers == ("charging-findings",)
    columns = {
        fact.name: np.array([value], dtype=object) for fact, value in zip(rules.facts, answers, strict=True)
    }
    assert sum(one.points for one in told.values()) == rate(rules, columns).points[0]


def test_what_is_not_known_says_so(rules: RiskRules) -> None:
    told = explained(rules, None, "many", "5000", None, "no")
    assert [one.is_known for one in told.values()] == [False, False, False, False, True]
    assert told["built_year"].problem is None
    assert told["findings"].problem == "findings is the text 'many', not a whole number from 0"
    assert (told["height"].value, told["height"].said_en, told["height"].points) == ("5000", None, 0)
    assert told["charging"].said_zh == "否"


def test_answers_are_those_of_all_facts(rules: RiskRules) -> None:
    with pytest.raises(ValueError, match="shorter"):
        explain_answers(rules, ["1985"])
