"""Vertices of cuts that two plans made, matched in the blocks that lie between them."""

from __future__ import annotations

import numpy as np
import shapely
import sqlalchemy as sa

from gisgov.geometry.noding import SEAM, add_missing_vertices
from gisgov.services.editing.three_way import Places
from gisgov.store import drafts
from gisgov.store.drafts_ground import put_renoded


def match_vertices(connection: sa.Connection, places: Places, ours: Places, theirs: Places) -> Places:
    """Return blocks of two plans, put together, with the vertices of either's cuts in the other's blocks.

    A block that lacks one goes on as a piece of its own: all of its ground, with one vertex more.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction, as the owner of the tables.
    places : mapping of int to str or None
        The blocks and their areas.
    ours, theirs : mapping
        What either plan was made of.
    """
    mixed = (set(places) - set(theirs), set(places) - set(ours))
    if not all(mixed):  # all are of one plan, and match
        return places
    own = drafts.stored_blocks(connection, set.union(*mixed))
    around = drafts.ids_near(connection, set(places), shapely.bounds(own.geometries))
    blocks = drafts.stored_blocks(connection, around)
    noded = add_missing_vertices(blocks.geometries, SEAM)
    other = np.flatnonzero(~shapely.equals_identical(noded, blocks.geometries))
    if not len(other):
        return places
    renoded = put_renoded(connection, blocks.ids[other].tolist(), noded[other])
    return {renoded.get(block, block): code for block, code in places.items()}
