"""Coordinates of rows: numbers, texts, and points as bytes."""

from __future__ import annotations

import struct
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import shapely

from gisgov.errors import InputError
from gisgov.files.streams.coordinates import coordinates_of
from gisgov.files.streams.source import Place

COLUMNS = Place("x", "y")
GEOMETRY = Place(geometry="g")


def batch(**columns: Any) -> pa.RecordBatch:
    return pa.record_batch({name: pa.array(values) for name, values in columns.items()})


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        ([1, None], [1.0, np.nan]),
        (np.float32([1.5, np.nan]), [1.5, np.nan]),
        ([" 1.5", "2e1"], [1.5, 20.0]),
        (pa.array(["1.5", None]).dictionary_encode(), [1.5, np.nan]),
        (pa.array([Decimal("1.00"), Decimal("2.00")]), [1.0, 2.0]),
        (pa.nulls(2), [np.nan, np.nan]),
        (["120.5°E", "无"], [120.5, np.nan]),
    ],
)
def test_columns_of_numbers_and_texts(x: Any, expected: list[float]) -> None:
    read = coordinates_of(batch(x=x, y=[1.0, 2.0]), COLUMNS)
    np.testing.assert_array_equal(read.x, expected)
    assert not read.unreadable.any()
    assert read.faults == {}


def test_what_is_no_number_is_named_by_row_and_column() -> None:
    read = coordinates_of(batch(x=["1", "east", "3", "4"], y=["north", "2", "?", ""]), COLUMNS)
    assert read.unreadable.tolist() == [True, True, True, False]
    assert read.faults == {
        0: "'north' in 'y' is no number",
        1: "'east' in 'x' is no number",
        2: "'?' in 'y' is no number",
    }
    with pytest.raises(InputError, match="Column 'x' holds bool, not coordinates"):
        coordinates_of(batch(x=[True], y=[1]), COLUMNS)


def test_points_as_bytes_whatever_way_they_are_written() -> None:
    points = shapely.points([(1.5, 2.5), (3.5, -4.5), (5.0, 6.0)])
    plain = pa.array(shapely.to_wkb(points).tolist())
    for column in (
        plain,
        pa.concat_arrays([plain, plain])[3:],
        pa.array(shapely.to_wkb(points, byte_order=0).tolist()),
        pa.array(shapely.to_wkb(shapely.force_3d(points, 7.0)).tolist()),
        pa.array(shapely.to_wkb(shapely.set_srid(points, 4326), include_srid=True).tolist()),
        pa.array(shapely.to_wkb([shapely.MultiPoint([point]) for point in points]).tolist()),
        plain.cast(pa.large_binary()),
        pa.StructArray.from_arrays([pa.array([1.5, 3.5, 5.0]), pa.array([2.5, -4.5, 6.0])], names=["x", "y"]),
    ):
        read = coordinates_of(pa.record_batch({"g": column}), GEOMETRY)
        assert read.x.tolist() == [1.5, 3.5, 5.0]
        assert read.y.tolist() == [2.5, -4.5, 6.0]
        assert not read.unreadable.any()


def test_rows_without_a_point_are_missing_and_others_unreadable() -> None:
    nowhere = struct.pack("<BIdd", 1, 1, np.nan, np.nan)
    column = [
        None,
        nowhere,
        bytes(shapely.to_wkb(shapely.Point())),
        bytes(shapely.to_wkb(shapely.box(0, 0, 1, 1))),
        bytes(shapely.to_wkb(shapely.MultiPoint([(0, 0), (1, 1)]))),
        b"spoilt",
    ]
    read = coordinates_of(batch(g=column), GEOMETRY)
    assert np.isnan(read.x).all()
    assert read.unreadable.tolist() == [False, False, False, True, True, True]
    assert read.faults == {
        3: "the geometry is a Polygon, not a point",
        4: "the geometry is a MultiPoint, not a point",
        5: "the geometry is broken, not a point",
    }
    assert coordinates_of(batch(g=pa.array([], pa.binary())), GEOMETRY).x.shape == (0,)
