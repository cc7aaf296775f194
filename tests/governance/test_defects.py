"""Titles and colours of defects and decisions."""

from __future__ import annotations

import re

import pytest

from gisgov.geometry.coverage import DefectKind
from gisgov.governance.defects import (
    DECISION_COLOURS,
    DEFECT_COLOURS,
    OTHER_COLOUR,
    DecisionTitle,
    DefectTitle,
)


def test_every_kind_that_checks_know_has_a_title() -> None:
    assert {kind.value for kind in DefectKind} <= {title.value for title in DefectTitle}


@pytest.mark.parametrize(
    ("titles", "colours"), [(DefectTitle, DEFECT_COLOURS), (DecisionTitle, DECISION_COLOURS)]
)
def test_every_title_has_a_colour_of_its_own(titles: type, colours: dict[str, str]) -> None:
    assert list(colours) == list(titles)
    assert len({*colours.values(), OTHER_COLOUR}) == len(colours) + 1
    assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in (*colours.values(), OTHER_COLOUR))
