"""A scope taken apart into connected pieces of ground that can be divided one by one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from gisgov.errors import InputError
from gisgov.types import Floats, Ints
from gisgov.zoning.aims import Aims, Rules
from gisgov.zoning.blocks import Blocks
from gisgov.zoning.contracting import Nodes, nodes_of
from gisgov.zoning.piece import Piece, Small
from gisgov.zoning.sharing import share_out


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One connected piece of a parent, its islets tied to it.

    Attributes
    ----------
    parent : int
        The parent.
    nodes : numpy.ndarray of int, shape (m,)
        Nodes of the piece, ascending.
    areas : int
        How many areas are to be made of it.
    present : numpy.ndarray of int, shape (a,)
        Present areas that are at home in it, ascending.
    """

    parent: int
    nodes: Ints
    areas: int
    present: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Territory:
    """All pieces of a scope, and the ground in them by nodes.

    Attributes
    ----------
    nodes : Nodes
        What is moved as a whole.
    parts : tuple of Part
        The pieces.
    ties : numpy.ndarray of int, shape (t, 2)
        Nodes that are taken to touch though they do not: an islet, and the ground it goes with.
    parent, home, population, load, area_m2, perimeter_m, x, y : numpy.ndarray, shape (m,)
        Of each node: sums of its blocks, their parent and present area (-1 for none), and a place.
    start, neighbour, border_m, cost_m : numpy.ndarray
        The graph of the nodes inside their pieces, in rows as in `Graph`.
    """

    nodes: Nodes
    parts: tuple[Part, ...]
    ties: Ints
    parent: Ints
    home: Ints
    population: Floats
    load: Floats
    area_m2: Floats
    perimeter_m: Floats
    x: Floats
    y: Floats
    start: Ints
    neighbour: Ints
    border_m: Floats
    cost_m: Floats

    def piece(self, part: Part, rules: Rules, aims: Aims) -> Piece:
        """Return a part as the kernels take it: no block has a home yet, all areas have one target."""
        nodes, count = part.nodes, len(part.nodes)
        local = np.full(len(self.load), -1, dtype=np.int32)
        local[nodes] = np.arange(count)
        begin, length = self.start[nodes], self.start[nodes + 1] - self.start[nodes]
        start = np.concatenate(([0], np.cumsum(length))).astype(np.int32)
        rows = np.repeat(begin - start[:-1], length) + np.arange(start[-1])
        load = self.load[nodes]
        # a forest without any work is divided by its ground
        load = load if load.sum() > 0 else self.area_m2[nodes]
        ground = float(self.area_m2[nodes].sum())
        clash_start, clash = _rows_of(local.astype(np.int64)[_pairs(self.nodes, rules)], count)
        width_m = 4 * np.sqrt(ground / part.areas)
        return Piece(
            start,
            local[self.neighbour[rows]],
            self.border_m[rows],
            self.cost_m[rows] * (aims.streets / width_m),
            self.perimeter_m[nodes],
            load,
            self.area_m2[nodes],
            self.x[nodes],
            self.y[nodes],
            np.full(count, -1, dtype=np.int32),
            np.zeros(count),
            np.zeros(count, dtype=np.bool_),
            clash_start,
            clash,
            np.full(part.areas, load.sum() / part.areas),
        )


def take_apart(blocks: Blocks, counts: Ints, rules: Rules, current: Ints | None) -> Territory:
    """Take a scope apart into connected pieces.

    Parameters
    ----------
    blocks : Blocks
        The ground.
    counts : numpy.ndarray of int, shape (p,)
        Areas of each parent, locked ones included.
    rules : Rules
        What is kept.
    current : numpy.ndarray of int, shape (n,), or None
        Present area of each block, -1 for none; each in one parent.

    Raises
    ------
    InputError
        A parent shall have more areas than it has ground for, or none though it has ground.
    """
    nodes = nodes_of(blocks, rules, current)
    of_block, is_free = nodes.of_block, nodes.of_block >= 0
    own = of_block[is_free]

    def summed(values: Ints | Floats) -> Floats:
        return _sums(own, values[is_free], nodes.count)

    parent = np.zeros(nodes.count, dtype=np.int64)
    parent[own] = blocks.parent[is_free]
    home = np.full(nodes.count, -1, dtype=np.int64)
    if current is not None:
        home[own[::-1]] = current[is_free][::-1]  # of a group, where its first block is
    # no ground at all would have no shape; a square centimetre is nothing
    area_m2 = np.maximum(summed(blocks.area_m2), 1e-4)
    weight = np.maximum(blocks.area_m2, 1e-9)
    x, y = summed(blocks.x * weight) / summed(weight), summed(blocks.y * weight) / summed(weight)
    load = summed(blocks.load)

    graph = blocks.graph
    rows, others = of_block[graph.block], of_block[graph.neighbour]
    kept = (rows >= 0) & (others >= 0) & (rows != others)
    inner = (rows == others) & (rows >= 0)
    perimeter_m = summed(blocks.perimeter_m)
    perimeter_m -= np.bincount(rows[inner], weights=graph.border_m[inner], minlength=nodes.count)
    kept &= blocks.parent[graph.block] == blocks.parent[graph.neighbour]
    a, b, lengths, costs = rows[kept], others[kept], graph.border_m[kept], graph.cost_m[kept]
    matrix = csr_array((np.ones(len(a), dtype=np.int8), (a, b)), shape=(nodes.count,) * 2)
    _, piece = connected_components(matrix, directed=False)
    seated = np.unique(of_block[rules.seats][of_block[rules.seats] >= 0])
    free_counts = _free_counts(blocks, counts, nodes, current)
    parts, ties = _parts(parent, piece, load, x, y, home, free_counts, seated)
    a = np.concatenate((a, ties[:, 0], ties[:, 1]))
    b = np.concatenate((b, ties[:, 1], ties[:, 0]))
    none = np.zeros(2 * len(ties))
    lengths, costs = np.concatenate((lengths, none)), np.concatenate((costs, none))
    key = a * max(nodes.count, 1) + b
    if (key[1:] <= key[:-1]).any():  # not the borders of blocks, each once and in order
        key, place = np.unique(key, return_inverse=True)
        lengths, costs = _sums(place, lengths, len(key)), _sums(place, costs, len(key))
    start = np.searchsorted(key, np.arange(nodes.count + 1) * max(nodes.count, 1))
    return Territory(
        nodes=nodes,
        parts=parts,
        ties=ties,
        parent=parent,
        home=home,
        population=summed(blocks.population),
        load=load,
        area_m2=area_m2,
        perimeter_m=perimeter_m,
        x=x,
        y=y,
        start=start,
        neighbour=key % max(nodes.count, 1),
        border_m=lengths,
        cost_m=costs,
    )


def _free_counts(blocks: Blocks, counts: Ints, nodes: Nodes, current: Ints | None) -> Ints:
    """Return how many areas of each parent are to be made, locked ones left out."""
    free = np.array(counts, dtype=np.int64)
    locked = nodes.of_block < 0
    if current is not None and locked.any():
        _, first = np.unique(current[locked], return_index=True)
        free -= np.bincount(blocks.parent[locked][first], minlength=len(free))
    ground = np.zeros(len(free), dtype=np.int64)
    _, first = np.unique(nodes.of_block, return_index=True)
    first = first[nodes.of_block[first] >= 0]
    ground += np.bincount(blocks.parent[first], minlength=len(free))
    wrong = np.flatnonzero((free > ground) | ((free < 1) & (ground > 0)) | (free < 0))
    if len(wrong):
        p = int(wrong[0])
        raise InputError(
            f"Parent {p} has {ground[p]} blocks that can move (those that stay together counted once), which "
            f"cannot make {free[p]} areas beside the locked ones.",
            hint="Give every parent at least one area and no more areas than it has such blocks.",
            field="counts",
        )
    return free


def _parts(
    parent: Ints,
    piece: Ints,
    load: Floats,
    x: Floats,
    y: Floats,
    home: Ints,
    counts: Ints,
    seated: Ints,
) -> tuple[tuple[Part, ...], Ints]:
    order = np.lexsort((np.arange(len(parent)), parent))
    ends = np.searchsorted(parent[order], np.arange(len(counts) + 1))
    homes = _home_pieces(piece, load, home)
    parts: list[Part] = []
    ties: list[tuple[int, int]] = []
    for p in range(len(counts)):
        own = order[ends[p] : ends[p + 1]]
        if not len(own):
            continue
        number, inner, size = np.unique(piece[own], return_inverse=True, return_counts=True)
        present = (
            {int(one): [j for j, where in homes.items() if where == one] for one in number} if homes else {}
        )
        now = np.array([len(present[int(one)]) for one in number]) if homes else None
        work = _sums(inner, load[own], len(number))
        seats = np.bincount(inner[np.isin(own, seated)], minlength=len(number))
        share = share_out(work, size, int(counts[p]), present=now, at_least=seats)
        inner, tied = _tied(own, inner.astype(np.int64), share, x, y, home)
        ties.extend(tied)
        for one in np.flatnonzero(share):
            here = present.get(int(number[one]), [])
            parts.append(Part(p, own[inner == one], int(share[one]), np.array(here, dtype=np.int64)))
    return tuple(parts), np.array(ties, dtype=np.int64).reshape(-1, 2)


def _tied(
    own: Ints, inner: Ints, share: Ints, x: Floats, y: Floats, home: Ints
) -> tuple[Ints, list[tuple[int, int]]]:
    """Put islets, which get no area of their own, to the piece with the ground nearest to them."""
    ground, joined, ties = own[share[inner] > 0], inner.copy(), []
    for islet in np.flatnonzero(share == 0):
        ties.append(_nearest(own[inner == islet], ground, x, y, home))
        joined[inner == islet] = inner[np.searchsorted(own, ties[-1][1])]
    return joined, ties


def _home_pieces(piece: Ints, load: Floats, home: Ints) -> dict[int, int]:
    """Return for each present area the piece in which most of it lies."""
    placed = np.flatnonzero(home >= 0)
    if not len(placed):
        return {}
    pairs, place = np.unique(np.column_stack((home[placed], piece[placed])), axis=0, return_inverse=True)
    weight = np.bincount(place.ravel(), weights=load[placed] + 1e-9)
    order = np.lexsort((-weight, pairs[:, 0]))
    areas, first = np.unique(pairs[order, 0], return_index=True)
    return dict(zip(areas.tolist(), pairs[order[first], 1].tolist(), strict=True))


def _nearest(islet: Ints, ground: Ints, x: Floats, y: Floats, home: Ints) -> tuple[int, int]:
    """Return the pair of nodes, of an islet and of other ground, that lie nearest to each other.

    Ground of the area that the islet is in at present comes before all other.
    """
    same = ground[np.isin(home[ground], home[islet][home[islet] >= 0])]
    ground = same if len(same) else ground
    distance, place = cKDTree(np.column_stack((x[ground], y[ground]))).query(
        np.column_stack((x[islet], y[islet]))
    )
    best = int(np.argmin(distance))
    return int(islet[best]), int(ground[place[best]])


def _pairs(nodes: Nodes, rules: Rules) -> Ints:
    pairs = nodes.of_block[np.asarray(rules.apart, dtype=np.int64).reshape(-1, 2)]
    return pairs[(pairs >= 0).all(axis=1)]


def _rows_of(pairs: Ints, count: int) -> tuple[Small, Small]:
    """Return pairs of nodes as rows of a graph; pairs of which one is elsewhere (-1) are left out."""
    pairs = pairs[(pairs >= 0).all(axis=1)]
    both = np.unique(np.concatenate((pairs, pairs[:, ::-1])), axis=0)
    start = np.searchsorted(both[:, 0], np.arange(count + 1)).astype(np.int32)
    return start, both[:, 1].astype(np.int32)


def _sums(place: Ints, values: Ints | Floats, count: int) -> Floats:
    return np.bincount(place, weights=values, minlength=count).astype(np.float64)
