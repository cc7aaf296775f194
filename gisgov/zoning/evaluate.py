"""How good a division is: loads, parts, shapes, one figure per area."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gisgov.types import Floats, Ints
from gisgov.zoning.blocks import Blocks
from gisgov.zoning.graph import count_parts


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """Figures of a division, one per area.

    Attributes
    ----------
    parent : numpy.ndarray of int, shape (k,)
        Parent of the area.
    blocks, population : numpy.ndarray of int, shape (k,)
        Blocks of the area, and its people.
    load : numpy.ndarray, shape (k,)
        Its work (in targets: 1 is what one area should carry).
    deviation : numpy.ndarray, shape (k,)
        Share by which the load is off its parent's mean: 0.1 is 10 % above. NaN where the parent's load
        is zero.
    area_m2, perimeter_m : numpy.ndarray, shape (k,)
        Ground and outer border.
    polsby_popper : numpy.ndarray, shape (k,)
        ``4π·area / perimeter²``: 1 for a disc, towards 0 for a tentacle (Polsby and Popper, 1991).
    parts : numpy.ndarray of int, shape (k,)
        Connected parts.
    border_m, major_m : numpy.ndarray, shape (k,)
        Border with other areas, and how much of it runs along arterials, collectors and water.
    cut_m, inner_cut_m, major_cut_m : float
        Length of all borders between areas, of those inside a parent, and of all along arterials,
        collectors and water.
    """

    parent: Ints
    blocks: Ints
    population: Ints
    load: Floats
    deviation: Floats
    area_m2: Floats
    perimeter_m: Floats
    polsby_popper: Floats
    parts: Ints
    border_m: Floats
    major_m: Floats
    cut_m: float
    inner_cut_m: float
    major_cut_m: float

    def __len__(self) -> int:
        """Return the number of areas."""
        return len(self.load)

    def share_within(self, band: float) -> float:
        """Share of areas (0..1) whose load is off by no more than ``band``; those without a mean count."""
        return float(np.mean(~(np.abs(self.deviation) > band))) if len(self.deviation) else 1.0

    @property
    def share_along_streets(self) -> float:
        """Share (0..1) of the borders between areas along major streets and water; NaN without any."""
        return self.major_cut_m / self.cut_m if self.cut_m > 0 else float("nan")


def evaluate(blocks: Blocks, labels: Ints) -> Evaluation:
    """Measure a division.

    Parameters
    ----------
    blocks : Blocks
        The ``n`` blocks.
    labels : numpy.ndarray of int, shape (n,)
        Area of each block, 0 … k - 1; every area has a block and lies in one parent.

    Returns
    -------
    Evaluation

    Examples
    --------
    >>> import numpy as np
    >>> from gisgov.zoning import graph_from_borders
    >>> graph = graph_from_borders(np.array([0, 1]), np.array([1, 2]), [1.0, 1.0], count=3)
    >>> ones = np.ones(3)
    >>> three = Blocks(graph, np.zeros(3, int), ones, ones, ones.astype(int), ones, ones, 4 * ones)
    >>> result = evaluate(three, np.array([0, 0, 1]))
    >>> result.perimeter_m.tolist(), result.cut_m
    ([6.0, 4.0], 1.0)
    >>> [round(share, 3) for share in result.deviation.tolist()]
    [0.333, -0.333]
    """
    count = int(labels.max()) + 1 if len(labels) else 0
    graph, parent = blocks.graph, blocks.parent
    own, other = labels[graph.block], labels[graph.neighbour]
    inner = own == other

    def sums(values: Ints | Floats) -> Floats:
        return np.bincount(labels, weights=values, minlength=count).astype(np.float64)

    def bordering(values: Floats) -> Floats:
        return np.bincount(own[~inner], weights=values[~inner], minlength=count).astype(np.float64)

    shared = np.bincount(own[inner], weights=graph.border_m[inner], minlength=count)
    ground, work, perimeter = sums(blocks.area_m2), sums(blocks.load), sums(blocks.perimeter_m) - shared
    above = np.zeros(count, dtype=np.int64)
    above[labels] = parent
    per_parent = np.bincount(parent, weights=blocks.load)
    areas_per_parent = np.bincount(above, minlength=len(per_parent))
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = (per_parent / areas_per_parent)[above]
        deviation = np.where(mean > 0, work / mean - 1.0, np.nan)
        polsby_popper = np.where(perimeter > 0, 4 * np.pi * ground / perimeter**2, np.nan)
    in_parent = ~inner & (parent[graph.block] == parent[graph.neighbour])
    return Evaluation(
        parent=above,
        blocks=np.bincount(labels, minlength=count).astype(np.int64),
        population=sums(blocks.population).astype(np.int64),
        load=work,
        deviation=deviation,
        area_m2=ground,
        perimeter_m=perimeter,
        polsby_popper=polsby_popper,
        parts=count_parts(graph, labels),
        border_m=bordering(graph.border_m),
        major_m=bordering(graph.major_m),
        cut_m=float(graph.border_m[~inner].sum() / 2),
        inner_cut_m=float(graph.border_m[in_parent].sum() / 2),
        major_cut_m=float(graph.major_m[~inner].sum() / 2),
    )
