"""Blocks of a draft as the engine of re-division takes them: neighbours, load, and the areas above."""

from __future__ import annotations

import numpy as np
import shapely
import sqlalchemy as sa

from gisgov.geometry.adjacency import Borders, shared_borders
from gisgov.geometry.crs import from_wgs84
from gisgov.geometry.edge_classes import MAJOR, EdgeClass
from gisgov.governance.block_edges import EdgeTitle
from gisgov.governance.layers import Nesting
from gisgov.services.editing.figures import work_of
from gisgov.services.editing.open_draft import OpenDraft
from gisgov.services.editing.parents import block_parents, without_parent
from gisgov.store.blocks import BlockTable
from gisgov.store.drafts_around import edges_near
from gisgov.types import Bools, Floats, Geometries, Ints, Texts
from gisgov.zoning import Blocks, Graph, graph_from_borders

_BY_CLASS = sorted(EdgeTitle, key=lambda one: one.edge_class)
assert [one.edge_class for one in _BY_CLASS] == list(EdgeClass)  # noqa: S101 - columns of class_length_m


def engine_blocks(connection: sa.Connection, draft: OpenDraft, blocks: BlockTable, parent: Ints) -> Blocks:
    """Return blocks as the engine takes them.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction.
    draft : OpenDraft
        The draft that they are of.
    blocks : BlockTable
        The ``n`` blocks.
    parent : numpy.ndarray of int, shape (n,)
        Number of the ground that each block must stay in.
    """
    borders = borders_of(connection, draft, blocks.geometries)
    both = np.concatenate((borders.a, borders.b))
    shared = np.bincount(both, weights=np.tile(borders.length_m, 2), minlength=len(blocks))
    on = shapely.point_on_surface(blocks.geometries)
    x, y = from_wgs84(shapely.get_x(on), shapely.get_y(on), draft.working)
    return Blocks(
        graph=graph_of(draft, borders, len(blocks)),
        parent=parent,
        x=x,
        y=y,
        population=blocks.population,
        load=loads_of(connection, draft, blocks),
        area_m2=blocks.area_m2,
        perimeter_m=shared + borders.outer_length_m,
    )


def borders_of(connection: sa.Connection, draft: OpenDraft, geometries: Geometries) -> Borders:
    """Return the borders between polygons of a draft, in metres, with what lies along them."""
    edges, edge_class = edges_near(connection, shapely.total_bounds(geometries)[np.newaxis, :])
    known = len(edges) > 0
    return shared_borders(
        geometries,
        working=draft.working,
        edges=edges if known else None,
        edge_class=edge_class if known else None,
    )


def graph_of(draft: OpenDraft, borders: Borders, count: int, kept: Bools | None = None) -> Graph:
    """Return which of ``count`` polygons touch; of all borders, or of those that are ``kept``."""
    prices = np.ones(len(EdgeClass))
    if draft.policy is not None:
        prices = np.array([draft.policy.border_prices[one.value] for one in _BY_CLASS])
    chosen = slice(None) if kept is None else kept
    by_class = borders.class_length_m[chosen]
    return graph_from_borders(
        borders.a[chosen],
        borders.b[chosen],
        borders.length_m[chosen],
        count=count,
        cost_m=by_class @ prices,
        major_m=by_class[:, list(MAJOR)].sum(axis=1),
    )


def loads_of(connection: sa.Connection, draft: OpenDraft, blocks: BlockTable) -> Floats:
    """Return the work of blocks in targets of the layer; their people where it sets none."""
    if not draft.rule:
        return blocks.population.astype(np.float64)
    return work_of(connection, draft, blocks)


def hosts_of(connection: sa.Connection, draft: OpenDraft, blocks: BlockTable) -> tuple[Texts, Ints]:
    """Return the areas above that blocks must stay in, and the number of that of each block.

    Returns
    -------
    codes : numpy.ndarray of str, shape (p,)
        Their codes, each with blocks; that of the scope alone where areas may span those above, and for
        ground that none above covers.
    host : numpy.ndarray of int, shape (n,)
    """
    scope = np.array([draft.plan.scope_code], dtype=object)
    if not is_nested(draft) or draft.layer.parent_id is None:
        return scope, np.zeros(len(blocks), dtype=np.int64)
    parent = block_parents(connection, draft, blocks)
    parent[without_parent(parent)] = draft.plan.scope_code
    codes, place = np.unique(parent.astype(str), return_inverse=True)
    return codes.astype(object), place.astype(np.int64)


def is_nested(draft: OpenDraft) -> bool:
    """Whether areas of the draft must not cross those of a layer above."""
    return draft.layer.parent_id is not None and draft.layer.nesting == Nesting.NESTED


def weights_of(blocks: BlockTable) -> Floats:
    """Return what counts of blocks where areas are compared with former ones: half people, half ground."""
    ground = np.maximum(blocks.area_m2, 1e-4)
    people = blocks.population.astype(np.float64)
    weight: Floats = ground / ground.sum()
    return weight + people / people.sum() if people.sum() > 0 else weight
