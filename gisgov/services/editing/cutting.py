"""Operations that cut blocks: an area split by a line, a border moved to a line."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely
import sqlalchemy as sa
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gisgov.errors import InputError
from gisgov.geometry.adjacency import shared_borders
from gisgov.geometry.edge_classes import EdgeClass
from gisgov.services.editing.change import AreaFacts, Change
from gisgov.services.editing.cut_ground import REACH_M, Laid, lay_line, store_cut
from gisgov.services.editing.engine_ground import weights_of
from gisgov.services.editing.new_codes import name_new_areas
from gisgov.services.editing.open_draft import OpenDraft
from gisgov.services.editing.operations import Split
from gisgov.types import Floats, Ints

_LINE: Final = EdgeClass.ADMINISTRATIVE
"""What marks borders along the line; any class but unclassified would do."""


def split_by_line(connection: sa.Connection, draft: OpenDraft, operation: Split) -> Change:
    """Divide an area by a line across it, through blocks and along their borders.

    Every connected part that the line makes becomes an area of its own; the one with most people and ground
    keeps code and name, and the parts that the line does not divide.

    Raises
    ------
    InputError
        The line ends inside a block of the area, or divides nothing of it.
    """
    area = operation.area
    laid = lay_line(connection, draft, [area], operation.line or ())
    refuse_loose_ends(laid, f"area {area}", "Draw it on, to the border of the area or beyond.")
    before, after = _parts(laid)
    # parts of the area that the line does not divide, islands say, stay with the main one
    divided = np.bincount(before, weights=_firsts(after)) > 1
    if not divided.any():
        raise InputError(
            f"The line does not divide area {area}.",
            hint="Draw it from border to border across the area.",
            field="line",
        )
    weight = np.bincount(after, weights=weights_of(laid.ground.blocks))
    is_divided = np.zeros(len(weight), dtype=bool)
    is_divided[after] = divided[before]
    main = int(np.argmax(np.where(is_divided, weight, -1.0)))
    new = [part for part in np.flatnonzero(is_divided).tolist() if part != main]
    named = name_new_areas(connection, draft, [laid.ground.blocks.geometries[after == part] for part in new])
    goes = np.full(len(after), area, dtype=object)
    for part, one in zip(new, named, strict=True):
        goes[after == part] = one.code
    return store_cut(connection, laid, goes, {one.code: AreaFacts(one.name) for one in named})


def refuse_loose_ends(laid: Laid, where: str, hint: str) -> None:
    """Refuse a line that ends inside a block that it may cut."""
    if len(laid.cut.loose):
        ends = " and ".join(place(one) for one in laid.cut.loose)
        raise InputError(
            f"The line ends at {ends}, inside {where}, more than {REACH_M:g} m from a border.",
            hint=hint,
            field="line",
        )


def place(xy: Floats) -> str:
    """Write a place as messages do."""
    return f"({xy[0]:.7f}, {xy[1]:.7f})"


def _parts(laid: Laid) -> tuple[Ints, Ints]:
    """Return for each block of the ground the connected part that it is in: as it was, and with the line."""
    geometries = laid.ground.blocks.geometries
    borders = shared_borders(
        geometries,
        edges=np.asarray(shapely.linestrings(laid.cut.along), dtype=object),
        edge_class=np.full(len(laid.cut.along), _LINE, dtype=np.int64),
    )
    found = []
    for stays in (borders.length_m > 0.0, borders.class_length_m[:, EdgeClass.UNCLASSIFIED] > 0.0):
        a, b = borders.a[stays], borders.b[stays]
        graph = coo_array((np.ones(len(a)), (a, b)), shape=(len(geometries), len(geometries)))
        found.append(connected_components(graph, directed=False)[1].astype(np.int64))
    return found[0], found[1]


def _firsts(labels: Ints) -> Floats:
    """Return 1 for the first of each label, 0 for the others: weighs labels to be counted."""
    first = np.zeros(len(labels))
    first[np.unique(labels, return_index=True)[1]] = 1.0
    return first
