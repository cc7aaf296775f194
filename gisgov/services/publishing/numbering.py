"""Codes of new areas on publishing: what was ever in force for other ground is not given again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import shapely
import sqlalchemy as sa

from gisgov.governance.comparison import Comparison
from gisgov.governance.lineage import MOST, NOWHERE
from gisgov.services.editing.new_codes import name_new_areas
from gisgov.services.editing.open_draft import describe
from gisgov.store.areas import codes_ever_in_force
from gisgov.store.drafts import grounds_by_code
from gisgov.store.drafts_codes import grounds_ever_in_force
from gisgov.store.plans import StoredPlan
from gisgov.types import Geometries, Texts


@dataclass(frozen=True, slots=True)
class Numbered:
    """Codes of the areas of a plan.

    Attributes
    ----------
    renumbered : dict of str to str
        Codes that areas cannot have, and those that they have instead.
    given : tuple of str
        Codes that were never in force.
    carried : tuple of str
        Codes that were in force for other ground, and are kept.
    """

    renumbered: dict[str, str]
    given: tuple[str, ...]
    carried: tuple[str, ...]


def number_areas(
    connection: sa.Connection,
    plan: StoredPlan,
    codes: Texts,
    told: Comparison | None,
    *,
    day: date,
    timezone: ZoneInfo,
    keep: bool,
) -> Numbered:
    """Find the codes that areas of a draft cannot have, and number these anew; nothing is written.

    An area has a code rightly that was never in force, that the former area had from which it goes on, or
    that was in force for this ground alone (more than half of the smaller of the two). Other areas are
    numbered anew by the scheme of their layer. One that goes on from a former area and took the code of
    another that is still in force keeps it: planners exchanged the two. It is said.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction of the service.
    plan : StoredPlan
        The draft.
    codes : numpy.ndarray of str
        Codes of its areas.
    told : Comparison or None
        What it is to the plan before it, if there is one.
    day : datetime.date
        Its first day.
    timezone : zoneinfo.ZoneInfo
        Where that begins.
    keep : bool
        Number none anew.

    Raises
    ------
    InputError
        The code of an area above does not fit the scheme, or its numbers run out.
    """
    ever = set(codes_ever_in_force(connection, plan.layer_id))
    goes_on, same = _going_on(told)
    suspects = [code for code in codes.tolist() if code in ever and code not in same]
    grounds = dict(zip(*grounds_by_code(connection, plan.id, suspects), strict=True)) if suspects else {}
    moved = [code for code in suspects if _was_elsewhere(connection, plan, code, grounds[code])]
    in_use = set() if told is None else set(told.overlaps.former_codes.tolist())
    carried = [code for code in moved if keep or (code in goes_on and code in in_use)]
    anew = [code for code in moved if code not in set(carried)]
    renumbered: dict[str, str] = {}
    if anew:
        draft = describe(connection, plan, today=day, timezone=timezone)
        names = name_new_areas(connection, draft, [_alone(grounds[code]) for code in anew])
        renumbered = {code: name.code for code, name in zip(anew, names, strict=True)}
    fresh = {code for code in codes.tolist() if code not in ever} | set(renumbered.values())
    return Numbered(renumbered, tuple(sorted(fresh)), tuple(carried))


def recoded(told: Comparison, renumbered: dict[str, str]) -> Comparison:
    """Return a comparison by the codes that areas have instead."""
    codes = np.array([renumbered.get(code, code) for code in told.overlaps.codes.tolist()], dtype=object)
    return replace(told, overlaps=replace(told.overlaps, codes=codes))


def _going_on(told: Comparison | None) -> tuple[set[str], set[str]]:
    """Return the codes of areas that go on from a former one, and of those that have its code."""
    if told is None:
        return set(), set()
    new, old = told.overlaps.codes, told.overlaps.former_codes
    going = np.flatnonzero(told.keeps != NOWHERE)
    same = going[new[going] == old[told.keeps[going]]]
    return set(new[going].tolist()), set(new[same].tolist())


def _was_elsewhere(connection: sa.Connection, plan: StoredPlan, code: str, ground: shapely.Geometry) -> bool:
    former = grounds_ever_in_force(connection, plan.layer_id, code)
    common = shapely.area(shapely.intersection(former, ground))
    return bool((common <= MOST * np.minimum(shapely.area(former), shapely.area(ground))).any())


def _alone(ground: shapely.Geometry) -> Geometries:
    alone = np.empty(1, dtype=object)
    alone[0] = ground
    return alone
