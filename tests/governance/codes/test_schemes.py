"""Code schemes: valid codes, faults with their place, parents."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures import shipped
from gisgov.errors import InputError
from gisgov.governance.codes import CodeScheme

SCHEMES = {scheme.name: scheme for scheme in shipped.code_schemes()}
GRID_15, GRID_20 = SCHEMES["grid-15"], SCHEMES["grid-20"]


@pytest.mark.parametrize(
    ("scheme", "code", "parent"),
    [
        ("county-6", "330106", None),
        ("street-9", "330106012", "330106"),
        ("community-12", "330106012003", "330106012"),
        ("statistical-12", "330106012003", "330106012000"),
        ("statistical-street-12", "330106012000", "330106000000"),
        ("statistical-county-12", "330106000000", None),
        ("grid-15", "330106012003002", "330106012003"),
        ("exclusive-15", "330106012003502", "330106012003"),
        ("grid-20", "01020033010601200305", "330106012003"),
        ("grid-20", "01020033010601200300", "330106012003"),
        ("grid-20", "01020033010601260100", "330106012"),
    ],
)
def test_sound_codes_and_their_parents(scheme: str, code: str, parent: str | None) -> None:
    assert SCHEMES[scheme].problem(code) is None
    assert SCHEMES[scheme].parent_code(code) == parent


@pytest.mark.parametrize(
    ("scheme", "code", "fault"),
    [
        (
            "grid-15",
            "33010601200300",
            "has 14 characters, not 15 (6 county + 3 street + 3 community + 3 sequence)",
        ),
        ("grid-15", "", "has 0 characters, not 15 (6 county + 3 street + 3 community + 3 sequence)"),
        ("grid-15", "330106012003000", "characters 13-15 (sequence) are 000, not from 001 to 999"),
        ("grid-15", "330106000003001", "characters 7-9 (street) are 000, not from 001 to 999"),
        ("grid-15", "990106012003001", "characters 1-6 (county) are 990106, not from 110000 to 829999"),
        ("grid-15", "33010601200３001", "character 12 (community) is '３', not a digit from 0 to 9"),
        ("grid-15", "330106012003001 ", "character 16 (beyond the end) is ' ', not a digit from 0 to 9"),
        ("grid-15", "33O106", "character 3 (county) is 'O', not a digit from 0 to 9"),
        ("exclusive-15", "330106012003002", "characters 13-15 (sequence) are 002, not from 501 to 999"),
        ("statistical-12", "330106012600", "characters 10-12 (community) are 600, not from 001 to 599"),
        (
            "grid-20",
            "01020033010601260105",
            (
                "belongs to no series of the scheme (grid: community 001-600, sequence 01-99; "
                "whole: community 001-600, sequence 00; merged: community 601-999, sequence 00)"
            ),
        ),
    ],
)
def test_faults_say_place_and_reason(scheme: str, code: str, fault: str) -> None:
    assert SCHEMES[scheme].problem(code) == fault
    with pytest.raises(InputError, match=re.escape(f"Code {code!r}: {fault}.")):
        SCHEMES[scheme].parent_code(code)


def test_a_segment_of_one_digit_and_a_narrower_series(two_parts: CodeScheme) -> None:
    assert two_parts.problem("70") == "character 2 (seat) is 0, not from 1 to 9"
    # the segment may hold 1 to 9, the only series gives out 1 to 5
    assert two_parts.problem("76") == "character 2 (seat) is 6, not from 1 to 5"


def test_shape_length_and_series() -> None:
    assert (GRID_20.shape, GRID_20.length) == ("6+6+3+3+2", 20)
    assert GRID_20.find_series().name == "grid"
    assert GRID_20.find_series("merged").counted.first == 601
    with pytest.raises(InputError, match=r"has no series 'joined'\. It has: grid, whole, merged."):
        GRID_20.find_series("joined")


def test_compose() -> None:
    values = {"county": "330106", "street": "012", "community": "003", "sequence": "002"}
    assert GRID_15.compose(values) == "330106012003002"
    with pytest.raises(InputError, match=r"segment street\. Give 3 digits for it, as in street=00"):
        GRID_15.compose({"county": "330106"})
    with pytest.raises(InputError, match="characters 13-15"):
        GRID_15.compose({**values, "sequence": "000"})


def test_split_parent() -> None:
    series = GRID_15.find_series()
    assert GRID_15.split_parent("330106012003", series) == {
        "county": "330106",
        "street": "012",
        "community": "003",
    }
    padded = SCHEMES["statistical-12"]
    assert padded.split_parent("330106012000", padded.find_series()) == {"county": "330106", "street": "012"}


@pytest.mark.parametrize(
    ("scheme", "parent"),
    [
        ("grid-15", "33010601200"),
        ("grid-15", "3301060120033"),
        ("grid-15", "33010601200x"),
        ("grid-15", "33010601200３"),
        ("statistical-12", "330106012001"),
    ],
)
def test_texts_that_are_no_parent(scheme: str, parent: str) -> None:
    chosen = SCHEMES[scheme]
    with pytest.raises(InputError, match=f"'{parent}' is not the code of a parent in scheme {scheme}"):
        chosen.split_parent(parent, chosen.find_series())


def test_a_series_without_parent() -> None:
    county = SCHEMES["county-6"]
    with pytest.raises(InputError, match="Codes of scheme county-6 have no parent"):
        county.split_parent("33", county.find_series())


digits = st.text("0123456789", min_size=20, max_size=20)


@given(digits)
def test_a_code_is_sound_exactly_when_a_series_gave_it_out(code: str) -> None:
    parts = GRID_20.split(code)
    community, sequence = int(parts["community"]), int(parts["sequence"])
    sound = 110000 <= int(parts["county"]) <= 829999 and int(parts["street"]) >= 1 and community >= 1
    sound = sound and not (community > 600 and sequence > 0)
    assert (GRID_20.problem(code) is None) == sound
    assert "".join(parts.values()) == code


@given(st.text(max_size=20))
def test_any_text_gets_an_answer(text: str) -> None:
    fault = GRID_15.problem(text)
    assert fault is None or fault[0] in "chb"
