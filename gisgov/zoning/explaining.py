"""Obstacles of a division: for every load outside the limit a reason and a number."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gisgov.types import Floats, Ints
from gisgov.zoning.aims import Aims, Rules
from gisgov.zoning.blocks import Blocks
from gisgov.zoning.bounds import Bounds
from gisgov.zoning.contracting import locked_blocks
from gisgov.zoning.evaluate import Evaluation
from gisgov.zoning.graph import connected_parts
from gisgov.zoning.obstacles import Obstacle, ObstacleKind
from gisgov.zoning.sharing import share_out
from gisgov.zoning.territory import Territory

_EPS = 1e-9


def obstacles_of(
    blocks: Blocks,
    counts: Ints,
    labels: Ints,
    figures: Evaluation,
    limits: Bounds,
    territory: Territory,
    rules: Rules,
    aims: Aims,
    current: Ints | None,
    *,
    moved_population: int,
) -> tuple[Obstacle, ...]:
    """Tell what stood in the way of a division.

    Parameters
    ----------
    blocks, counts, rules, aims, current
        What was asked for: see `redivide`.
    labels, figures, limits, territory
        What was found, and of what ground.
    moved_population : int
        People who change hands.

    Returns
    -------
    tuple of Obstacle
        First those that explain areas outside the limit, of which one may explain several; then those of
        whole parents.
    """
    found = [
        *_of_areas(blocks, labels, figures, limits, rules, aims, current, counts),
        *_of_rounding(counts, limits, aims),
        *(
            Obstacle(ObstacleKind.TOGETHER_IN_PIECES, int(added), 0, block=int(group))
            for group, added in territory.nodes.joined
        ),
        *_of_pairs(labels, rules),
        *_of_seats(labels, figures, rules),
    ]
    if current is not None and aims.max_moved_share is not None:
        everybody = max(int(blocks.population.sum()), 1)
        if moved_population > aims.max_moved_share * everybody:
            found.append(
                Obstacle(
                    ObstacleKind.MOVED_SHARE,
                    moved_population / everybody,
                    limits.least_moved_population / everybody,
                )
            )
    return tuple(found)


def _of_areas(
    blocks: Blocks,
    labels: Ints,
    figures: Evaluation,
    limits: Bounds,
    rules: Rules,
    aims: Aims,
    current: Ints | None,
    counts: Ints,
) -> Iterator[Obstacle]:
    locked = np.zeros(len(figures), dtype=np.bool_)
    locked[labels[locked_blocks(blocks, rules, current)]] = True
    heaviest = _heaviest(blocks, labels)
    by_pieces = _off_by_pieces(blocks, counts)
    giants = _giants(blocks, counts, limits, aims)
    told: set[tuple[int, int | float]] = set()
    for area in np.flatnonzero(np.abs(figures.deviation) > aims.limit + _EPS).tolist():
        p, off = int(figures.parent[area]), float(figures.deviation[area])
        mean, block = float(limits.mean_load[p]), int(heaviest[area])
        giant = giants.get(p, (-1, 0.0)) if off < 0 else (block, float(blocks.load[block]) / mean)
        if locked[area]:
            yield Obstacle(ObstacleKind.LOCKED_OFF_TARGET, off, aims.limit, parent=p, area=area)
        elif giant[1] > 1 + aims.limit + _EPS:
            if (p, giant[0]) not in told:
                fits = int((1 + aims.limit) * mean * counts[p] / blocks.load[giant[0]] + _EPS)
                owner = int(labels[giant[0]])
                yield Obstacle(ObstacleKind.GIANT_BLOCK, giant[1], fits, parent=p, area=owner, block=giant[0])
            told.add((p, giant[0]))
        elif p in by_pieces and abs(by_pieces[p][block]) > aims.limit:
            if (p, by_pieces[p][block]) not in told:
                needed = _number_for_pieces(blocks, p, int(counts[p]), aims)
                piece = float(by_pieces[p][block])
                yield Obstacle(ObstacleKind.SEVERAL_PIECES, piece, needed, parent=p, area=area)
            told.add((p, by_pieces[p][block]))
        else:
            yield Obstacle(ObstacleKind.OUTSIDE_LIMIT, off, aims.limit, parent=p, area=area)


def _giants(blocks: Blocks, counts: Ints, limits: Bounds, aims: Aims) -> dict[int, tuple[int, float]]:
    """Return the heaviest block, and its load in means, of parents where giants leave others too little."""
    mean = limits.mean_load[blocks.parent]
    giant = blocks.load > (1 + aims.limit) * mean + _EPS
    taken = np.bincount(blocks.parent[giant], weights=blocks.load[giant], minlength=len(counts))
    left = counts - np.bincount(blocks.parent[giant], minlength=len(counts))
    found: dict[int, tuple[int, float]] = {}
    for p in np.flatnonzero((taken > 0) & (left > 0)).tolist():
        rest = float(limits.mean_load[p]) * counts[p] - taken[p]
        if rest < (1 - aims.limit) * limits.mean_load[p] * left[p]:
            block = int(np.where(blocks.parent == p, blocks.load, -1.0).argmax())
            found[p] = block, float(blocks.load[block] / limits.mean_load[p])
    return found


def _heaviest(blocks: Blocks, labels: Ints) -> Ints:
    order = np.lexsort((-blocks.load, labels))
    _, first = np.unique(labels[order], return_index=True)
    heaviest: Ints = order[first]
    return heaviest


def _off_by_pieces(blocks: Blocks, counts: Ints) -> dict[int, dict[int, float]]:
    """Return for blocks of parents in several pieces how far the mean load of their piece is off."""
    part = connected_parts(blocks.graph, blocks.parent)
    _, first = np.unique(part, return_index=True)
    several = np.flatnonzero(np.bincount(blocks.parent[first], minlength=len(counts)) > 1)
    found: dict[int, dict[int, float]] = {}
    for p in several.tolist():
        own = np.flatnonzero(blocks.parent == p)
        load, number = _loads(blocks, part, own)
        off = _off(load, np.bincount(number), int(counts[p]))
        found[p] = dict(zip(own.tolist(), off[number].tolist(), strict=True))
    return found


def _loads(blocks: Blocks, part: Ints, own: Ints) -> tuple[Floats, Ints]:
    _, number = np.unique(part[own], return_inverse=True)
    return np.bincount(number, weights=blocks.load[own]).astype(np.float64), number.astype(np.int64)


def _off(load: Floats, size: Ints, count: int) -> Floats:
    """Return how far the areas of each piece are off on average; 0 for islets that others take along."""
    share = share_out(load, size, count)
    mean = load.sum() / count
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((share > 0) & (mean > 0), load / np.maximum(share, 1) / mean - 1.0, 0.0)


def _number_for_pieces(blocks: Blocks, p: int, count: int, aims: Aims) -> int:
    """Return the number of areas nearest to the one asked for with which all pieces keep to the limit."""
    own = np.flatnonzero(blocks.parent == p)
    load, number = _loads(blocks, connected_parts(blocks.graph, blocks.parent), own)
    size = np.bincount(number)
    most = min(2 * count, len(own))
    for k in sorted(range(1, most + 1), key=lambda k: (abs(k - count), k)):
        if (np.abs(_off(load, size, k)) <= aims.limit).all():
            return k
    return 0


def _of_rounding(counts: Ints, limits: Bounds, aims: Aims) -> Iterator[Obstacle]:
    """Tell of parents whose areas are off the mean of all because their number is whole."""
    off = np.nan_to_num(limits.nesting_deviation)
    overall = np.nansum(limits.mean_load * counts) / max(int(counts.sum()), 1)
    for p in np.flatnonzero(np.abs(off) > aims.limit + _EPS).tolist():
        ideal = float(limits.mean_load[p] * counts[p]) / overall
        # the number whose mean comes nearest as a share, up or down
        low, high = max(int(ideal), 1), max(int(ideal), 1) + 1
        nearest = low if abs(ideal / low - 1) <= abs(ideal / high - 1) else high
        nearer = nearest if nearest != counts[p] else 0
        yield Obstacle(ObstacleKind.NESTING_ROUNDING, float(off[p]), nearer, parent=p)


def _of_pairs(labels: Ints, rules: Rules) -> Iterator[Obstacle]:
    pairs = np.asarray(rules.apart).reshape(-1, 2)
    together = pairs[labels[pairs[:, 0]] == labels[pairs[:, 1]]]
    for area in np.unique(labels[together[:, 0]]).tolist():
        own = together[labels[together[:, 0]] == area]
        yield Obstacle(ObstacleKind.APART_TOGETHER, len(own), 0, area=area, block=int(own[0, 0]))


def _of_seats(labels: Ints, figures: Evaluation, rules: Rules) -> Iterator[Obstacle]:
    seats = np.unique(np.asarray(rules.seats, dtype=np.int64))
    held = np.bincount(labels[seats], minlength=len(figures))
    for area in np.flatnonzero(held > 1).tolist():
        block, p = int(seats[labels[seats] == area][0]), int(figures.parent[area])
        yield Obstacle(ObstacleKind.TOO_MANY_SEATS, int(held[area]), 1, parent=p, area=area, block=block)
