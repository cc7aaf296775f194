"""Hazards of a period as columns, read at once: what statistics are counted from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import sqlalchemy as sa

from gisgov.governance.hazards import HazardKind
from gisgov.store.array_literals import array_literal
from gisgov.store.cells import shapes_of_areas
from gisgov.store.packed import packed_rows
from gisgov.store.statements import statement
from gisgov.store.statistics import first_cover
from gisgov.types import Bools, Floats, Ints

OUTSIDE: Final = -1
NOWHERE: Final = -2

_STATE, _OVERDUE, _HAD_TERM, _IN_TIME = 3, 4, 8, 16


@dataclass(frozen=True, slots=True, eq=False)
class HazardColumns:
    """Hazards, one in each row.

    Attributes
    ----------
    area : Ints
        Place of its area among the codes; `OUTSIDE`, or `NOWHERE` of a building without a place.
    kind : Ints
        Place of its kind in `HazardKind`.
    is_rectified, is_checked : Bools
        How far it is; a checked one is rectified too.
    is_overdue : Bools
        Whether it is not rectified though its term is over.
    had_term, was_in_time : Bools
        Whether it was rectified and had a term; whether it kept it.
    days : Floats
        From finding to rectifying; NaN: it is not rectified.
    """

    area: Ints
    kind: Ints
    is_rectified: Bools
    is_checked: Bools
    is_overdue: Bools
    had_term: Bools
    was_in_time: Bools
    days: Floats


def hazards_of_period(
    connection: sa.Connection,
    *,
    layer_id: int,
    plan_ids: Sequence[int],
    codes: Sequence[str],
    since: date | None,
    until: date | None,
    today: date,
) -> HazardColumns:
    """Read the hazards that were found from a day to another.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside `gisgov.store.acting.as_owner`.
    layer_id, plan_ids, codes
        The layer, its plans, and the codes of their areas. A building that was given to none of them is of
        the first by code that covers a place on it.
    since, until : datetime.date or None
        First and last day; None is open.
    today : datetime.date
        A term is over that ended before it.
    """
    given = {
        "layer_id": layer_id,
        "plan_ids": array_literal(plan_ids),
        "codes": array_literal(codes),
        "kinds": array_literal(kind.value for kind in HazardKind),
        "since": since,
        "until": until,
        "today": today,
    }
    (row,) = packed_rows(connection, statement("hazards_of_period"), given)
    area, kind, flags, days = (_numbers(one, ">i4") for one in (row.areas, row.kinds, row.flags, row.days))
    to_find = np.flatnonzero(area == OUTSIDE)
    if len(to_find):
        places = np.column_stack([np.frombuffer(axis, dtype=">f8") for axis in (row.x, row.y)]).astype(float)
        shapes = shapes_of_areas(connection, plan_ids)
        numbers = {code: number for number, code in enumerate(codes)}
        owners = np.array([numbers[code] for code in shapes] + [OUTSIDE], dtype=np.int64)
        area[to_find] = owners[first_cover(places, shapes)]
    state = flags & _STATE
    return HazardColumns(
        area=area,
        kind=kind,
        is_rectified=state > 0,
        is_checked=state > 1,
        is_overdue=(flags & _OVERDUE) > 0,
        had_term=(flags & _HAD_TERM) > 0,
        was_in_time=(flags & _IN_TIME) > 0,
        days=np.where(days < 0, np.nan, days.astype(np.float64)),
    )


def _numbers(packed: bytes | None, kind: str) -> Ints:
    return np.frombuffer(packed or b"", dtype=kind).astype(np.int64)
