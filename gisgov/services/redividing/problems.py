"""The ground of a request as the engine takes it: arrays of the blocks that are divided."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely
import sqlalchemy as sa

from gisgov.errors import InputError
from gisgov.geometry.adjacency import shared_borders
from gisgov.geometry.crs import from_wgs84
from gisgov.geometry.edge_classes import MAJOR, EdgeClass
from gisgov.governance.block_edges import EdgeTitle
from gisgov.governance.layers import LoadTerm
from gisgov.governance.redivision_policy import RedivisionPolicy
from gisgov.governance.workload import load_rule, parse_term
from gisgov.services.redividing.attributes import Measured, attributes_of, load_of
from gisgov.services.redividing.constraints import Constraints, read_constraints
from gisgov.services.redividing.counting import Counted, Parents, count_areas
from gisgov.services.redividing.present import Present, present_areas
from gisgov.services.redividing.requests import RedivisionRequest, Sought
from gisgov.services.redividing.territory import Territory
from gisgov.types import Bools, Floats, Geometries, Ints, Texts
from gisgov.zoning import Aims, Blocks, graph_from_borders


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """What the engine is asked, about ``m`` of the blocks of a territory.

    Attributes
    ----------
    territory : Territory
        The ground.
    chosen : numpy.ndarray of int, shape (m,)
        Numbers of the blocks that are divided.
    host_of_parent : numpy.ndarray of int, shape (p,)
        Number of each parent among the areas above; all 0 where areas span these.
    parents : Parents
        Sums of each parent.
    rule : tuple of LoadTerm
        What the load is made of.
    counted : Counted
        How many areas each parent gets.
    present : Present or None
        The areas that there are, where a plan is changed.
    blocks : Blocks
        The ground for the engine.
    constraints : Constraints
        What is kept, of all blocks of the territory.
    weight : numpy.ndarray of float, shape (m,)
        What counts where areas are compared with former ones: half people, half ground.
    knows_borders : bool
        Whether anything is known of what lies along borders.
    """

    territory: Territory
    chosen: Ints
    host_of_parent: Ints
    parents: Parents
    rule: tuple[LoadTerm, ...]
    counted: Counted
    present: Present | None
    blocks: Blocks
    constraints: Constraints
    weight: Floats
    knows_borders: bool

    @property
    def parent_names(self) -> Texts:
        """Names of the parents; their codes where they have none."""
        return self.territory.parent_names[self.host_of_parent]


def pose(
    connection: sa.Connection,
    request: RedivisionRequest,
    territory: Territory,
    policy: RedivisionPolicy,
    measured: Measured,
) -> Problem:
    """Make the question for the engine.

    Raises
    ------
    InputError, FileError, CrsError
        Something asked for cannot be used; the field says what.
    """
    chosen, host_of_parent = _chosen(request, territory)
    blocks = territory.blocks.chosen(chosen)
    parent = np.searchsorted(host_of_parent, territory.parent[chosen])
    further = [parse_term(text, policy.targets) for text in request.how_many.weights]
    rule = load_rule(territory.targets, further)
    attributes = attributes_of(connection, blocks, [term.attribute for term in rule], measured)
    load = load_of(rule, attributes, len(blocks))
    weight = _halves(blocks.population.astype(np.float64), blocks.area_m2)

    def sums(values: Floats | Ints) -> Floats:
        return np.bincount(parent, weights=values, minlength=len(host_of_parent)).astype(np.float64)

    parents = Parents(
        codes=territory.parent_codes[host_of_parent],
        load=sums(load),
        population=sums(blocks.population),
        area_m2=sums(blocks.area_m2),
        blocks=np.bincount(parent, minlength=len(host_of_parent)).astype(np.int64),
    )
    present = None
    if territory.former is not None and territory.former.is_current:
        present = present_areas(territory.former.area[chosen], parent, weight)
    on = shapely.point_on_surface(territory.blocks.geometries)
    constraints = read_constraints(request.kept, territory.blocks, territory.former, on)
    return Problem(
        territory=territory,
        chosen=chosen,
        host_of_parent=host_of_parent,
        parents=parents,
        rule=rule,
        counted=count_areas(request.how_many, parents, present),
        present=present,
        blocks=_engine_blocks(territory, chosen, parent, load, on[chosen], policy),
        constraints=constraints,
        weight=weight,
        knows_borders=len(territory.edges) > 0,
    )


def aims_of(sought: Sought) -> Aims:
    """Return what is sought in the engine's words; what is left to it stays so."""
    aims = Aims(
        band=sought.band, limit=sought.limit, max_moved_share=sought.max_moved_share, effort=sought.effort
    )
    given = {name: getattr(sought, name) for name in ("compactness", "streets", "movement")}
    return replace(aims, **{name: value for name, value in given.items() if value is not None})


def _chosen(request: RedivisionRequest, territory: Territory) -> tuple[Ints, Ints]:
    """Return the blocks that are divided, and the areas above that are their parents."""
    one = request.how_many.one_more or request.how_many.one_fewer
    wanted = [one] if one is not None and not territory.spans else list(request.kept.parents)
    if not wanted:
        return np.arange(len(territory.blocks)), np.arange(territory.parents)
    if territory.spans:
        raise InputError(
            f"Areas of layer {territory.layer.name!r} may span those above, so no parent is divided alone.",
            field="parents",
        )
    known = {code: i for i, code in enumerate(territory.hosts.codes)}
    for code in wanted:
        if code not in known:
            field = "parents" if one is None else "one_more" if request.how_many.one_more else "one_fewer"
            raise InputError(
                f"No parent of these blocks has the code {code!r}.",
                hint="Name codes of the layer above, of areas that hold these blocks.",
                field=field,
            )
    hosts = np.unique([known[code] for code in wanted])
    inside = np.isin(territory.host, hosts)
    _refuse_torn(territory, inside)
    return np.flatnonzero(inside), hosts


def _refuse_torn(territory: Territory, inside: Bools) -> None:
    """Refuse to divide a part of a present area: the rest of it would be what nobody decided."""
    former = territory.former
    if former is None or not former.is_current:
        return
    both = np.intersect1d(former.area[inside], former.area[~inside])
    both = both[both >= 0]
    if len(both):
        raise InputError(
            f"Area {former.areas.codes[both[0]]} has blocks in parents that are divided and in others.",
            hint="Name all parents that it lies in.",
            field="parents",
        )


def _engine_blocks(
    territory: Territory, chosen: Ints, parent: Ints, load: Floats, on: Geometries, policy: RedivisionPolicy
) -> Blocks:
    blocks = territory.blocks.chosen(chosen)
    borders = shared_borders(
        blocks.geometries,
        working=territory.working,
        edges=territory.edges if len(territory.edges) else None,
        edge_class=territory.edge_class if len(territory.edges) else None,
    )
    prices = np.array([policy.border_prices[one.value] for one in _BY_CLASS])
    graph = graph_from_borders(
        borders.a,
        borders.b,
        borders.length_m,
        count=len(blocks),
        cost_m=borders.class_length_m @ prices,
        major_m=borders.class_length_m[:, list(MAJOR)].sum(axis=1),
    )
    both = np.concatenate((borders.a, borders.b))
    shared = np.bincount(both, weights=np.tile(borders.length_m, 2), minlength=len(blocks))
    x, y = from_wgs84(shapely.get_x(on), shapely.get_y(on), territory.working)
    return Blocks(
        graph=graph,
        parent=parent,
        x=x,
        y=y,
        population=blocks.population,
        load=load,
        area_m2=blocks.area_m2,
        perimeter_m=shared + borders.outer_length_m,
    )


_BY_CLASS = sorted(EdgeTitle, key=lambda one: one.edge_class)
assert [one.edge_class for one in _BY_CLASS] == list(EdgeClass)  # noqa: S101 - columns of class_length_m


def _halves(people: Floats, ground: Floats) -> Floats:
    whole = np.maximum(ground, 1e-4)
    weight: Floats = whole / whole.sum()
    return weight + people / people.sum() if people.sum() > 0 else weight
