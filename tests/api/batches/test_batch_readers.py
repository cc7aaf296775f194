"""Points are read alike however their body is cut, and a point that cannot be read harms no other."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from batch_readers import arrow_of, raw_of, rows_of
from hypothesis import given, settings
from hypothesis import strategies as st

from api.batches.media import Media
from api.batches.points import LONGEST

PLAIN = arrow_of({"lon": [1], "lat": [1]})
WORDS = arrow_of({"lon": ["a"], "lat": [1]})
NAN = (math.nan, math.nan)


def same(found: Any, expected: Any) -> bool:
    return repr(found) == repr(expected)


BODIES = {
    "array": (
        Media.JSON,
        (
            '\ufeff [ {"lon":1,"lat":2.5,"id":"网格]\\"["} ,[3,4], {"id":7,"lat":6,"lon":5,"more":[{}]},"x",'
            '[1,2,3],{"lon":"1","lat":2},{"lon":1,"id":"a"},[1,null],nonsense,'
            '{"lon":1,"lat":2,"id":[]},[true,1] ] '
        ),
    ),
    "lines": (
        Media.NDJSON,
        '\ufeff{"lon":1,"lat":2,"id":"网"}\n\n[3,4]\r\n  \n{"lon":5}\nnonsense\n{"lon":1e400,"lat":2}\n[7,8]',
    ),
    "csv": (
        Media.CSV,
        (
            '\ufeffid, lon ,lat,"n\ne"\r\na,1,2,x\r\n\r\n"网,""格""",3,4,"two\nlines"\n,5,,\nb,six,7,\nc,8\n'
            'd,9,10,"x"y\n e ,inf,nan,"'
        ),
    ),
    "raw": (Media.RAW, raw_of((1, 2), (math.inf, 3), (math.nan, 4)) + b"12345"),
    "arrow": (
        Media.ARROW,
        arrow_of(
            {"id": ["网", None], "lat": [2, 4], "lon": [1.0, None]}, {"id": ["b"], "lat": [6], "lon": [5.0]}
        ),
    ),
}


def body_of(name: str) -> tuple[Media, bytes]:
    media, body = BODIES[name]
    return media, body.encode() if isinstance(body, str) else body


@pytest.mark.parametrize("name", BODIES)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_where_a_body_is_cut_makes_no_difference(name: str, data: st.DataObject) -> None:
    media, body = body_of(name)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(body)), max_size=12)))
    pieces = [body[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(body)], strict=True)]
    assert same(rows_of(media, pieces), rows_of(media, [body]))


@pytest.mark.parametrize("name", BODIES)
def test_every_byte_may_come_alone(name: str) -> None:
    media, body = body_of(name)
    assert same(rows_of(media, [body[i : i + 1] for i in range(len(body))]), rows_of(media, [body]))


def test_elements_of_an_array() -> None:
    rows, error = rows_of(*[BODIES["array"][0]], [body_of("array")[1]])
    assert error is None
    assert same(rows[:3], [(1.0, 2.5, '网格]"[', None), (3.0, 4.0, None, None), (5.0, 6.0, 7, None)])
    assert [row[3] for row in rows[3:]] == [
        "unreadable: It is neither {lon, lat} nor [lon, lat].",
        "unreadable: It is neither {lon, lat} nor [lon, lat].",
        'bad-coordinate: lon is "1", which is no number.',
        "no-coordinate: lat is missing.",
        "no-coordinate: lat is missing.",
        "unreadable: It is no JSON: JSON is malformed: invalid character (byte 4).",
        "unreadable: id is neither text nor a whole number.",
        "bad-coordinate: lon is true, which is no number.",
    ]
    assert all(same(row[:2], NAN) for row in rows[3:])
    assert rows[6][2] == "a"


def test_lines() -> None:
    rows, error = rows_of(Media.NDJSON, [body_of("lines")[1]])
    assert error is None
    good = [row[:3] for row in (*rows[:2], rows[-1])]
    assert good == [(1.0, 2.0, "网"), (3.0, 4.0, None), (7.0, 8.0, None)]
    words = [row[3].partition(":")[0] for row in rows[2:-1] if row[3]]
    assert words == ["no-coordinate", "unreadable", "unreadable"]


def test_records_of_csv() -> None:
    rows, error = rows_of(Media.CSV, [body_of("csv")[1]])
    assert error is None
    assert rows[:2] == [(1.0, 2.0, "a", None), (3.0, 4.0, '网,"格"', None)]
    assert [row[3] for row in rows[2:]] == [
        "no-coordinate: lat is missing.",
        'bad-coordinate: lon is "six", which is no number.',
        "unreadable: The record has 2 fields, the header 4.",
        "unreadable: Its quotes do not fit: ',' expected after '\"'.",
        "unreadable: Its quotes do not fit: unexpected end of data.",
    ]


def test_csv_in_other_encodings() -> None:
    body = "lon,lat,id\n1,2,网格\n".encode("gbk")
    assert rows_of(Media.CSV, [body], "gb18030") == ([(1.0, 2.0, "网格", None)], None)
    ((x, _, _, said),), _ = rows_of(Media.CSV, [body], "utf-8")
    assert math.isnan(x)
    assert said == "unreadable: id holds bytes that are no text."


def test_numbers_of_an_unfinished_point_are_told() -> None:
    rows, error = rows_of(Media.RAW, [body_of("raw")[1]])
    assert (len(rows), error) == (4, None)
    assert rows[3][3] == "unreadable: The body ends within it: 5 of 16 bytes came."


def test_columns_of_arrow() -> None:
    rows, error = rows_of(Media.ARROW, [body_of("arrow")[1]])
    assert error is None
    assert same(rows, [(1.0, 2.0, "网", None), (math.nan, 4.0, None, None), (5.0, 6.0, "b", None)])
    words = pa.array(["x", "y"]).dictionary_encode()
    with_words = arrow_of({"word": words, "lon": [1.0, 2.0], "lat": np.array([3, 4], dtype="int16")})
    assert rows_of(Media.ARROW, [with_words]) == ([(1.0, 3.0, None, None), (2.0, 4.0, None, None)], None)


@pytest.mark.parametrize("media", [Media.NDJSON, Media.CSV])
@pytest.mark.parametrize("cut", [1000, LONGEST, LONGEST + 7, 10**6])
def test_a_huge_line_is_passed_over(media: Media, cut: int) -> None:
    good = b"[1,2]\n" if media is Media.NDJSON else b"1,2\n"
    body = (b"lon,lat\n" if media is Media.CSV else b"") + good + b"x" * (2 * LONGEST) + b"\n" + good
    rows, error = rows_of(media, [body[i : i + cut] for i in range(0, len(body), cut)])
    assert error is None
    assert [row[:2] == (1.0, 2.0) for row in rows] == [True, False, True]
    assert rows[1][3] is not None
    assert rows[1][3].endswith("is longer than 65,536 bytes.")


def test_a_quote_that_is_never_closed_takes_no_more_than_a_record_may_have() -> None:
    body = b'lon,lat,id\n1,2,a\n3,4,"b\n' + b"5,6,c\n" * 20_000
    rows, error = rows_of(Media.CSV, [body[i : i + 9999] for i in range(0, len(body), 9999)])
    assert error is None
    assert rows[0] == (1.0, 2.0, "a", None)
    assert rows[1][3] == "unreadable: The record is longer than 65,536 bytes."
    assert len(rows) > 9000
    assert set(rows[2:]) == {(5.0, 6.0, "c", None)}
    assert same(rows, rows_of(Media.CSV, [body])[0])


@pytest.mark.parametrize(
    ("media", "body", "said"),
    [
        (Media.JSON, b"", "The body is empty."),
        (Media.JSON, b' {"lon":1}', "The body is no JSON array."),
        (Media.JSON, b"[[1,2],[3,4", "The JSON array breaks off."),
        (Media.JSON, b"[[1,2]] x", "Something follows the end of the JSON array."),
        (
            Media.JSON,
            b'[[1,2],"' + b"x" * LONGEST,
            "An element of the JSON array is longer than 65,536 bytes.",
        ),
        (Media.CSV, b"", "The body is empty."),
        (Media.CSV, b"x,y\n1,2\n", 'The header names lon 0 times; the columns are "x, y".'),
        (Media.CSV, b"lon,lat,lon\n", 'The header names lon 2 times; the columns are "lon, lat, lon".'),
        (Media.ARROW, b"", "The body is empty."),
        (Media.ARROW, b"ARROW1\0\0", "The body is an Arrow file, not a stream."),
        (Media.ARROW, b"nonsense" * 9, "The body is no Arrow stream."),
        (Media.ARROW, b"\xff\xff\xff\xff\x08\0\0\0" + b"\xff" * 8, "The body is no Arrow stream."),
        (Media.ARROW, arrow_of({"lon": [1.0]}), "The Arrow stream has 0 columns lat; it has lon."),
        (Media.ARROW, WORDS, "The column lon is of type string; numbers are read."),
        (
            Media.ARROW,
            arrow_of({"lon": [1], "lat": [1], "id": [1.5]}),
            "The column id is of type double; text or whole numbers are read.",
        ),
        (Media.ARROW, PLAIN[:-20], "The Arrow stream breaks off within a message."),
        (
            Media.ARROW,
            arrow_of({"lon": [1.0] * 999, "lat": [1.0] * 999}, compression="lz4"),
            "The record batches are compressed.",
        ),
    ],
)
def test_what_no_later_row_can_mend_ends_the_batch(media: Media, body: bytes, said: str) -> None:
    for pieces in ([body], [body[:10], body[10:]]):
        rows, error = rows_of(media, pieces)
        assert error == said
        assert len(rows) <= 1


EMPTY = {Media.JSON: b" [ ] ", Media.NDJSON: b"\n", Media.CSV: b"lon,lat", Media.RAW: b""}


@pytest.mark.parametrize(("media", "body"), EMPTY.items())
def test_no_points_are_a_batch_too(media: Media, body: bytes) -> None:
    assert rows_of(media, [body]) == ([], None)


@settings(max_examples=150, deadline=None)
@given(place=st.integers(0, 2000), value=st.integers(0, 255))
def test_a_spoilt_arrow_stream_is_told_of_in_words(place: int, value: int) -> None:
    body = bytearray(body_of("arrow")[1])
    body[place % len(body)] = value
    rows, error = rows_of(Media.ARROW, [bytes(body)])
    assert error is None or error.startswith(("The ", "A message", "A record batch"))
    assert len(rows) <= 3 or error is None
