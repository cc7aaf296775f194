"""Areas of the layers below that the areas of a plan leave without their parents, or cut through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import sqlalchemy as sa

from gisgov.geometry.common_ground import OUTSIDE, common_ground
from gisgov.geometry.crs import parse_crs
from gisgov.store.areas import AreaTable, areas_in_force, ground_in_force
from gisgov.store.layers import all_layers
from gisgov.store.plans import StoredPlan


@dataclass(frozen=True, slots=True)
class AffectedArea:
    """An area of a layer below.

    Attributes
    ----------
    layer, code, name : str
        The area.
    ended_parents : tuple of str
        Codes that it names as its parents and that are in force no more.
    crossed : tuple of str
        Areas of the plan that it has ground in and does not name as its parents.
    """

    layer: str
    code: str
    name: str
    ended_parents: tuple[str, ...]
    crossed: tuple[str, ...]


def affected_below(connection: sa.Connection, plan: StoredPlan, day: date) -> tuple[AffectedArea, ...]:
    """Return the areas in force on a day, of the layers right below, that no longer fit into a plan.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction in which the plan is in force on the day.
    plan : StoredPlan
        The plan.
    day : datetime.date
        The day.
    """
    found: list[AffectedArea] = []
    below = [one for one in all_layers(connection) if one.parent == plan.layer]
    for layer in below:
        children = areas_in_force(connection, layer.id, day)
        if len(children):
            found += _affected(connection, plan, day, layer.name, children)
    return tuple(found)


def _affected(
    connection: sa.Connection, plan: StoredPlan, day: date, layer: str, children: AreaTable
) -> list[AffectedArea]:
    parents = ground_in_force(connection, plan.layer_id, day)
    known = set(parents.codes.tolist())
    common = common_ground(children.geometries, parents.geometries, parse_crs(plan.working_crs))
    lies_in: list[set[str]] = [set() for _ in range(len(children))]
    inside = np.flatnonzero(common.target != OUTSIDE)
    for child, parent in zip(common.source[inside].tolist(), common.target[inside].tolist(), strict=True):
        lies_in[child].add(str(parents.codes[parent]))
    found = []
    for i, named in enumerate(children.parent_codes):
        ended, crossed = set(named) - known, lies_in[i] - set(named)
        if named and (ended or crossed):
            words = str(children.codes[i]), str(children.names[i])
            found.append(AffectedArea(layer, *words, tuple(sorted(ended)), tuple(sorted(crossed))))
    return found
