"""Which failure of PostgreSQL is told as what."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from gisgov.errors import ConflictError, DatabaseUnavailable, GisgovError, InputError, PlanPublished
from gisgov.store.failures import explain


def failure(sqlstate: str | None, base: type[psycopg.Error] = psycopg.OperationalError) -> psycopg.Error:
    kind = type("Failure", (base,), {"sqlstate": sqlstate})
    made: psycopg.Error = kind("could not do it\n  because of this\n")
    return made


@pytest.mark.parametrize(
    ("sqlstate", "expected", "words"),
    [
        ("57P01", DatabaseUnavailable, "shut down"),
        ("53100", DatabaseUnavailable, "disk of the database is full"),
        ("53300", DatabaseUnavailable, "too many connections"),
        ("3D000", DatabaseUnavailable, "does not exist"),
        ("28P01", DatabaseUnavailable, "password"),
        ("08006", DatabaseUnavailable, "does not answer"),
        ("58030", DatabaseUnavailable, "does not answer"),
        (None, DatabaseUnavailable, "does not answer"),
        ("42P01", DatabaseUnavailable, "lacks a table"),
        ("40P01", ConflictError, "same moment"),
        ("55P03", ConflictError, "is changing the same rows"),
        ("23502", ConflictError, "could not do it"),
        ("GG001", PlanPublished, "could not do it"),
    ],
)
def test_a_failure_is_told_in_one_line(sqlstate: str, expected: type[GisgovError], words: str) -> None:
    told = explain(failure(sqlstate))
    assert type(told) is expected
    assert words in told.message
    assert "\n" not in str(told)
    assert told.message.endswith(".")


def test_a_refused_value_is_the_giver_s_fault() -> None:
    assert type(explain(failure(None, psycopg.DataError))) is InputError


def test_faults_of_gisgov_itself_are_not_explained_away() -> None:
    assert explain(failure("42703", psycopg.ProgrammingError)) is None
    assert explain(DBAPIError("SELECT 1", None, ValueError("not of PostgreSQL"))) is None


def test_an_error_without_words_is_called_by_its_kind() -> None:
    told = explain(psycopg.OperationalError(""))
    assert told is not None
    assert "OperationalError" in told.message
