"""The ground that is divided: its blocks, the areas above them, and the areas that there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
import sqlalchemy as sa

from gisgov.errors import InputError
from gisgov.geometry.crs import CoordinateSystem, working_crs
from gisgov.governance.layers import Nesting, Targets
from gisgov.governance.profiles import parse_targets
from gisgov.services.access import require_scope
from gisgov.services.redividing.covering import first_cover
from gisgov.services.redividing.former import Former, former_areas, former_of_plan
from gisgov.services.redividing.requests import RedivisionRequest
from gisgov.store.areas import Ground, ground_in_force
from gisgov.store.block_edges import block_edges_of_scope
from gisgov.store.blocks import BlockTable, blocks_of_plan, blocks_of_scope
from gisgov.store.imports import outlines_of_code
from gisgov.store.layers import StoredLayer, find_layer
from gisgov.store.plans import StoredPlan, find_plan, sums_of_plan
from gisgov.types import Geometries, Ints, Texts


@dataclass(frozen=True, slots=True, eq=False)
class Territory:
    """What is known of the ground before it is divided; ``n`` blocks in the order of their codes.

    Attributes
    ----------
    layer : StoredLayer
        Layer of the areas that are made.
    targets : Targets or None
        What it aims at.
    scope_code : str
        Code of the ground.
    source : StoredPlan or None
        The plan whose areas are the present ones.
    blocks : BlockTable
        The blocks.
    working : CoordinateSystem
        Plane to measure in.
    hosts : Ground
        Areas of the layer above that hold blocks, by code; without a layer above one that stands for all.
    host : numpy.ndarray of int, shape (n,)
        Number of the area above that holds each block.
    spans : bool
        Whether areas may take blocks of several areas above.
    former : Former or None
        The areas that there are: of ``source``, else those in force. Their codes go on.
    edges : numpy.ndarray of shapely.LineString, edge_class : numpy.ndarray of int
        What lies along borders of blocks; empty where nothing is known.
    day : datetime.date
        The day asked about.
    """

    layer: StoredLayer
    targets: Targets | None
    scope_code: str
    source: StoredPlan | None
    blocks: BlockTable
    working: CoordinateSystem
    hosts: Ground
    host: Ints
    spans: bool
    former: Former | None
    edges: Geometries
    edge_class: Ints
    day: date

    @property
    def parent(self) -> Ints:
        """Number of the parent that each block must stay in: its host, or the one whole where areas span."""
        return np.zeros(len(self.blocks), dtype=np.int64) if self.spans else self.host

    @property
    def parents(self) -> int:
        """Number of parents to divide."""
        return 1 if self.spans else len(self.hosts.codes)

    @property
    def parent_codes(self) -> Texts:
        """Their codes; for the one whole of a layer that spans, the code of the scope."""
        return np.array([self.scope_code], dtype=object) if self.spans else self.hosts.codes

    @property
    def parent_names(self) -> Texts:
        """Their names."""
        return np.array([self.scope_code], dtype=object) if self.spans else self.hosts.names


def read_territory(
    connection: sa.Connection, request: RedivisionRequest, *, today: date, configured_crs: str | None
) -> Territory:
    """Read the ground that a request is about.

    Raises
    ------
    NotFoundError
        There is no such layer, plan or scope.
    InputError
        Neither a layer nor a plan is named, there are no blocks, or one lies in no area of the layer above.
    """
    source = None if request.source is None else find_plan(connection, request.source)
    layer = find_layer(connection, _layer_of(request, source))
    day = request.at or today
    scope_code = request.scope if source is None else source.scope_code
    require_scope(connection, "plans.draft", scope_code)
    blocks = _blocks(connection, request, source, day)
    west, south, east, north = shapely.total_bounds(blocks.geometries)
    configured = configured_crs if source is None else source.working_crs
    working = working_crs((west + east) / 2, (south + north) / 2, configured)
    on = shapely.point_on_surface(blocks.geometries)
    hosts, host = _hosts(connection, layer, blocks, on, scope_code, day)
    if source is not None:
        former = former_of_plan(connection, source, blocks, on)
    else:
        former = former_areas(connection, layer.id, day, on)
    lines, edge_class = block_edges_of_scope(connection, request.blocks_of or scope_code)
    if not len(lines):  # stored with those of a larger scope, if at all
        lines, edge_class = block_edges_of_scope(connection, "")
    return Territory(
        layer=layer,
        targets=None if layer.targets is None else parse_targets(layer.targets),
        scope_code=scope_code,
        source=source,
        blocks=blocks,
        working=working,
        hosts=hosts,
        host=host,
        spans=layer.nesting != Nesting.NESTED,
        former=former,
        edges=lines,
        edge_class=edge_class,
        day=day,
    )


def _layer_of(request: RedivisionRequest, source: StoredPlan | None) -> str:
    if source is not None:
        if request.layer not in (None, source.layer):
            raise InputError(
                f"Plan {source.name!r} is of layer {source.layer!r}, not {request.layer!r}.", field="layer"
            )
        return source.layer
    if request.layer is None:
        raise InputError("Neither a layer nor a plan to start from is named.", field="layer")
    return request.layer


def _blocks(
    connection: sa.Connection, request: RedivisionRequest, source: StoredPlan | None, day: date
) -> BlockTable:
    if request.blocks_of is None and source is not None and sums_of_plan(connection, source.id).blocks:
        return blocks_of_plan(connection, source.id)
    scope = request.scope if source is None else source.scope_code
    stored = scope if request.blocks_of is None else request.blocks_of
    field = "scope" if request.blocks_of is None else "blocks_of"
    blocks = blocks_of_scope(connection, stored)
    if not len(blocks) and request.blocks_of is None:
        # an area of a layer above, of which the blocks were stored with those of a larger scope
        stored, blocks = "", blocks_of_scope(connection, "")
        outlines = outlines_of_code(connection, scope, day)
        blocks = blocks if outlines else blocks.chosen(np.zeros(0, dtype=np.int64))
    _refuse_none(blocks, scope if request.blocks_of is None else stored, field)
    if stored != scope:
        blocks = _within(blocks, outlines_of_code(connection, scope, day))
        _refuse_none(blocks, scope, field)
    return blocks


def _within(blocks: BlockTable, outlines: tuple[tuple[str, shapely.MultiPolygon], ...]) -> BlockTable:
    """Return the blocks on the ground of an area; all where its ground is not known."""
    if not outlines:
        return blocks
    on = shapely.point_on_surface(blocks.geometries)
    inside = first_cover(on, np.array([outlines[0][1]], dtype=object)) >= 0
    return blocks.chosen(np.flatnonzero(inside))


def _refuse_none(blocks: BlockTable, scope: str, field: str) -> None:
    if not len(blocks):
        raise InputError(
            f"There are no blocks of scope {scope!r}.",
            hint="Build or store them first, or name the scope that they are stored under.",
            field=field,
        )


def _hosts(
    connection: sa.Connection,
    layer: StoredLayer,
    blocks: BlockTable,
    on: Geometries,
    scope_code: str,
    day: date,
) -> tuple[Ground, Ints]:
    """Return the areas of the layer above that hold blocks, and which of them holds each."""
    if layer.parent_id is None:
        nobody = np.array([scope_code], dtype=object)
        return Ground(nobody, nobody, np.array([None], dtype=object), ()), np.zeros(
            len(blocks), dtype=np.int64
        )
    hosts = ground_in_force(connection, layer.parent_id, day)
    if not len(hosts.codes):
        raise InputError(
            f"No area of layer {layer.parent!r} is in force on {day}.",
            hint="Publish its plan first, or name another day.",
            field="at",
        )
    found = first_cover(on, hosts.geometries)
    outside = np.flatnonzero(found < 0)
    if len(outside):
        i = int(outside[0])
        raise InputError(
            f"Block {blocks.codes[i]} at ({on[i].x:.7f}, {on[i].y:.7f}) lies in no area of layer "
            f"{layer.parent!r}; such are {len(outside)} of {len(blocks)} blocks.",
            hint="Cut the blocks along the borders of the layer above, or leave those outside out.",
        )
    used, host = np.unique(found, return_inverse=True)
    return hosts.chosen(used), host.astype(np.int64)
