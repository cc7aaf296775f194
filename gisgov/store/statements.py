"""The statements of ``sql/``: one file each, beginning with the question it answers and the index it uses."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import sqlalchemy as sa

_FOLDER = Path(__file__).parent / "sql"


@cache
def statement(name: str) -> sa.TextClause:
    """Return the statement of ``sql/{name}.sql``, read once.

    Parameters
    ----------
    name : str
        File name without ``.sql``; parameters in the file are named (``:lon``).
    """
    return sa.text((_FOLDER / f"{name}.sql").read_text(encoding="utf-8"))
