"""Grades of disputes: every edge of the shipped table, facts that nobody told, and faulty documents."""

from __future__ import annotations

from typing import Any

import pytest

from fixtures.shipped import dispute_rules
from gisgov.errors import InputError, ProfileError
from gisgov.governance.disputes import format_disputes, parse_disputes

RULES = dispute_rules()
PEOPLE = {
    "name": "people",
    "kind": "integer",
    "title_zh": "人数",
    "title_en": "People",
    "meaning": "Many.",
    "least": 0,
}
CALM = {
    "name": "is_calm",
    "kind": "flag",
    "title_zh": "平稳",
    "title_en": "Calm",
    "meaning": "Nobody shouts.",
}
OTHER = {"name": "other", "title_zh": "其他", "title_en": "Other", "grade": "minor"}
CROWD = {**OTHER, "name": "crowd", "grade": "major", "when": {"people": {"at_least": 5}}}
TABLE: dict[str, Any] = {
    "version": "1", "title_zh": "分级", "title_en": "Grades", "source": "A test.",
    "facts": [PEOPLE, CALM],
    "rows": [CROWD, {**OTHER, "name": "calm", "when": {"is_calm": {"is": True}}}, OTHER],
}  # fmt: skip


@pytest.mark.parametrize(
    ("people", "amount", "urgency", "grade", "row"),
    [
        (30, 0, "calm", "major", "crowd"),
        (29, 0, "calm", "serious", "group"),
        (10, 0, "calm", "serious", "group"),
        (9, 0, "calm", "minor", "other"),
        (0, 1_000_000, "calm", "major", "fortune"),
        (0, 999_999.99, "calm", "serious", "money"),
        (0, 100_000, "calm", "serious", "money"),
        (0, 99_999.99, "calm", "minor", "other"),
        (10, 0, "tense", "major", "tense-group"),
        (9, 0, "tense", "serious", "tense"),
        (0, 0, "violent", "major", "violent"),
        (2, 10, "calm", "minor", "other"),
        # the gravest row counts, wherever others are met too
        (30, 100_000, "tense", "major", "crowd"),
        (10, 1_000_000, "tense", "major", "fortune"),
    ],
)
def test_every_edge_of_the_shipped_table(
    people: int, amount: float, urgency: str, grade: str, row: str
) -> None:
    graded = RULES.grade({"people": people, "amount_yuan": amount, "urgency": urgency})
    assert (graded.grade.value, graded.row, graded.unknown) == (grade, row, ())


def test_what_nobody_told_is_named_if_it_might_make_it_graver() -> None:
    assert RULES.grade({}).unknown == ("urgency", "people", "amount_yuan")
    tense = RULES.grade({"urgency": "tense", "people": None})
    assert (tense.grade.value, tense.because, tense.unknown) == (
        "serious",
        ("urgency=tense",),
        ("people", "amount_yuan"),
    )
    assert RULES.grade({"people": 40}).unknown == ()
    assert "people" not in RULES.grade({"people": 3}).unknown


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"people": 2.5}, "people is .*, but must be a whole number at least 0 and at most 100000"),
        ({"people": -1}, "people"),
        ({"people": 100_001}, "people"),
        ({"people": True}, "people"),
        ({"people": "12"}, "people"),
        ({"amount_yuan": -0.01}, "amount_yuan is .*, but must be a number at least 0"),
        ({"urgency": "mild"}, "must be one of"),
        ({"weather": "rain"}, "'weather' is no fact"),
    ],
)
def test_what_cannot_be_a_fact_is_refused(told: dict[str, object], words: str) -> None:
    with pytest.raises(InputError, match=words) as refused:
        RULES.grade(told)
    assert refused.value.field == next(iter(told))


def test_flags_are_yes_or_no_and_limits_may_be_from_above() -> None:
    table = parse_disputes(TABLE)
    assert table.grade({"is_calm": True}).row == "calm"
    assert table.grade({"is_calm": False}).row == "other"
    with pytest.raises(InputError, match="true or false"):
        table.grade({"is_calm": "yes"})
    with pytest.raises(InputError, match="must be a whole number at least 0"):
        table.grade({"people": "many"})
    few = {**OTHER, "name": "few", "when": {"people": {"at_most": 2}}}
    table = parse_disputes(
        {**TABLE, "facts": [{k: v for k, v in PEOPLE.items() if k != "least"}], "rows": [few, OTHER]}
    )
    assert [table.grade({"people": many}).row for many in (-5, 2, 3)] == ["few", "few", "other"]


def test_tables_are_written_as_they_are_read() -> None:
    for table in (RULES, parse_disputes(TABLE)):
        assert parse_disputes(format_disputes(table)) == table
    assert RULES.is_example


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"rows": [CROWD]}, "must end with a row without"),
        ({"rows": []}, "must end with a row without"),
        ({"rows": [OTHER, CROWD]}, "comes after a row that is met by all"),
        (
            {"rows": [{**CROWD, "grade": "minor"}, {**CROWD, "name": "more"}, OTHER]},
            "graver than that of the row",
        ),
        ({"rows": [CROWD, CROWD, OTHER]}, "'crowd', which an earlier row has"),
        ({"rows": [{**CROWD, "when": {}}, OTHER]}, "must name at least one fact"),
        ({"rows": [{**CROWD, "when": {"height": {"at_least": 1}}}, OTHER]}, "is no fact of these rules"),
        ({"facts": [PEOPLE, PEOPLE]}, "'people', which an earlier fact has"),
    ],
)
def test_a_table_that_does_not_hold_together_is_refused(change: dict[str, Any], words: str) -> None:
    with pytest.raises(ProfileError, match=words):
        parse_disputes({**TABLE, **change})
