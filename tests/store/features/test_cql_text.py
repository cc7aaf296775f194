"""Filters read: what they mean, where they fail, and that none of them gets into the SQL."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from cql2 import Expr
from hypothesis import given, settings
from hypothesis import strategies as st

from gisgov.errors import InputError
from gisgov.store.features.cql_text import read_cql
from gisgov.types import Floats

KINDS = {
    "code": "text",
    "name": "text",
    "population": "number",
    "valid_from": "date",
    "parent_codes": "texts",
    "geom": "geometry",
    "a b": "text",
}


class Swapped:
    """Coordinates that have latitude first."""

    def points(self, first: Floats, second: Floats) -> tuple[Floats, Floats]:
        return second, first

    def boxes(self, corners: tuple[float, float, float, float]) -> list[Floats]:
        south, west, north, east = corners
        return [np.array([[west, south], [east, south], [east, north], [west, north], [west, south]])]


def read(text: str) -> Any:
    return read_cql(text, KINDS, Swapped())


def sql(text: str) -> str:
    return Expr(read(text)).to_sql()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("code = 'A'", "code = 'A'"),
        ("true or code<>'中''文'", "true OR code <> E'中\\'文'"),
        ("\"a b\" = 'x'", "\"a b\" = 'x'"),
        (
            "code='a' AND (code='b' OR NOT code='c' AND code='d')",
            "code = 'a' AND (code = 'b' OR NOT code = 'c' AND code = 'd')",
        ),
        ("(population + 1) * -2 >= .5e1 / -population", "(population + 1) * -2 >= 5 / (-1 * population)"),
        ("population NOT BETWEEN 1 AND 2 + 3", "NOT population BETWEEN 1 AND 2 + 3"),
        ("code IN ('a', 'b')", "code = SOME(ARRAY['a', 'b'])"),
        ("code NOT IN ('a')", "NOT code = SOME(ARRAY['a'])"),
        ("CASEI(name) LIKE casei('A%')", "lower(name) LIKE lower('A%') ESCAPE '\\'"),
        ("name IS NOT NULL AND code is null", "NOT name IS NULL AND code IS NULL"),
        ("valid_from > DATE('2026-01-01')", "valid_from > CAST('2026-01-01' AS DATE)"),
        ("valid_from <= '2026/01/01'", "valid_from <= CAST('2026-01-01' AS DATE)"),
        (
            "valid_from < TIMESTAMP('2026-01-01T00:00:00Z')",
            "valid_from < CAST('2026-01-01T00:00:00Z' AS TIMESTAMP WITH TIME ZONE)",
        ),
        ("A_CONTAINS(parent_codes, ('a', 'b'))", "parent_codes @> ARRAY['a', 'b']"),
        ("A_CONTAINS(parent_codes, ('a'))", "parent_codes @> ARRAY['a']"),
    ],
)
def test_filters_mean_what_they_say(text: str, expected: str) -> None:
    assert sql(text) == expected


@pytest.mark.parametrize(
    ("drawn", "kind", "coordinates"),
    [
        ("POINT(1 2)", "Point", [2, 1]),
        ("MULTIPOINT((1 2), (3 4))", "MultiPoint", [[2, 1], [4, 3]]),
        ("LINESTRING(1 2, 3 4)", "LineString", [[2, 1], [4, 3]]),
        ("MULTILINESTRING((1 2, 3 -4))", "MultiLineString", [[[2, 1], [-4, 3]]]),
        ("POLYGON((0 0, 0 1, 1 1, 0 0))", "Polygon", [[[0, 0], [1, 0], [1, 1], [0, 0]]]),
        ("MULTIPOLYGON(((0 0, 0 1, 1 1, 0 0)))", "MultiPolygon", [[[[0, 0], [1, 0], [1, 1], [0, 0]]]]),
        ("BBOX(1, 2, 3, 4)", "Polygon", [[[2, 1], [4, 1], [4, 3], [2, 3], [2, 1]]]),
    ],
)
def test_geometry_is_moved_to_where_it_is(drawn: str, kind: str, coordinates: Any) -> None:
    assert read(f"S_WITHIN(geom, {drawn})")["args"][1] == {"type": kind, "coordinates": coordinates}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("code = ", "At character 7 of the filter it ends, where a property or a value is to be."),
        (
            "code = 'a' code",
            "At character 12 of the filter there is code, where the end of the filter is to be.",
        ),
        ("code == 'a'", "there is =, where a property or a value"),
        ("code = 'a", 'there is "\'", which is no CQL2'),
        ("code = 'a'; DROP TABLE plan", "there is ';', which is no CQL2"),
        ("code", "a comparison"),
        ("code = 5", "a text to compare with"),
        ("population = '5'", "a number to compare with"),
        ("geom = geom", "a geometry to compare with"),
        ("name LIKE 5", "a text and a pattern"),
        ("name + 1 = 2", "a number to reckon with"),
        ("secret = 'a'", "'secret', which is no queryable"),
        ("pg_sleep(10) = 1", "calls pg_sleep, which is not known"),
        ("S_WITHIN(geom, 'a')", "S_WITHIN(geometry, geometry)"),
        ("valid_from = DATE('2026-02-30')", "the date '2026-02-30', which is none"),
        ("valid_from = TIMESTAMP('noon')", "the time 'noon', which is none"),
        ("population = 1e999", "the number 1e999, which is too large"),
        ("A_CONTAINS(parent_codes, ('a', 5))", "a list of texts"),
        ("BBOX(1, 2, 3) = BBOX(1, 2, 3)", "BBOX in the filter takes four numbers"),
        ("S_WITHIN(geom, POINT(1 2, 3 4))", "coordinates of a POINT"),
        ("S_WITHIN(geom, LINESTRING(1 2))", "coordinates of a LINESTRING"),
        ("S_WITHIN(geom, POLYGON(1 2, 3 4))", "coordinates of a POLYGON"),
        ("S_WITHIN(geom, POLYGON((0 0, 0 1, 1 1, 1 0)))", "does not end where it begins"),
        ("S_WITHIN(geom, POLYGON" + "(" * 50, "nests more than 40 deep"),
        ("(" * 50, "nests more than 40 deep"),
        ("NOT " * 50, "nests more than 40 deep"),
        ("population = " + "-" * 50, "nests more than 40 deep"),
        ("population = " + "+".join("1" * 50), "more than 40 numbers in a row"),
        ("code = 'a' OR " * 1000, "8000 are the most"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        read(text)
    assert words in str(caught.value)
    assert caught.value.field == "filter"


SIGNS = ["--", "/*", "$1", "$$", "''", "E'", " ", *"()=<>,+-*/'\";\\$%中\n"]
WORDS = [
    "code",
    "name",
    "population",
    "geom",
    "'a'",
    "1",
    "POINT(1 2)",
    "BBOX(1,2,3,4)",
    "DATE('2026-01-01')",
]
OPERATORS = ["AND", "OR", "NOT", "IN", "LIKE", "BETWEEN", "IS NULL", "CASEI", "TRUE", "S_INTERSECTS"]
SCRAPS = st.sampled_from([*SIGNS, *WORDS, *OPERATORS, "DROP TABLE plan", "pg_sleep(9)", "UNION SELECT"])


@settings(max_examples=300, deadline=None)
@given(st.lists(SCRAPS, max_size=14).map("".join) | st.text(max_size=30))
def test_whatever_is_written_is_read_or_refused(text: str) -> None:
    try:
        tree = read(text)
    except InputError:
        return
    Expr(tree).to_sql()


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=40))
def test_texts_stay_texts(said: str) -> None:
    quoted = said.replace("'", "''")
    assert read(f"code = '{quoted}'") == {"op": "=", "args": [{"property": "code"}, said]}
