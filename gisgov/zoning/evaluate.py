"""How good a division is: loads, parts, shapes, one figure per area."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gisgov.types import Floats, Ints
from gisgov.zoning.graph import Graph, count_parts


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures of a division, one per area.

    Attributes
    ----------
    blocks : numpy.ndarray of int, shape (k,)
        Blocks of the area.
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
    cut_m : float
        Length of all borders between areas.
    """

    blocks: Ints
    load: Floats
    deviation: Floats
    area_m2: Floats
    perimeter_m: Floats
    polsby_popper: Floats
    parts: Ints
    cut_m: float

    def share_within(self, band: float) -> float:
        """Share of areas (0..1) whose load is off by no more than ``band``; those without a mean count."""
        return float(np.mean(~(np.abs(self.deviation) > band))) if len(self.deviation) else 1.0


def evaluate(
    graph: Graph, labels: Ints, *, parent: Ints, load: Floats, area_m2: Floats, perimeter_m: Floats
) -> Evaluation:
    """Measure a division.

    Parameters
    ----------
    graph : Graph
        The ``n`` blocks.
    labels : numpy.ndarray of int, shape (n,)
        Area of each block, 0 … k - 1; every area has a block and lies in one parent.
    parent : numpy.ndarray of int, shape (n,)
        Parent of each block.
    load, area_m2, perimeter_m : numpy.ndarray, shape (n,)
        As in `divide`.

    Returns
    -------
    Evaluation

    Examples
    --------
    >>> import numpy as np
    >>> from gisgov.zoning import graph_from_borders
    >>> graph = graph_from_borders(np.array([0, 1]), np.array([1, 2]), [1.0, 1.0], count=3)
    >>> result = evaluate(
    ...     graph, np.array([0, 0, 1]), parent=np.zeros(3, int), load=np.ones(3),
    ...     area_m2=np.ones(3), perimeter_m=np.full(3, 4.0),
    ... )
    >>> result.perimeter_m.tolist(), result.cut_m
    ([6.0, 4.0], 1.0)
    >>> [round(share, 3) for share in result.deviation.tolist()]
    [0.333, -0.333]
    """
    count = int(labels.max()) + 1 if len(labels) else 0
    inner = labels[graph.block] == labels[graph.neighbour]
    shared = _sums(labels[graph.block[inner]], graph.border_m[inner], count)
    ground = _sums(labels, area_m2, count)
    perimeter = _sums(labels, perimeter_m, count) - shared
    work = _sums(labels, load, count)
    above = np.zeros(count, dtype=np.int64)
    above[labels] = parent
    per_parent = np.bincount(parent, weights=load)
    areas_per_parent = np.bincount(above, minlength=len(per_parent))
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = (per_parent / areas_per_parent)[above]
        deviation = np.where(mean > 0, work / mean - 1.0, np.nan)
        polsby_popper = np.where(perimeter > 0, 4 * np.pi * ground / perimeter**2, np.nan)
    return Evaluation(
        blocks=np.bincount(labels, minlength=count).astype(np.int64),
        load=work,
        deviation=deviation,
        area_m2=ground,
        perimeter_m=perimeter,
        polsby_popper=polsby_popper,
        parts=count_parts(graph, labels),
        cut_m=float(graph.border_m[~inner].sum() / 2),
    )


def _sums(labels: Ints, values: Floats, count: int) -> Floats:
    return np.bincount(labels, weights=values, minlength=count).astype(np.float64)
