"""Obstacles told in sentences."""

from __future__ import annotations

import re
from typing import cast

import pytest

from gisgov.governance.obstacles import ObstacleTitle, obstacle_sentence
from gisgov.governance.titles import Language

BOTH = pytest.mark.parametrize("language", ["zh", "en"])
KINDS = pytest.mark.parametrize("kind", list(ObstacleTitle))


def told(kind: str, language: str, **given: float) -> str:
    values = {"value": 0.234, "needed": 3.0, **given}
    names = {"parent": "桂园社区", "area": "449901", "block": "0012"}
    return obstacle_sentence(kind, cast("Language", language), **values, **names)


@BOTH
@KINDS
def test_every_kind_has_a_sentence_with_its_number(kind: ObstacleTitle, language: str) -> None:
    sentence = told(kind, language, value=7.0, needed=0.1)
    assert re.search(r"7\.00|700(\.0+)?%|\b7\b", sentence), sentence
    assert sentence.endswith("。" if language == "zh" else ".")
    assert "{" not in sentence
    assert bool(re.search(r"[,;]", sentence)) == (language == "en" and "," in sentence), (
        "full width in Chinese"
    )


@BOTH
@pytest.mark.parametrize("kind", ["giant-block", "several-pieces"])
def test_where_no_number_of_areas_helps_none_is_named(kind: str, language: str) -> None:
    assert "3" in told(kind, language).replace("23.4", "").replace("0.23", "")
    assert told(kind, language, needed=0.0) != told(kind, language)
    assert "0 个" not in told(kind, "zh", needed=0.0)


def test_the_words_are_those_of_the_engine() -> None:
    from gisgov.zoning.obstacles import ObstacleKind

    assert {one.value for one in ObstacleTitle} == {one.value for one in ObstacleKind}
