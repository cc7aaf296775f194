"""What names and codes are made of: characters that can be seen, and no blanks around them."""

from __future__ import annotations

import unicodedata
from typing import Final

_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Control and format characters, halves of characters, ends of lines.

Those that Unicode has not assigned or leaves to private use are not among them: place names have rare ones.
"""


def name_problem(text: str) -> str | None:
    """Return what keeps a text from being a name or a code; None if nothing does.

    Examples
    --------
    >>> name_problem("云栖网格 3")
    >>> name_problem(" 3")
    'has blanks around it'
    >>> name_problem("a\u202eb")
    'has a character that cannot be seen (U+202E)'
    """
    if not text.strip():
        return "is blank"
    unseen = next((one for one in text if unicodedata.category(one) in _UNSEEN), None)
    if unseen is not None:
        return f"has a character that cannot be seen (U+{ord(unseen):04X})"
    return "has blanks around it" if text != text.strip() else None
