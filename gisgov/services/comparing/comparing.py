"""Use case: hold two plans of a layer against each other."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa

from gisgov.errors import InputError
from gisgov.governance.comparison import Comparison, compare
from gisgov.governance.lineage import NOWHERE, AreaFate, AreaOrigin
from gisgov.services.access import holds
from gisgov.services.comparing import hands
from gisgov.services.comparing.hands import Move
from gisgov.services.comparing.overlaps import overlaps_of
from gisgov.services.comparing.reports import (
    AreaShare,
    ChangedHands,
    FormerArea,
    Hands,
    LaterArea,
    PlanComparison,
)
from gisgov.store.acting import as_owner
from gisgov.store.cells import names_of_areas
from gisgov.store.database import Database
from gisgov.store.plans import StoredPlan, find_plan
from gisgov.types import Geometries, Ints

_Counted = tuple[Counter[Move] | None, Counter[Move] | None, Counter[Move]]
"""Buildings, events and posts by where they go; None for what whoever asks may not see."""


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """A comparison, and the ground (EPSG:4326) of each of its changes; None where there is hardly any."""

    report: PlanComparison
    grounds: Geometries


def compare_plans(database: Database, former: str, plan: str) -> PlanComparison:
    """Say what became of the areas of a plan, and what changes hands; see `compare_with_ground`."""
    return compare_with_ground(database, former, plan).report


def compare_with_ground(database: Database, former: str, plan: str) -> Compared:
    """Say what became of the areas of a plan in another, and what changes hands where.

    Parameters
    ----------
    database : Database
        Where they are.
    former, plan : str
        Two plans of one layer, drafts or published.

    Returns
    -------
    Compared
        Numbers of buildings and events are told to whoever may see those in the scopes of both plans: a
        border drawn around a house would tell others of it.

    Raises
    ------
    NotFoundError
        There is no such plan.
    InputError
        They are of different layers.
    """
    with database.begin() as connection:
        one, other = find_plan(connection, former), find_plan(connection, plan)
        if one.layer_id != other.layer_id:
            raise InputError(
                f"Plan {former!r} is of layer {one.layer}, and plan {plan!r} of layer {other.layer}.",
                hint="Compare plans of one layer.",
                field="with",
            )
        return _compared(connection, one, other)


def _compared(connection: sa.Connection, one: StoredPlan, other: StoredPlan) -> Compared:
    told = compare(overlaps_of(connection, one, other))
    names = [names_of_areas(connection, [each.id]) for each in (one, other)]
    shapes = hands.shapes_of(connection, told.overlaps, [one.id], [other.id])
    scopes = (one.scope_code, other.scope_code)
    sees_buildings = holds(connection, "buildings.read", *scopes)
    sees_events = holds(connection, "events.read", *scopes)
    with as_owner(connection):
        counted = (
            hands.moved_buildings(connection, shapes) if sees_buildings else None,
            hands.moved_events(connection, shapes) if sees_events else None,
            hands.moved_posts(connection, one.layer_id, told.overlaps),
        )
    changes = _changes(told, names[0], names[1], counted)
    report = PlanComparison(
        layer=one.layer,
        former=one.name,
        plan=other.name,
        fates={word.value: told.fate.count(word) for word in AreaFate},
        origins={word.value: told.origin.count(word) for word in AreaOrigin},
        former_areas=tuple(_former(told, i, *names) for i in range(len(told.fate))),
        areas=tuple(_later(told, i, *names) for i in range(len(told.origin))),
        changes=changes,
        total=_sum([change.hands for change in changes], counted),
        all_ground_m2=round(float(told.overlaps.ground_m2.sum()), 3),
        all_people=int(told.overlaps.people.sum()),
    )
    return Compared(report, hands.grounds_of([(one.from_code, one.to_code) for one in changes], shapes))


def _changes(
    told: Comparison,
    former_names: dict[str, str],
    names: dict[str, str],
    counted: _Counted,
) -> tuple[ChangedHands, ...]:
    overlaps = told.overlaps
    changing = {overlaps.code_of(i): i for i in np.flatnonzero(told.changes_hands).tolist()}
    buildings, events, posts = counted
    # a building may stand in a sliver that is no common ground
    moves = {*changing, *(buildings or ()), *(events or ()), *posts}
    changes = []
    for move in sorted(moves, key=lambda one: (one[0] or "", one[1] or "")):
        i = changing.get(move)
        ground, people, blocks = (0.0, 0, 0) if i is None else _amounts(told, i)
        changes.append(
            ChangedHands(
                from_code=move[0],
                from_name=former_names.get(move[0] or ""),
                to_code=move[1],
                to_name=names.get(move[1] or ""),
                is_recoded=i is not None and told.goes_on(i),
                hands=Hands(ground, people, blocks, _of(buildings, move), _of(events, move), posts[move]),
            )
        )
    return tuple(changes)


def _amounts(told: Comparison, pair: int) -> tuple[float, int, int]:
    found = told.overlaps
    return round(float(found.ground_m2[pair]), 3), int(found.people[pair]), int(found.blocks[pair])


def _of(counted: Counter[Move] | None, move: Move) -> int | None:
    return None if counted is None else counted[move]


def _sum(parts: list[Hands], counted: _Counted) -> Hands:
    buildings, events, _ = counted
    return Hands(
        ground_m2=round(math.fsum(one.ground_m2 for one in parts), 3),
        people=sum(one.people for one in parts),
        blocks=sum(one.blocks for one in parts),
        buildings=None if buildings is None else buildings.total(),
        open_events=None if events is None else events.total(),
        staff_posts=sum(one.staff_posts for one in parts),
    )


def _former(told: Comparison, i: int, former_names: dict[str, str], names: dict[str, str]) -> FormerArea:
    found = told.overlaps
    pairs = np.flatnonzero(found.former == i)
    heir = np.flatnonzero(told.keeps == i)
    code = str(found.former_codes[i])
    return FormerArea(
        code=code,
        name=former_names[code],
        fate=told.fate[i],
        goes_on_in=str(found.codes[heir[0]]) if len(heir) else None,
        ground_m2=round(float(found.ground_m2[pairs].sum()), 3),
        people=int(found.people[pairs].sum()),
        into=_shares(told, pairs, names, later=True),
    )


def _later(told: Comparison, i: int, former_names: dict[str, str], names: dict[str, str]) -> LaterArea:
    found = told.overlaps
    pairs = np.flatnonzero(found.area == i)
    from_area, code = int(told.keeps[i]), str(found.codes[i])
    return LaterArea(
        code=code,
        name=names[code],
        origin=told.origin[i],
        goes_on_from=None if from_area == NOWHERE else str(found.former_codes[from_area]),
        ground_m2=round(float(found.ground_m2[pairs].sum()), 3),
        people=int(found.people[pairs].sum()),
        out_of=_shares(told, pairs, former_names, later=False),
    )


def _shares(told: Comparison, pairs: Ints, names: dict[str, str], *, later: bool) -> tuple[AreaShare, ...]:
    found, shares = told.overlaps, told.shares
    ground, people = (shares.former_ground, shares.former_people) if later else (shares.ground, shares.people)
    rows = []
    # equal halves are measured apart by less than a millionth
    for i in pairs[np.lexsort((pairs, -ground[pairs].round(6)))].tolist():
        code = found.code_of(i)[1 if later else 0]
        rows.append(
            AreaShare(
                code=code,
                name=names.get(code or ""),
                ground_m2=round(float(found.ground_m2[i]), 3),
                people=int(found.people[i]),
                ground_share=float(ground[i]),
                people_share=None if np.isnan(people[i]) else float(people[i]),
            )
        )
    return tuple(rows)
