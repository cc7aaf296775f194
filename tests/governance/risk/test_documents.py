"""Risk rules as documents: read, written, and every fault named with its path."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from fixtures import shipped
from gisgov.errors import ProfileError
from gisgov.governance.risk import FactKind, RiskClass, RiskRules, format_rules, parse_rules


def test_rules_are_read(rules: RiskRules) -> None:
    assert (rules.version, rules.is_example, rules.least_known) == ("2026-1", True, 1)
    assert (rules.general_points, rules.warning_points) == (10, 20)
    assert [fact.kind for fact in rules.facts] == [
        FactKind.YEAR,
        FactKind.INTEGER,
        FactKind.NUMBER,
        FactKind.CHOICE,
        FactKind.FLAG,
    ]
    assert rules.fact("findings").unit_zh == "项"
    assert [band.points for band in rules.factors[0].bands] == [12, 6]
    assert rules.triggers[1].risk_class is RiskClass.GENERAL


def test_what_is_written_reads_back(rules: RiskRules) -> None:
    assert parse_rules(format_rules(rules)) == rules
    example = shipped.risk_rules()
    assert parse_rules(format_rules(example)) == example


def test_defaults(document: dict[str, Any]) -> None:
    del document["example"], document["least_known"], document["triggers"]
    rules = parse_rules(document)
    assert (rules.is_example, rules.least_known, rules.triggers) == (False, 1, ())


def test_triggers_alone_are_enough(document: dict[str, Any]) -> None:
    document["factors"] = []
    document["facts"] = [f for f in document["facts"] if f["name"] in {"goods", "charging", "findings"}]
    assert parse_rules(document).factors == ()


FACT = {"title_zh": "x", "title_en": "x", "meaning": "x"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d.pop("version"), "version is missing"),
        (lambda d: d.update(version=1), "version must be a text, not 1"),
        (lambda d: d.pop("thresholds"), "thresholds is missing"),
        (lambda d: d["thresholds"].update(warning=10), "thresholds.warning must be 11 or more, not 10"),
        (lambda d: d["thresholds"].update(safe=0), "thresholds.safe is not known here"),
        (lambda d: d.update(least_known=9), "least_known is 9, but there are only 5 facts"),
        (lambda d: d.update(facts=[]), r"factors\[0\].fact .*the facts are nothing"),
        (lambda d: d.update(rules=[]), "rules is not known here"),
        (lambda d: d.update(factors=[], triggers=[]), "factors must list at least one factor"),
        (
            lambda d: d["facts"].append({**d["facts"][0]}),
            r"facts\[5\].name is 'built_year', which an earlier",
        ),
        (
            lambda d: d["facts"].append({**FACT, "name": "lift", "kind": "flag"}),
            r"facts\[5\] is 'lift', at which no factor and no trigger looks",
        ),
        (
            lambda d: d["facts"][0].update(kind="date"),
            r"facts\[0\].kind is 'date'; allowed are integer, year",
        ),
        (lambda d: d["facts"][0].update(unit_zh="年"), r"facts\[0\].unit_zh is not known here"),
        (lambda d: d["facts"][0].update(most=1700), r"facts\[0\].most is 1700, below least"),
        (lambda d: d["facts"][1].update(choices=[]), r"facts\[1\].choices is not known here"),
        (lambda d: d["facts"][3].update(choices=[]), r"facts\[3\].choices must list at least one choice"),
        (
            lambda d: d["facts"][3]["choices"][1].update(value="none"),
            r"choices\[1\].value is 'none', which an ear",
        ),
        (
            lambda d: d["facts"][3]["choices"][1].update(points=1),
            r"facts\[3\].choices\[1\].points is not known",
        ),
        (
            lambda d: d["factors"][0].update(fact="year"),
            r"factors\[0\].fact is no fact of these rules; the facts",
        ),
        (lambda d: d["factors"][0].update(bands=[]), r"factors\[0\].bands must list at least one band"),
        (lambda d: d["factors"][0].update(points=3), r"factors\[0\].points is not known here"),
        (
            lambda d: d["factors"][1].update(name="age"),
            r"factors\[1\].name is 'age', which an earlier factor or",
        ),
        (
            lambda d: d["triggers"][0].update(name="age"),
            r"triggers\[0\].name is 'age', which an earlier factor or",
        ),
        (
            lambda d: d["factors"][0]["bands"][0].update(points=-1),
            r"bands\[0\].points must be from 0 to 1000000, not -1",
        ),
        (
            lambda d: d["factors"][0]["bands"][0].update(points=10**10),
            r"bands\[0\].points must be from 0 to 1000000, not 10000000000",
        ),
        (lambda d: d["facts"][0].update(most=10**400), r"facts\[0\].most must be a number, not 1000"),
        (lambda d: d.update(version="2026/1"), r"version is '2026/1'; it may hold no slash"),
        (lambda d: d.update(version="2026\x07"), r"version is '2026\\x07'; it may hold no slash"),
        (lambda d: d.update(version="x" * 201), r"version has 201 characters; it may have 200"),
        (
            lambda d: d["factors"][0]["bands"][1].update(at_most=1979),
            r"bands\[1\] asks what an earlier band asks",
        ),
        (
            lambda d: d["factors"][0]["bands"][0].pop("at_most"),
            r"bands\[0\].at_least is missing, and at_most too",
        ),
        (
            lambda d: d["factors"][0]["bands"][0].update(at_least=1980),
            r"bands\[0\].at_most is 1979, below at_least",
        ),
        (
            lambda d: d["factors"][0]["bands"][0].update(at_most="x"),
            r"bands\[0\].at_most must be a number, not",
        ),
        (lambda d: d["factors"][0]["bands"][0].update({"is": 1}), r"bands\[0\].is is not known here"),
        (
            lambda d: d["factors"][3]["bands"][0].pop("is"),
            r"bands\[0\].is is missing: list values of goods, such",
        ),
        (
            lambda d: d["factors"][3]["bands"][0].update({"is": ["gsa"]}),
            r"is lists 'gsa'; goods may be none, gas",
        ),
        (lambda d: d["factors"][4]["bands"][0].pop("is"), r"bands\[0\].is is missing: charging is yes or no"),
        (
            lambda d: d["factors"][4]["bands"][0].update({"is": "yes"}),
            r"is must be true or false, not the text",
        ),
        (
            lambda d: d["triggers"][0].update({"class": "safe"}),
            r"class is 'safe'; a trigger can give general and",
        ),
        (lambda d: d["triggers"][0].update(when={}), r"triggers\[0\].when must name at least one fact"),
        (lambda d: d["triggers"][0].update(when={"gas": {}}), r"when.gas is no fact of these rules"),
        (lambda d: d["triggers"][0].update(then="x"), r"triggers\[0\].then is not known here"),
    ],
)
def test_faults_name_their_path(
    document: dict[str, Any], change: Callable[[dict[str, Any]], object], message: str
) -> None:
    change(document)
    with pytest.raises(ProfileError, match=r"^rules\.yaml: .*" + message):
        parse_rules(document, "rules.yaml")
