"""From the rows of a file to areas."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
import shapely

from gisgov.errors import InputError
from gisgov.files.vectors import VectorBatch
from gisgov.geometry.crs import WGS84
from gisgov.governance.codes import parse_scheme
from gisgov.services.importing.area_rows import AreaFields, PreparedBatch, prepare_areas

FIELDS = AreaFields(("code",), "name", "above", "people", "homes")
SCHEME = parse_scheme(
    {
        "name": "two",
        "title_zh": "两位码",
        "title_en": "Two",
        "source": "A test.",
        "segments": [{"name": "grid", "width": 2, "title_zh": "网格", "title_en": "Grid"}],
        "series": [{"name": "grid", "title_zh": "网格", "title_en": "Grid"}],
    }
)


def batch(count: int = 1, first: int = 1, **columns: list[object]) -> VectorBatch:
    rows = np.arange(first, first + count, dtype=np.int64)
    shapes = np.array([shapely.box(120 + i, 30, 120.5 + i, 30.5) for i in range(count)], dtype=object)
    return VectorBatch(rows, shapes, pa.RecordBatch.from_pydict(columns))


def told(ready: PreparedBatch) -> list[tuple[int, str | None, str, str]]:
    return [(one.row, one.code, one.kind, one.message) for one in ready.problems]


def test_sound_rows_are_areas() -> None:
    ready = prepare_areas(
        batch(code=["01"], name=["东"], above=["9"], people=[12], homes=["5"], kind=["mixed"]), FIELDS, WGS84
    )
    areas = ready.areas
    assert (areas.codes[0], areas.names[0], areas.parents[0]) == ("01", "东", "9")
    assert (areas.population[0], areas.households[0]) == (12, 5)
    assert areas.attributes == [{"above": "9", "kind": "mixed"}]
    assert areas.geometries[0].geom_type == "MultiPolygon"
    assert ready.problems == []


def test_codes_may_be_made_of_several_fields() -> None:
    fields = AreaFields(("community", "number"), None, None, None, None)
    ready = prepare_areas(batch(2, community=["水岸", "湖大"], number=[3.0, None]), fields, WGS84)
    assert ready.codes.tolist() == ["水岸-3", None]
    assert ready.areas.attributes == [{"community": "水岸", "number": 3.0}]
    assert told(ready) == [(2, None, "missing-code", "has no code in 'community' or 'number'")]


def test_without_code_fields_none_is_missed() -> None:
    ready = prepare_areas(batch(name=["东"]), AreaFields((), "name", None, None, None), WGS84)
    assert ready.areas.codes.tolist() == [None]
    assert ready.problems == []


def test_every_problem_of_a_row_is_named() -> None:
    rows = batch(
        2,
        first=8,
        code=["1", "02"],
        name=["东??", "西"],
        above=[None, None],
        people=["-3", "x"],
        homes=["1.5", "4"],
    )
    ready = prepare_areas(rows, FIELDS, WGS84, scheme=SCHEME)
    assert told(ready) == [
        (8, "1", "code-not-in-scheme", "code '1' does not follow two: has 1 characters, not 2 (2 grid)"),
        (8, "1", "garbled-name", "name '东??' has a run of '?'"),
        (8, "1", "bad-number", "has '-3' in 'people', which is no count"),
        (8, "1", "bad-number", "has '1.5' in 'homes', which is no count"),
        (9, "02", "bad-number", "has 'x' in 'people', which is no count"),
    ]
    assert ready.problems[0].lon is not None
    assert len(ready.areas.rows) == 0


def test_codes_are_printable() -> None:
    ready = prepare_areas(batch(code=["a\x07b"]), AreaFields(("code",), None, None, None, None), WGS84)
    assert told(ready) == [
        (1, "a\x07b", "code-not-in-scheme", r"code 'a\x07b' holds a character that cannot be printed")
    ]


def test_garbled_attributes_are_a_remark() -> None:
    ready = prepare_areas(
        batch(2, code=["1", "2"], district=["西湖??", "西湖??"]),
        AreaFields(("code",), None, None, None, None),
        WGS84,
    )
    assert ready.problems == []
    assert [(one.row, one.kind, one.message) for one in ready.notes] == [
        (1, "garbled-attribute", "district '西湖??' has a run of '?'"),
        (2, "garbled-attribute", "district '西湖??' has a run of '?'"),
    ]


def test_digests_tell_rows_apart() -> None:
    rows = batch(3, code=["1", "1", "2"], name=["a", "a", "a"])
    same = VectorBatch(rows.rows, np.array([rows.geometries[0]] * 3, dtype=object), rows.attributes)
    digests = prepare_areas(same, AreaFields(("code",), "name", None, None, None), WGS84).areas.digests
    assert digests[0] == digests[1] != digests[2]


def test_fields_are_named_as_the_file_spells_them() -> None:
    found = FIELDS.found_in(("CODE", "Name", "above", "people", "homes"), "a.gpkg")
    assert (found.code, found.name) == (("CODE",), "Name")
    assert found.others(("CODE", "Name", "above", "people", "homes", "x", "gisgov_row")) == ("above", "x")
    with pytest.raises(InputError, match="has no field 'above'"):
        FIELDS.found_in(("code", "name", "people", "homes"), "a.gpkg")
