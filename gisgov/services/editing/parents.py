"""Areas above that hold the blocks of areas."""

from __future__ import annotations

import numpy as np
import shapely
import sqlalchemy as sa

from gisgov.services.editing.open_draft import OpenDraft
from gisgov.services.redividing.covering import first_cover
from gisgov.store.drafts_around import parents_near
from gisgov.types import Geometries, Ints


def parents_of(
    connection: sa.Connection, draft: OpenDraft, grounds: Geometries, blocks: Geometries, label: Ints
) -> list[tuple[str, ...]]:
    """Return for each area the codes of the areas above that hold blocks of it, the one with most first.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction.
    draft : OpenDraft
        The draft; what lies above is what is in force on its day.
    grounds : numpy.ndarray of shapely.Geometry, shape (k,)
        Grounds of the areas, EPSG:4326.
    blocks : numpy.ndarray of shapely.Geometry, shape (n,)
        Their blocks.
    label : numpy.ndarray of int, shape (n,)
        Number of the area that each block is in.

    Returns
    -------
    list of tuple of str
        Empty for an area of which nothing above holds a block, and where there is no layer above.
    """
    nothing: list[tuple[str, ...]] = [()] * len(grounds)
    if draft.layer.parent_id is None:
        return nothing
    codes, above = parents_near(connection, draft.layer.parent_id, draft.day, shapely.bounds(grounds))
    if not len(codes):
        return nothing
    found = nothing
    # most areas lie in one: asked once of the area, it need not be asked of each block
    whole, of = shapely.STRtree(above).query(grounds, predicate="covered_by")
    for i, number in zip(whole.tolist(), of.tolist(), strict=True):
        found[i] = (codes[number],)
    split = np.array([not one for one in found])
    chosen = np.flatnonzero(split[label])
    host = first_cover(shapely.point_on_surface(blocks[chosen]), above)
    inside = host >= 0
    size = shapely.area(blocks[chosen])[inside]
    pair, place = np.unique(label[chosen][inside] * len(codes) + host[inside], return_inverse=True)
    share = np.bincount(place, weights=size, minlength=len(pair))
    for one in np.lexsort((pair % len(codes), -share)).tolist():
        found[int(pair[one] // len(codes))] += (str(codes[pair[one] % len(codes)]),)
    return found
