"""Use case: divide the blocks of a scope into the areas of a layer, as a draft."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely

from gisgov.errors import InputError
from gisgov.geometry.adjacency import shared_borders
from gisgov.geometry.crs import CoordinateSystem, from_wgs84_geometries, working_crs
from gisgov.geometry.locate import AreaIndex
from gisgov.geometry.measures import lengths_m
from gisgov.governance.layers import Nesting, Targets
from gisgov.governance.profiles import parse_targets
from gisgov.services.divided_areas import made_of_blocks
from gisgov.store.areas import Ground, ground_in_force, put_areas
from gisgov.store.blocks import BlockTable, blocks_of_scope, put_assignments
from gisgov.store.database import Database
from gisgov.store.layers import StoredLayer, find_layer
from gisgov.store.plans import create_draft
from gisgov.types import Floats, Ints, Progress, silent
from gisgov.zoning import apportion, evaluate, graph_from_borders
from gisgov.zoning import divide as divide_blocks


@dataclass(frozen=True, slots=True)
class ParentDivision:
    """How one area of the layer above was divided.

    Attributes
    ----------
    code, name : str
        The area.
    blocks, areas : int
        Blocks in it, and areas made of them.
    load : float
        Its work in units of the target: about the number of areas it needs.
    """

    code: str
    name: str
    blocks: int
    areas: int
    load: float


@dataclass(frozen=True, slots=True)
class Division:
    """A draft made by dividing blocks.

    Attributes
    ----------
    plan, layer, scope_code : str
        The draft.
    blocks, areas : int
        Blocks used, and areas made of them.
    parents : tuple of ParentDivision
        Area by area of the layer above.
    area_m2 : float
        Ground of all areas.
    population, households : int
        Their sums.
    mean_load : float
        Mean work of an area in units of the target; 1 is what the layer aims at.
    share_within_20_percent : float
        Share of areas whose load is off the mean of their parent by at most 20 %.
    areas_in_several_parts : int
        Areas that are not in one piece, because their parent is not.
    """

    plan: str
    layer: str
    scope_code: str
    blocks: int
    areas: int
    parents: tuple[ParentDivision, ...]
    area_m2: float
    population: int
    households: int
    mean_load: float
    share_within_20_percent: float
    areas_in_several_parts: int


def divide(
    database: Database,
    plan: str,
    *,
    layer: str,
    at: date,
    scope_code: str = "",
    total: int | None = None,
    author: str | None = None,
    configured_crs: str | None = None,
    seed: int = 0,
    progress: Progress = silent,
) -> Division:
    """Divide the blocks of a scope into areas of about equal load, each inside one area of the layer above.

    Parameters
    ----------
    database : Database
        Where the blocks are.
    plan : str
        Name for the draft.
    layer : str
        A nested layer with targets; the layer above must have areas in force that hold the blocks.
    at : datetime.date
        The day whose areas of the layer above are divided.
    scope_code : str
        Code of the ground that the blocks make up; all blocks by default.
    total : int, optional
        Number of areas; by default as many as the targets ask for.
    author : str, optional
        Who divides.
    configured_crs : str, optional
        Plane to measure in, instead of the one chosen by place.
    seed : int
        Same seed and blocks, same division.
    progress : Progress
        Told of each area divided.

    Returns
    -------
    Division
        The draft's figures; the draft itself has areas that are the union of their blocks, and an
        assignment for every block.

    Raises
    ------
    NotFoundError
        There is no such layer.
    NameTaken
        A plan of that name exists.
    InputError
        The layer cannot be divided so, there are no blocks, a block lies in no area of the layer above, or
        ``total`` is too small or too large.
    """
    with database.begin() as connection:
        target = find_layer(connection, layer)
        targets = _targets_of(target)
        blocks = blocks_of_scope(connection, scope_code)
        if not len(blocks):
            raise InputError(f"There are no blocks of scope {scope_code!r}.", field="scope_code")
        hosts = ground_in_force(connection, target.parent_id or 0, at)
        working = _working(blocks, configured_crs)
        parent = _parents(blocks, hosts, target, at)
        used, parent = np.unique(parent, return_inverse=True)
        hosts = hosts.chosen(used)
        load = targets.load(blocks.area_m2, blocks.population)
        perimeter_m = lengths_m(blocks.geometries, working)
        counts = apportion(
            np.bincount(parent, weights=load), total, at_most=np.bincount(parent, minlength=len(used))
        )
        borders = shared_borders(blocks.geometries, functools.partial(lengths_m, working=working))
        graph = graph_from_borders(borders.a, borders.b, borders.length_m, count=len(blocks))
        centres = shapely.centroid(from_wgs84_geometries(blocks.geometries, working))
        label = divide_blocks(
            graph,
            counts,
            parent=parent,
            x=shapely.get_x(centres),
            y=shapely.get_y(centres),
            load=load,
            area_m2=blocks.area_m2,
            perimeter_m=perimeter_m,
            seed=seed,
            progress=progress,
        )
        areas = made_of_blocks(connection, blocks, label, parent, hosts, target, working)
        plan_id = create_draft(
            connection,
            name=plan,
            layer_id=target.id,
            working_crs=working.name,
            scope_code=scope_code,
            source={"kind": "division", "blocks": len(blocks), "seed": seed, "at": at.isoformat()},
            author=author,
        )
        put_areas(connection, plan_id, areas)
        put_assignments(connection, plan_id, blocks.ids.tolist(), areas.codes[label].tolist())
    figures = evaluate(
        graph, label, parent=parent, load=load, area_m2=blocks.area_m2, perimeter_m=perimeter_m
    )
    return Division(
        plan=plan,
        layer=layer,
        scope_code=scope_code,
        blocks=len(blocks),
        areas=len(areas),
        parents=_per_parent(hosts, parent, counts, load),
        area_m2=float(areas.area_m2.sum()),
        population=int(blocks.population.sum()),
        households=int(blocks.households.sum()),
        mean_load=float(figures.load.mean()),
        share_within_20_percent=figures.share_within(0.2),
        areas_in_several_parts=int((figures.parts > 1).sum()),
    )


def _targets_of(layer: StoredLayer) -> Targets:
    if layer.parent is None or layer.nesting != Nesting.NESTED:
        raise InputError(
            f"Layer {layer.name!r} is not nested in another, so there is nothing to divide.", field="layer"
        )
    if layer.targets is None:
        raise InputError(
            f"Layer {layer.name!r} has no targets to divide by.",
            hint="Set targets for it in the profile and load that.",
            field="layer",
        )
    return parse_targets(layer.targets)


def _working(blocks: BlockTable, configured: str | None) -> CoordinateSystem:
    west, south, east, north = shapely.total_bounds(blocks.geometries)
    return working_crs((west + east) / 2, (south + north) / 2, configured)


def _parents(blocks: BlockTable, hosts: Ground, layer: StoredLayer, day: date) -> Ints:
    """Return for each block the number of the area above that holds it."""
    if not len(hosts.codes):
        raise InputError(
            f"No area of layer {layer.parent!r} is in force on {day}.", hint="Publish its plan first."
        )
    on = shapely.point_on_surface(blocks.geometries)
    found = AreaIndex(hosts.geometries, hosts.codes).locate(shapely.get_x(on), shapely.get_y(on)).area
    outside = np.flatnonzero(found < 0)
    if len(outside):
        i = int(outside[0])
        raise InputError(
            f"Block {blocks.codes[i]} at ({on[i].x:.7f}, {on[i].y:.7f}) lies in no area of layer "
            f"{layer.parent!r}; such are {len(outside)} of {len(blocks)} blocks.",
            hint="Cut the blocks along the borders of the layer above, or leave those outside out.",
        )
    return found


def _per_parent(hosts: Ground, parent: Ints, counts: Ints, load: Floats) -> tuple[ParentDivision, ...]:
    blocks = np.bincount(parent, minlength=len(counts))
    loads = np.bincount(parent, weights=load, minlength=len(counts))
    rows = zip(hosts.codes, hosts.names, blocks.tolist(), counts.tolist(), loads.tolist(), strict=True)
    return tuple(ParentDivision(*row) for row in rows)
