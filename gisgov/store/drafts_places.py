"""Places of blocks in drafts, looked up one by one.

So it is fast whatever the database thinks of how many there are: the limits keep it from joining in another
order, where it would hold each block of a draft against each of thousands of values.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy import func
from sqlalchemy.dialects.postgresql import ARRAY

from gisgov.store.array_literals import array_literal
from gisgov.store.tables import assignment, block


def each_of(values: Iterable[Any], kind: type[sa.types.TypeEngine[Any]]) -> sa.TableValuedAlias:
    """Return these as a table of one column, ``value``, to look things up by; each comes once."""
    given = sa.cast(sa.literal(array_literal(dict.fromkeys(values)), sa.Text), ARRAY(kind))
    return func.unnest(given).table_valued(sa.column("value", kind)).render_derived()


PLACE = sa.select(assignment.c.block_id, assignment.c.area_code)
"""Blocks of drafts, and the area that each is in."""


def _placed(plan_id: int, block_id: sa.ColumnElement[int]) -> sa.FromClause:
    own = PLACE.where(assignment.c.plan_id == plan_id, assignment.c.block_id == block_id)
    return own.limit(1).lateral()


def places_of(plan_id: int, ids: Iterable[int]) -> sa.Select[Any]:
    """Return which of these blocks a draft has, and in which areas."""
    given = each_of(ids, sa.BigInteger)
    place = _placed(plan_id, given.c.value)
    return sa.select(place.c.block_id, place.c.area_code).join_from(given, place, sa.true())


def places_called(plan_id: int, codes: Iterable[str]) -> sa.Select[Any]:
    """Return which blocks of these codes a draft has, and in which areas; with their codes."""
    given = each_of(codes, sa.Text)
    found = sa.select(block.c.id, block.c.code).where(block.c.code == given.c.value).limit(1).lateral()
    place = _placed(plan_id, found.c.id)
    query = sa.select(place.c.block_id, place.c.area_code, found.c.code)
    return query.join_from(given, found, sa.true()).join(place, sa.true())


def places_in(plan_id: int, codes: Iterable[str]) -> sa.Select[Any]:
    """Return the blocks of these areas of a draft."""
    given = each_of(codes, sa.Text)
    own = PLACE.where(assignment.c.plan_id == plan_id, assignment.c.area_code == given.c.value)
    place = own.offset(0).lateral()
    return sa.select(place.c.block_id, place.c.area_code).join_from(given, place, sa.true())
