"""What a name or a code is made of."""

from __future__ import annotations

import pytest

from gisgov.governance.names import name_problem


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("云栖网格 3/é", None),
        ("\U00031350", None),  # assigned by a later Unicode: a rare character of names
        ("\ue000", None),  # private use, as in files of old systems
        ("", "is blank"),
        (" \u3000", "is blank"),
        (" d1 ", "has blanks around it"),
        ("a\nb", "has a character that cannot be seen (U+000A)"),
        ("a\u202eb", "has a character that cannot be seen (U+202E)"),
        ("\u200b", "has a character that cannot be seen (U+200B)"),
        ("a\u2028b", "has a character that cannot be seen (U+2028)"),
    ],
)
def test_a_name_can_be_seen(text: str, problem: str | None) -> None:
    assert name_problem(text) == problem
