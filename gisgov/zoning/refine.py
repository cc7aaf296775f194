"""Move border blocks between neighbouring areas until loads and shapes are better, keeping areas whole."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from gisgov.types import Floats, Ints
from gisgov.zoning.graph import Graph

_BALANCE = 40.0
"""Price of a load 100 % off its target, squared; against ..."""
_SHAPE = 0.6
"""... the price of one unit of perimeter² / (4π·area), the inverse of Polsby–Popper."""
_WARM, _COLD = 0.10, 0.002
"""Temperature at the first and at the last sweep, in units of the price."""


@dataclass(slots=True)
class _Area:
    load: float
    area_m2: float
    perimeter_m: float
    target: float
    blocks: int

    def price(self, load: float, area_m2: float, perimeter_m: float) -> float:
        off = load / self.target - 1.0
        return _BALANCE * off * off + _SHAPE * perimeter_m * perimeter_m / (4 * math.pi * max(area_m2, 1.0))


@dataclass(slots=True)
class _State:
    """Plain lists: this is a loop over single blocks, where they are faster than arrays."""

    rows: list[list[tuple[int, float]]]
    load: list[float]
    area_m2: list[float]
    perimeter_m: list[float]
    label: list[int]
    areas: list[_Area] = field(default_factory=list)


def refine(
    graph: Graph,
    labels: Ints,
    *,
    load: Floats,
    area_m2: Floats,
    perimeter_m: Floats,
    sweeps: int = 40,
    seed: int = 0,
) -> Ints:
    """Improve a division of one connected piece by simulated annealing over its border blocks.

    In each sweep every block on a border between two areas may change to a neighbouring one; the step is
    taken when it lowers the price, or by chance while the temperature is high (Kirkpatrick, Gelatt and
    Vecchi, 1983). A block whose loss would tear its area, or be the area's last, stays. The price of an
    area is its squared deviation from the mean load plus the inverse of its compactness.

    Parameters
    ----------
    graph : Graph
        Blocks of the piece.
    labels : numpy.ndarray of int, shape (n,)
        Area of each block, 0 … k - 1; every area has a block.
    load : numpy.ndarray, shape (n,)
        Work per block.
    area_m2, perimeter_m : numpy.ndarray, shape (n,)
        Ground and whole perimeter of each block.
    sweeps : int
        How often every border block is visited; 0 returns a copy.
    seed : int
        Same seed and input, same result.

    Returns
    -------
    numpy.ndarray of int, shape (n,)
        The cheapest division that was met, never dearer than the one given; contiguous where the
        given one was.
    """
    state = _prepare(graph, labels, load, area_m2, perimeter_m)
    best, best_price, price = list(state.label), 0.0, 0.0
    chance = random.Random(seed)  # noqa: S311 - for reproducible search, not for secrets
    order = list(range(graph.count))
    for sweep in range(sweeps):
        heat = _WARM * (_COLD / _WARM) ** (sweep / max(sweeps - 1, 1))
        chance.shuffle(order)
        for block in order:
            own = state.label[block]
            others = [n for n, _ in state.rows[block] if state.label[n] != own]
            if others:
                price += _try_move(state, block, state.label[chance.choice(others)], heat, chance)
        if price < best_price - 1e-12:
            best, best_price = list(state.label), price
    return np.array(best, dtype=np.int64)


def _prepare(graph: Graph, labels: Ints, load: Floats, area_m2: Floats, perimeter_m: Floats) -> _State:
    pairs = list(zip(graph.neighbour.tolist(), graph.border_m.tolist(), strict=True))
    start = graph.start.tolist()
    weight = load if load.sum() > 0 else np.ones(graph.count)
    state = _State(
        rows=[pairs[i:j] for i, j in pairwise(start)],
        load=weight.tolist(),
        area_m2=area_m2.tolist(),
        perimeter_m=perimeter_m.tolist(),
        label=labels.tolist(),
    )
    count = int(labels.max()) + 1
    inner = labels[graph.block] == labels[graph.neighbour]
    shared = np.bincount(labels[graph.block[inner]], weights=graph.border_m[inner], minlength=count)
    for k in range(count):
        own = labels == k
        perimeter = float(perimeter_m[own].sum() - shared[k])
        target = float(weight.sum()) / count
        state.areas.append(
            _Area(float(weight[own].sum()), float(area_m2[own].sum()), perimeter, target, int(own.sum()))
        )
    return state


def _try_move(state: _State, block: int, target: int, heat: float, chance: random.Random) -> float:
    """Move the block if the price and its area allow; return the change of price."""
    source = state.label[block]
    giver, taker = state.areas[source], state.areas[target]
    if giver.blocks == 1:
        return 0.0
    with_giver = with_taker = 0.0
    for neighbour, border_m in state.rows[block]:
        if state.label[neighbour] == source:
            with_giver += border_m
        elif state.label[neighbour] == target:
            with_taker += border_m
    load, ground, rim = state.load[block], state.area_m2[block], state.perimeter_m[block]
    after_giver = (giver.load - load, giver.area_m2 - ground, giver.perimeter_m - rim + 2 * with_giver)
    after_taker = (taker.load + load, taker.area_m2 + ground, taker.perimeter_m + rim - 2 * with_taker)
    change = (
        giver.price(*after_giver)
        - giver.price(giver.load, giver.area_m2, giver.perimeter_m)
        + taker.price(*after_taker)
        - taker.price(taker.load, taker.area_m2, taker.perimeter_m)
    )
    if change > 0 and chance.random() >= math.exp(-change / heat):
        return 0.0
    if not _holds_without(state, block):
        return 0.0
    state.label[block] = target
    giver.load, giver.area_m2, giver.perimeter_m = after_giver
    taker.load, taker.area_m2, taker.perimeter_m = after_taker
    giver.blocks -= 1
    taker.blocks += 1
    return change


def _holds_without(state: _State, block: int) -> bool:
    """Whether the block's area stays in one piece when the block leaves it.

    The neighbours inside the area must reach each other without the block; the search ends as soon as
    the last of them is met, which near the block is nearly always at once.
    """
    label = state.label
    own = label[block]
    wanted = {n for n, _ in state.rows[block] if label[n] == own}
    if not wanted:
        return False  # a part of its own: the others of its area lie elsewhere
    first = min(wanted)
    wanted.discard(first)
    seen = {block, first}
    front = [first]
    while front and wanted:
        following: list[int] = []
        for member in front:
            for neighbour, _ in state.rows[member]:
                if neighbour not in seen and label[neighbour] == own:
                    seen.add(neighbour)
                    wanted.discard(neighbour)
                    following.append(neighbour)
        front = following
    return not wanted
