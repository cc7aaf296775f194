"""Where the areas of layers lie: asked once of each plan, since what was published does not change."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

import sqlalchemy as sa

from gisgov.types import BBox

_PLANS = sa.text("SELECT id, layer_id FROM ogc.plan")

# index: area_plan_id_code_key
_EXTENTS = sa.text("""
WITH extent AS (
    SELECT plan_id, ST_Extent(geom) AS box FROM ogc.area WHERE plan_id = ANY (:plans) GROUP BY plan_id
)
SELECT plan_id, ARRAY[ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box)] AS box FROM extent""")

_MOST: Final = 1000

_known: OrderedDict[tuple[str, int], BBox | None] = OrderedDict()
"""Of each plan of each epoch of a database; None where it has no areas."""


def extents_of_layers(connection: sa.Connection, epoch: str) -> dict[int, BBox]:
    """Return west, south, east, north of the areas of each layer that has any, by the id of the layer.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        See `gisgov.store.features.reading.only_read`.
    epoch : str
        Of the database, no younger than what the connection sees: a restored one has other plans.
    """
    layer_of = {row.id: row.layer_id for row in connection.execute(_PLANS)}
    remembered = _known.copy()
    known = {plan: remembered[epoch, plan] for plan in layer_of if (epoch, plan) in remembered}
    missing = [plan for plan in layer_of if plan not in known]
    if missing:
        found = {plan: tuple(box) for plan, box in connection.execute(_EXTENTS, {"plans": missing})}
        for plan in missing:
            known[plan] = _known[epoch, plan] = found.get(plan)
        while len(_known) > _MOST:
            _known.popitem(last=False)
    extents: dict[int, BBox] = {}
    for plan, box in known.items():
        if box is not None:
            extents[layer_of[plan]] = _around(box, extents.get(layer_of[plan], box))
    return extents


def _around(one: BBox, other: BBox) -> BBox:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])
