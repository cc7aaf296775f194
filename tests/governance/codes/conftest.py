"""A scheme small enough to count its codes by hand."""

from __future__ import annotations

import pytest

from gisgov.governance.codes import CodeScheme, parse_scheme


@pytest.fixture
def two_parts() -> CodeScheme:
    """A table (1 digit) and its seats (1 digit), numbered from 1 to 5."""
    return parse_scheme(
        {
            "name": "seats",
            "title_zh": "座位",
            "title_en": "Seats",
            "source": "An example.",
            "segments": [
                {"name": "table", "width": 1, "title_zh": "桌", "title_en": "Table"},
                {"name": "seat", "width": 1, "title_zh": "座", "title_en": "Seat"},
            ],
            "series": [
                {
                    "name": "seat",
                    "title_zh": "座",
                    "title_en": "Seat",
                    "ranges": {"seat": {"first": 1, "last": 5}},
                    "parent": "{table}",
                }
            ],
        }
    )
