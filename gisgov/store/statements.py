"""The statements of ``sql/*.sql``, each read once."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from string import Template

import sqlalchemy as sa


@cache
def statement(name: str, **words: str) -> sa.TextClause:
    """Return the statement of ``sql/NAME.sql``, with its named parameters (``:plan_id``).

    Parameters
    ----------
    name : str
        Name of the file without its ending.
    **words : str
        SQL for the ``$words`` of a file that serves several tables. They come from gisgov's own source,
        never from input: input goes into parameters.

    Examples
    --------
    >>> "building_area" in str(statement("forget_joined", subject="building"))
    True
    """
    text = (files("gisgov.store") / "sql" / f"{name}.sql").read_text(encoding="utf-8")
    return sa.text(Template(text).substitute(words))
