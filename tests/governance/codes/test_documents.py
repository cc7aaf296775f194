"""Code schemes as documents: read, written, and every fault named with its path."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures import shipped
from gisgov.errors import ProfileError
from gisgov.governance.codes import (
    CodeScheme,
    Segment,
    SegmentRange,
    Series,
    format_scheme,
    parse_scheme,
    parse_schemes,
)

DOCUMENT: dict[str, Any] = format_scheme(next(s for s in shipped.code_schemes() if s.name == "grid-20"))


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    document = copy.deepcopy(DOCUMENT)
    change(document)
    return document


@pytest.mark.parametrize("scheme", shipped.code_schemes(), ids=lambda scheme: scheme.name)
def test_what_is_written_reads_back(scheme: CodeScheme) -> None:
    assert parse_scheme(format_scheme(scheme)) == scheme


def test_defaults() -> None:
    scheme = parse_scheme(
        {
            "name": "pair",
            "title_zh": "双",
            "title_en": "Pair",
            "source": "An example.",
            "segments": [
                {"name": "town", "width": 2, "title_zh": "镇", "title_en": "Town"},
                {"name": "grid", "width": 2, "title_zh": "网格", "title_en": "Grid"},
            ],
            "series": [{"name": "grid", "title_zh": "网格", "title_en": "Grid"}],
        }
    )
    assert scheme.segments[0] == Segment("town", 2, 1, 99, "镇", "Town")
    assert scheme.series == (Series("grid", "网格", "Grid", "grid", (SegmentRange("grid", 1, 99),), None),)
    assert scheme.parent_code("0101") is None


def test_a_list_of_schemes() -> None:
    assert [s.name for s in parse_schemes({"code_schemes": [DOCUMENT]}, "s.yaml")] == ["grid-20"]
    assert parse_schemes({}, "s.yaml") == ()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d.pop("source"), "source is missing"),
        (lambda d: d.update(name="grid 20"), "name is 'grid 20'. Use lower-case letters"),
        (lambda d: d.update(shape="6+3"), "shape is not known here"),
        (lambda d: d.update(segments=[]), "segments must list at least one segment"),
        (lambda d: d.update(series=[]), "series must list at least one series"),
        (lambda d: d["segments"][0].update(width=0), r"segments\[0\].width must be from 1 to 18, not 0"),
        (lambda d: d["segments"][4].update(last=100), r"segments\[4\].last must be from 0 to 99, not 100"),
        (
            lambda d: d["segments"][1].update(first=900000),
            r"segments\[1\].last must be from 900000 to 999999",
        ),
        (
            lambda d: d["segments"][1].update(name="object"),
            r"segments\[1\].name is 'object', which an earlier",
        ),
        (lambda d: d["segments"][1].update(digits=3), r"segments\[1\].digits is not known here"),
        (
            lambda d: d["series"][1].update(name="grid"),
            r"series\[1\].name is 'grid', which an earlier series has",
        ),
        (
            lambda d: d["series"][0].update(counts="number"),
            r"series\[0\].counts is 'number'; the segments are",
        ),
        (lambda d: d["series"][0]["ranges"].update(x={}), r"series\[0\].ranges.x is no segment"),
        (
            lambda d: d["series"][0]["ranges"]["sequence"].pop("last"),
            r"series\[0\].ranges.sequence.last is missing",
        ),
        (
            lambda d: d["series"][0]["ranges"]["sequence"].update(last=100),
            r"series\[0\].ranges.sequence.last must be from 1 to",
        ),
        (
            lambda d: d["series"][0]["ranges"]["sequence"].update(step=2),
            r"series\[0\].ranges.sequence.step is not known here",
        ),
        (
            lambda d: d["series"][0]["ranges"]["sequence"].update(first=0),
            r"series\[1\].ranges share codes with .*grid",
        ),
        (
            lambda d: d["series"][0].update(parent="{county}-{street}"),
            r"series\[0\].parent is '{county}-{street}'",
        ),
        (
            lambda d: d["series"][0].update(parent="{town}"),
            r"series\[0\].parent names 'town'; the segments are",
        ),
        (
            lambda d: d["series"][0].update(parent="{sequence}"),
            r"series\[0\].parent names 'sequence', the segment",
        ),
        (
            lambda d: d["series"][0].update(parent="{county}{county}"),
            r"series\[0\].parent must name each of its",
        ),
        (
            lambda d: d["series"][0].update(parent="000"),
            r"series\[0\].parent must name each of its segments once",
        ),
        (lambda d: d["series"][0].update(first=1), r"series\[0\].first is not known here"),
    ],
)
def test_faults_name_their_path(change: Callable[[dict[str, Any]], object], message: str) -> None:
    with pytest.raises(ProfileError, match="^scheme.yaml: " + message):
        parse_scheme(changed(change), "scheme.yaml")


def test_two_schemes_of_one_name() -> None:
    with pytest.raises(
        ProfileError, match=r"code_schemes\[1\].name is 'grid-20', which an earlier scheme has"
    ):
        parse_schemes({"code_schemes": [DOCUMENT, DOCUMENT]}, "s.yaml")


@st.composite
def schemes(draw: st.DrawFn) -> CodeScheme:
    title = st.from_regex(r"\w{1,6}", fullmatch=True)
    segments = tuple(
        Segment(f"s{i}", width, 0, 10**width - 1, draw(title), draw(title))
        for i, width in enumerate(draw(st.lists(st.integers(1, 4), min_size=1, max_size=5)))
    )
    last = segments[-1]
    first = draw(st.integers(last.first, last.last))
    parent = "".join(f"{{{segment.name}}}" for segment in segments[:-1]) or None
    span = SegmentRange(last.name, first, draw(st.integers(first, last.last)))
    series = Series("only", draw(title), draw(title), last.name, (span,), parent)
    return CodeScheme("drawn", draw(title), draw(title), draw(title), segments, (series,))


@given(schemes())
def test_any_scheme_that_is_written_reads_back(scheme: CodeScheme) -> None:
    assert parse_scheme(format_scheme(scheme)) == scheme
