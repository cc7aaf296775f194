"""Rating: points, thresholds, triggers, and what is not known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures import shipped
from gisgov.errors import InputError
from gisgov.governance.risk import Fact, FactKind, RiskClass, RiskRules, parse_rules, rate

EXAMPLE = shipped.risk_rules()


def one(rules: RiskRules, **facts: object) -> tuple[str, int, tuple[str, ...]]:
    """Class, points and reasons of one building."""
    columns = {name: np.array([value], dtype=object) for name, value in facts.items()}
    ratings = rate(rules, columns)
    return ratings.classes[0], int(ratings.points[0]), ratings.reasons[0]


def test_points_add_up_and_reasons_go_from_most_to_fewest(rules: RiskRules) -> None:
    assert one(rules, built_year=1985, findings=3, goods="gas") == (
        "warning",
        23,
        ("findings: findings>=3 +10", "goods: goods=gas|illegal +7", "age: built_year<=1999 +6"),
    )


@pytest.mark.parametrize(("findings", "year", "expected"), [(1, 1990, "general"), (2, 2000, "safe")])
def test_thresholds_belong_to_the_higher_class(
    rules: RiskRules, findings: int, year: int, expected: str
) -> None:
    assert one(rules, findings=findings, built_year=year)[0] == expected


def test_exactly_the_points_of_a_threshold(rules: RiskRules) -> None:
    assert one(rules, findings=3)[:2] == ("general", 10)
    assert one(rules, findings=3, goods="gas", charging=True)[:2] == ("warning", 20)


def test_the_first_band_that_is_met_counts(rules: RiskRules) -> None:
    assert one(rules, built_year=1979)[1] == 12
    assert one(rules, built_year=1980)[1] == 6
    # 60 m meets the second band alone, which gives nothing and no reason
    assert one(rules, height=60) == ("safe", 0, ())


def test_a_trigger_raises_the_class_and_stands_first(rules: RiskRules) -> None:
    assert one(rules, goods="illegal") == (
        "warning",
        7,
        ("illegal-goods: goods=illegal -> warning", "goods: goods=gas|illegal +7"),
    )


def test_a_trigger_needs_all_its_conditions(rules: RiskRules) -> None:
    assert one(rules, charging=True, findings=1)[0] == "general"
    assert one(rules, charging=True, findings=0)[0] == "safe"
    assert one(rules, charging=True)[0] == "safe"


def test_a_trigger_never_lowers_a_class(rules: RiskRules) -> None:
    assert one(rules, charging=True, findings=3, goods="gas")[0] == "warning"


def test_nothing_known_is_unclassified(rules: RiskRules) -> None:
    ratings = rate(rules, {"goods": np.array([None, "none"], dtype=object)})
    assert ratings.classes.tolist() == ["unclassified", "safe"]
    assert ratings.unknown == (
        ("built_year", "findings", "height", "goods", "charging"),
        ("built_year", "findings", "height", "charging"),
    )
    assert ratings.reasons == ((), ())


def test_too_little_known_is_unclassified_unless_a_trigger_is_met(document: dict[str, Any]) -> None:
    rules = parse_rules({**document, "least_known": 2})
    assert one(rules, findings=3)[:2] == ("unclassified", 10)
    assert one(rules, findings=3, charging=False)[0] == "general"
    assert one(rules, goods="illegal")[0] == "warning"


def test_unusable_values_are_unknown_and_reported(rules: RiskRules) -> None:
    ratings = rate(rules, {"goods": np.array(["petrol"], dtype=object)})
    assert ratings.classes.tolist() == ["unclassified"]
    assert [(p.fact, p.count) for p in ratings.problems] == [("goods", 1)]


def test_other_columns_are_named(rules: RiskRules) -> None:
    ratings = rate(rules, {"findings": np.array([0]), "finding": np.array([9]), "colour": np.array([1])})
    assert ratings.ignored == ("colour", "finding")
    assert ratings.version == "2026-1"


def test_no_buildings(rules: RiskRules) -> None:
    ratings = rate(rules, {"findings": np.array([], dtype=object)})
    assert ratings.classes.tolist() == []
    assert ratings.reasons == ratings.unknown == ()
    assert sum(ratings.counts().values()) == 0


def test_columns_that_do_not_fit(rules: RiskRules) -> None:
    with pytest.raises(InputError, match="No column of facts was given"):
        rate(rules, {})
    with pytest.raises(InputError, match="findings has 2 values, goods 1"):
        rate(rules, {"findings": np.array([1, 2]), "goods": np.array(["gas"])})


def test_more_facts_than_fit_one_key() -> None:
    names = [f"f{i}" for i in range(70)]
    titles = {"title_zh": "x", "title_en": "x"}
    rules = parse_rules(
        {
            "version": "many",
            **titles,
            "source": "An example.",
            "thresholds": {"general": 1, "warning": 2},
            "facts": [{"name": name, "kind": "flag", "meaning": "x", **titles} for name in names],
            "factors": [
                {"name": name, "fact": name, "bands": [{"is": True, "points": 1}], **titles} for name in names
            ],
        }
    )
    rng = np.random.default_rng(7)
    facts = {name: rng.choice(np.array([True, False, None], dtype=object), 300) for name in names}
    ratings = rate(rules, facts)
    for i in (0, 150, 299):
        assert ratings.unknown[i] == tuple(name for name in names if facts[name][i] is None)
        assert ratings.reasons[i] == tuple(
            f"{name}: {name}=yes +1" for name in names if facts[name][i] is True
        )


def values_of(kind: FactKind, choices: list[str]) -> st.SearchStrategy[object]:
    known: dict[FactKind, st.SearchStrategy[object]] = {
        FactKind.INTEGER: st.integers(0, 12),
        FactKind.YEAR: st.integers(1950, 2026),
        FactKind.CHOICE: st.sampled_from(choices or ["-"]),
    }
    return st.none() | known[kind]


def tells(fact: Fact, value: object) -> bool:
    return value is not None and (fact.origin is None or value != 0)


buildings = st.lists(
    st.fixed_dictionaries({f.name: values_of(f.kind, [c.value for c in f.choices]) for f in EXAMPLE.facts}),
    min_size=1,
    max_size=12,
)


@given(buildings)
def test_classes_follow_from_the_reasons_that_are_given(drawn: list[dict[str, object]]) -> None:
    columns = {fact.name: np.array([b[fact.name] for b in drawn], dtype=object) for fact in EXAMPLE.facts}
    ratings = rate(EXAMPLE, columns)
    assert sum(ratings.counts().values()) == len(drawn)
    explained = EXAMPLE.explanations("en")
    for i, building in enumerate(drawn):
        reasons = ratings.reasons[i]
        assert all(reason in explained for reason in reasons)
        soft = [int(reason.rpartition("+")[2]) for reason in reasons if " +" in reason]
        assert sum(soft) == ratings.points[i]
        assert soft == sorted(soft, reverse=True)
        assert ratings.unknown[i] == tuple(fact.name for fact in EXAMPLE.facts if building[fact.name] is None)
        forced = {reason.rpartition("-> ")[2] for reason in reasons if "-> " in reason}
        if not any(tells(fact, building[fact.name]) for fact in EXAMPLE.facts) and not forced:
            expected = RiskClass.UNCLASSIFIED
        elif "warning" in forced or sum(soft) >= EXAMPLE.warning_points:
            expected = RiskClass.WARNING
        elif "general" in forced or sum(soft) >= EXAMPLE.general_points:
            expected = RiskClass.GENERAL
        else:
            expected = RiskClass.SAFE
        assert ratings.classes[i] == expected.value


@given(buildings, st.randoms(use_true_random=False))
def test_a_building_is_rated_alike_in_any_company(drawn: list[dict[str, object]], random: Any) -> None:
    def columns(some: list[dict[str, object]]) -> dict[str, Any]:
        return {fact.name: np.array([b[fact.name] for b in some], dtype=object) for fact in EXAMPLE.facts}

    together = rate(EXAMPLE, columns(drawn))
    i = random.randrange(len(drawn))
    alone = rate(EXAMPLE, columns([drawn[i]]))
    assert (alone.classes[0], alone.points[0], alone.reasons[0]) == (
        together.classes[i],
        together.points[i],
        together.reasons[i],
    )
