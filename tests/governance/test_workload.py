"""What loads an area: terms, weights, targets."""

from __future__ import annotations

import math

import pytest

from gisgov.errors import InputError
from gisgov.governance.layers import LoadTerm, Targets
from gisgov.governance.workload import load_rule, parse_term

BOTH = Targets(area_km2=0.5, population=5000, weight_area=0.5, weight_population=0.5)
USUAL = {"households": 1800.0}


def test_the_rule_of_a_layer_is_its_targets() -> None:
    assert load_rule(BOTH) == (LoadTerm("population", 0.5, 5000.0), LoadTerm("area_km2", 0.5, 0.5))
    people = Targets(area_km2=None, population=5000, weight_area=0, weight_population=1)
    assert load_rule(people) == (LoadTerm("population", 1.0, 5000.0),)
    ground = Targets(area_km2=0.5, population=None, weight_area=1, weight_population=0)
    assert load_rule(ground) == (LoadTerm("area_km2", 1.0, 0.5),)


def test_what_joins_brings_the_weights_back_to_one() -> None:
    rule = load_rule(BOTH, [LoadTerm("households", 0.6, 1800.0), LoadTerm("events", 0.4, 500.0)])
    assert [(term.attribute, term.weight) for term in rule] == [
        ("population", 0.25),
        ("area_km2", 0.25),
        ("households", 0.3),
        ("events", 0.2),
    ]
    assert math.fsum(term.weight for term in rule) == pytest.approx(1)


def test_what_joins_replaces_what_the_layer_says_of_it() -> None:
    rule = load_rule(BOTH, [LoadTerm("area_km2", 0.0, 1.0), LoadTerm("population", 2.0, 4000.0)])
    assert rule == (LoadTerm("population", 1.0, 4000.0),)


def test_what_a_layer_lets_join_joins() -> None:
    aims = Targets(None, 5000, 0.0, 1.0, (LoadTerm("events", 1.0, 500.0),))
    assert load_rule(aims) == (LoadTerm("population", 0.5, 5000.0), LoadTerm("events", 0.5, 500.0))
    assert load_rule(aims, [LoadTerm("events", 0.0, 1.0)]) == (LoadTerm("population", 1.0, 5000.0),)


def test_a_layer_without_targets_needs_a_weight() -> None:
    assert load_rule(None, [LoadTerm("events", 3.0, 500.0)]) == (LoadTerm("events", 1.0, 500.0),)
    with pytest.raises(InputError, match="Nothing weighs"):
        load_rule(None)
    with pytest.raises(InputError, match="Nothing weighs"):
        load_rule(None, [LoadTerm("events", 0.0, 500.0)])


@pytest.mark.parametrize(
    ("term", "message"),
    [
        (LoadTerm("events", -1.0, 5.0), "weight -1 of 'events'"),
        (LoadTerm("events", math.nan, 5.0), "weight nan"),
        (LoadTerm("events", 1.0, 0.0), "target 0 of 'events'"),
        (LoadTerm("events", 1.0, math.inf), "target inf"),
    ],
)
def test_terms_that_are_none_are_refused(term: LoadTerm, message: str) -> None:
    with pytest.raises(InputError, match=message):
        load_rule(BOTH, [term])


@pytest.mark.parametrize("text", ["households", "=1:2", "events=", "events=much", "events=1:many"])
def test_a_term_is_written_in_one_way(text: str) -> None:
    with pytest.raises(InputError, match="is no term of a load"):
        parse_term(text, USUAL)


def test_a_term_without_target_takes_the_usual_one() -> None:
    assert parse_term(" households =0.2", USUAL) == LoadTerm("households", 0.2, 1800.0)
    with pytest.raises(InputError, match="'dogs' has no usual target") as caught:
        parse_term("dogs=1", USUAL)
    assert "known of households" in str(caught.value.hint)
