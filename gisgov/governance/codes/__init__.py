"""Codes of areas: schemes as data, their reading and writing, and the numbering of new areas."""

from gisgov.governance.codes.documents import format_scheme, parse_scheme, parse_schemes
from gisgov.governance.codes.numbering import number_areas
from gisgov.governance.codes.schemes import CodeScheme, Segment, SegmentRange, Series

__all__ = [
    "CodeScheme",
    "Segment",
    "SegmentRange",
    "Series",
    "format_scheme",
    "number_areas",
    "parse_scheme",
    "parse_schemes",
]
