"""What lies along the borders of blocks, as numbers for arrays."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

import numpy as np

from gisgov.types import Ints


class EdgeClass(IntEnum):
    """What lies along an edge of a block.

    The numbers are columns of arrays (`gisgov.geometry.adjacency.Borders`); titles and stored words are in
    `gisgov.governance.block_edges`. Where several things lie on one edge, the first of `RANK` counts.
    """

    UNCLASSIFIED = 0
    LOCAL = 1
    COLLECTOR = 2
    ARTERIAL = 3
    WATER = 4
    RAIL = 5
    ADMINISTRATIVE = 6


RANK: Final = (
    EdgeClass.WATER,
    EdgeClass.RAIL,
    EdgeClass.ARTERIAL,
    EdgeClass.COLLECTOR,
    EdgeClass.LOCAL,
    EdgeClass.ADMINISTRATIVE,
    EdgeClass.UNCLASSIFIED,
)
"""Edge classes from the one that outranks all others to the one that every other outranks.

Administrative is low: a border of parents that runs along a road is that road.
"""

MAJOR: Final = (EdgeClass.COLLECTOR, EdgeClass.ARTERIAL, EdgeClass.WATER)
"""Edges that borders of areas should run along."""

_PRECEDENCE: Final = np.argsort(RANK)  # the inverse of a permutation: position in RANK, by class


def precedence(edge_class: Ints) -> Ints:
    """Say where classes stand in `RANK`: 0 outranks all others.

    Parameters
    ----------
    edge_class : numpy.ndarray of int, shape (n,)
        Values of `EdgeClass`.

    Returns
    -------
    numpy.ndarray of int, shape (n,)
        Positions; of several classes on one edge the one with the smallest counts.

    Examples
    --------
    >>> precedence(np.array([EdgeClass.WATER, EdgeClass.ADMINISTRATIVE, EdgeClass.LOCAL])).tolist()
    [0, 5, 4]
    """
    found: Ints = _PRECEDENCE[edge_class]
    return found
