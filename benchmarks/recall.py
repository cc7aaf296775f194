"""Which injected faults a peer finds, asked as kindly as its answers allow.

The peers have no kinds of our sort, so only places count: the same ground, the right pair of areas, or no
more than one of the areas concerned.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Final

import numpy as np
import shapely

from benchmarks.faults import FaultKind, Truth
from gisgov.types import Bools, Geometries

_SAME_M2: Final = 1e-3
_NEAR_M: Final = 1e-3


def by_ground(grounds: Geometries, truths: Sequence[Truth]) -> Bools:
    """Tell which faults have the ground that was reported.

    Parameters
    ----------
    grounds : numpy.ndarray of shapely.Polygon, shape (n,)
        What a peer reported as gap, overlap or outside.
    truths : sequence of Truth, length m
        Those without ground are not found.

    Returns
    -------
    numpy.ndarray of bool, shape (m,)
        Whether the reports that meet the fault's ground are together the same to 1e-3 m².
    """
    tree = shapely.STRtree(grounds)
    found = np.zeros(len(truths), dtype=bool)
    for i, truth in enumerate(truths):
        if not truth.has_ground:
            continue
        place = shapely.union_all([piece.place for piece in truth.pieces])
        near = grounds[np.sort(tree.query(place, predicate="intersects"))]
        meeting = near[shapely.relate_pattern(near, place, "T********")]
        found[i] = shapely.symmetric_difference(shapely.union_all(meeting), place).area <= _SAME_M2
    return found


def by_pairs(pairs: Collection[frozenset[int]], truths: Sequence[Truth]) -> Bools:
    """Tell of which faults the reported pairs of areas, those among its own, name every area involved."""
    of = defaultdict(set)
    for pair in pairs:
        for number in pair:
            of[number].add(pair)

    def named(areas: frozenset[int]) -> frozenset[int]:
        within = (pair for number in areas for pair in of[number] if pair <= areas)
        return frozenset().union(*within)

    return np.array([all(named(piece.areas) == piece.areas for piece in truth.pieces) for truth in truths])


def by_area(numbers: Collection[int], truths: Sequence[Truth]) -> Bools:
    """Tell of which faults at least one area was reported."""
    return np.array([not truth.areas.isdisjoint(numbers) for truth in truths], dtype=bool)


def invented(grounds: Geometries, truths: Sequence[Truth]) -> int:
    """Count the reported grounds that meet the ground of no fault and lie on no border that differs."""
    places = np.array([piece.place for truth in truths for piece in truth.pieces])
    reported, place = shapely.STRtree(places).query(grounds, predicate="dwithin", distance=_NEAR_M)
    is_line = shapely.get_dimensions(places[place]) == 1
    meets = is_line | shapely.relate_pattern(grounds[reported], places[place], "T********")
    return len(grounds) - len(np.unique(reported[meets]))


def invented_pairs(pairs: Collection[frozenset[int]], truths: Sequence[Truth]) -> int:
    """Count the reported pairs of areas that are not involved in one and the same fault."""
    fault_of = {number: i for i, truth in enumerate(truths) for number in truth.areas}
    return sum(len({fault_of.get(number, -1 - number) for number in pair}) != 1 for pair in pairs)


def tally(found: Bools, truths: Sequence[Truth]) -> str:
    """Say in one line how many of each kind were found."""
    fault = np.array([truth.fault for truth in truths], dtype=object)
    return ", ".join(f"{kind} {found[fault == kind].sum()}/{(fault == kind).sum()}" for kind in FaultKind)
