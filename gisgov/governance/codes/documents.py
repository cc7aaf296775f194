"""Code schemes read from and written to plain mappings (YAML, TOML, JSON)."""

from __future__ import annotations

import re

from gisgov.governance.codes.schemes import PARENT_TOKEN, CodeScheme, Segment, SegmentRange, Series
from gisgov.governance.fields import Fields, listed
from gisgov.types import Json

NAME = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
"""What a name looks like: lower-case letters and digits, joined by single hyphens or underscores."""


def parse_schemes(mapping: object, where: str) -> tuple[CodeScheme, ...]:
    """Read a document whose key ``code_schemes`` lists schemes.

    Parameters
    ----------
    mapping : object
        The document as it was read.
    where : str
        Name of the document for messages.

    Raises
    ------
    ProfileError
        Something in it cannot be used, or two schemes share a name; the message names the path.
    """
    fields = Fields(mapping, where)
    schemes = read_schemes(fields)
    fields.done()
    return schemes


def parse_scheme(mapping: object, where: str = "code scheme") -> CodeScheme:
    """Read one scheme.

    Parameters
    ----------
    mapping : object
        ``name``, ``title_zh``, ``title_en``, ``source``, ``segments`` and ``series``; the shipped
        ``fixtures/code_schemes.yaml`` shows every key.
    where : str
        Name of the document for messages.

    Raises
    ------
    ProfileError
        Something in it cannot be used; the message names the path and what is allowed.

    Examples
    --------
    >>> scheme = parse_scheme({
    ...     "name": "pair", "title_zh": "双段码", "title_en": "Pair", "source": "An example.",
    ...     "segments": [
    ...         {"name": "town", "width": 2, "title_zh": "镇", "title_en": "Town"},
    ...         {"name": "grid", "width": 2, "title_zh": "网格", "title_en": "Grid"},
    ...     ],
    ...     "series": [{"name": "grid", "title_zh": "网格", "title_en": "Grid", "parent": "{town}"}],
    ... })
    >>> scheme.shape, scheme.problem("0100")
    ('2+2', 'characters 3-4 (grid) are 00, not from 01 to 99')
    >>> parse_scheme(format_scheme(scheme)) == scheme
    True
    """
    return _read_scheme(Fields(mapping, where))


def format_scheme(scheme: CodeScheme) -> Json:
    """Write a scheme as a mapping that `parse_scheme` reads back to an equal one."""
    return {
        "name": scheme.name,
        "title_zh": scheme.title_zh,
        "title_en": scheme.title_en,
        "source": scheme.source,
        "segments": [
            {
                "name": segment.name,
                "width": segment.width,
                "first": segment.first,
                "last": segment.last,
                "title_zh": segment.title_zh,
                "title_en": segment.title_en,
            }
            for segment in scheme.segments
        ],
        "series": [
            {
                "name": series.name,
                "title_zh": series.title_zh,
                "title_en": series.title_en,
                "counts": series.counts,
                "ranges": {
                    limits.segment: {"first": limits.first, "last": limits.last} for limits in series.ranges
                },
                "parent": series.parent,
            }
            for series in scheme.series
        ],
    }


def read_schemes(fields: Fields) -> tuple[CodeScheme, ...]:
    """Read the list under ``code_schemes`` of a document; an absent key gives an empty one."""
    schemes: list[CodeScheme] = []
    for inner in fields.inners("code_schemes"):
        scheme = _read_scheme(inner)
        if any(scheme.name == other.name for other in schemes):
            inner.refuse("name", f"is {scheme.name!r}, which an earlier scheme has")
        schemes.append(scheme)
    return tuple(schemes)


def read_name(fields: Fields) -> str:
    """Read the key ``name``: lower-case letters and digits, joined by hyphens or underscores."""
    name = fields.text("name")
    if not NAME.fullmatch(name):
        fields.refuse("name", f"is {name!r}", "Use lower-case letters, digits and hyphens.")
    return name


def _read_scheme(fields: Fields) -> CodeScheme:
    name, title_zh, title_en = read_name(fields), fields.text("title_zh"), fields.text("title_en")
    source = fields.text("source")
    segments: list[Segment] = []
    for inner in fields.inners("segments"):
        segment = _read_segment(inner)
        if any(segment.name == other.name for other in segments):
            inner.refuse("name", f"is {segment.name!r}, which an earlier segment has")
        segments.append(segment)
    if not segments:
        fields.refuse("segments", "must list at least one segment")
    series: list[Series] = []
    for inner in fields.inners("series"):
        one = _read_series(inner, {segment.name: segment for segment in segments})
        for other in series:
            if one.name == other.name:
                inner.refuse("name", f"is {one.name!r}, which an earlier series has")
            if _share_codes(one, other):
                inner.refuse("ranges", f"share codes with the series {other.name!r}")
        series.append(one)
    if not series:
        fields.refuse("series", "must list at least one series")
    fields.done()
    return CodeScheme(name, title_zh, title_en, source, tuple(segments), tuple(series))


def _read_segment(fields: Fields) -> Segment:
    name = read_name(fields)
    width = fields.integer("width", least=1, most=18)
    most = 10**width - 1
    first = fields.integer("first", least=0, most=most, default=1)
    last = fields.integer("last", least=first, most=most, default=most)
    title_zh, title_en = fields.text("title_zh"), fields.text("title_en")
    fields.done()
    return Segment(name, width, first, last, title_zh, title_en)


def _read_series(fields: Fields, segments: dict[str, Segment]) -> Series:
    name, title_zh, title_en = read_name(fields), fields.text("title_zh"), fields.text("title_en")
    counts = fields.optional_text("counts") or list(segments)[-1]
    if counts not in segments:
        fields.refuse("counts", f"is {counts!r}; the segments are {listed(list(segments))}")
    ranges: dict[str, SegmentRange] = {}
    if fields.has("ranges"):
        inner = fields.inner("ranges")
        for key in inner.names():
            if key not in segments:
                inner.refuse(key, f"is no segment; the segments are {listed(list(segments))}")
            ranges[key] = _read_range(inner.inner(key), segments[key])
    ranges.setdefault(counts, SegmentRange(counts, segments[counts].first, segments[counts].last))
    parent = fields.optional_text("parent")
    if parent is not None:
        _check_parent(fields, parent, segments, counts)
    fields.done()
    return Series(name, title_zh, title_en, counts, tuple(ranges.values()), parent)


def _read_range(fields: Fields, segment: Segment) -> SegmentRange:
    first = fields.integer("first", least=segment.first, most=segment.last)
    last = fields.integer("last", least=first, most=segment.last)
    fields.done()
    return SegmentRange(segment.name, first, last)


def _check_parent(fields: Fields, parent: str, segments: dict[str, Segment], counts: str) -> None:
    if PARENT_TOKEN.sub("", parent):
        fields.refuse(
            "parent", f"is {parent!r}", "Write segments in braces and digits only: '{county}{street}'."
        )
    named = [token["segment"] for token in PARENT_TOKEN.finditer(parent) if token["segment"]]
    for name in named:
        if name not in segments:
            fields.refuse("parent", f"names {name!r}; the segments are {listed(list(segments))}")
    if counts in named:
        fields.refuse("parent", f"names {counts!r}, the segment that tells its areas apart")
    if not named or len(set(named)) < len(named):
        fields.refuse("parent", "must name each of its segments once")


def _share_codes(one: Series, other: Series) -> bool:
    mine = {limits.segment: limits for limits in one.ranges}
    theirs = {limits.segment: limits for limits in other.ranges}
    return all(
        mine[name].first <= theirs[name].last and theirs[name].first <= mine[name].last
        for name in mine.keys() & theirs.keys()
    )
