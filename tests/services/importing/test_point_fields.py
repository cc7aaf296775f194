"""Which column of a table holds what."""

from __future__ import annotations

import pytest

from gisgov.errors import InputError
from gisgov.services.importing.point_fields import BUILDING_NAMES, EVENT_NAMES, choose_fields


def chosen(fields: tuple[str, ...], **given: str) -> dict[str, tuple[str, bool]]:
    found = choose_fields(fields, EVENT_NAMES, given, file_name="a.csv")
    return {holds: (choice.column, choice.guessed) for holds, choice in found.items()}


def test_the_likeliest_name_is_taken() -> None:
    assert chosen(("id", "External_ID", "date", "created")) == {
        "id": ("External_ID", True),
        "time": ("created", True),
    }


def test_what_is_named_goes_first_and_is_taken_once() -> None:
    assert chosen(("status", "type"), category="STATUS") == {"category": ("status", False)}


def test_one_column_holds_one_thing() -> None:
    found = choose_fields(("name",), {"id": ("name",), "name": ("name",)}, {}, file_name="a.csv")
    assert list(found) == ["id"]


def test_unknown_columns_and_contents() -> None:
    with pytest.raises(InputError, match=r"a\.csv has no field 'x'"):
        chosen(("id",), time="x")
    with pytest.raises(InputError, match="A column cannot hold 'floors'"):
        chosen(("id",), floors="id")


def test_usual_names_are_spelt_as_they_are_compared() -> None:
    for names in (EVENT_NAMES, BUILDING_NAMES):
        for usual in names.values():
            assert all(name == name.strip().casefold() for name in usual)


def test_an_empty_name_leaves_a_usual_name_unread() -> None:
    assert chosen(("id", "status"), state="") == {"id": ("id", True)}
