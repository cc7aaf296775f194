"""The blocks that areas are made of, as arrays."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from gisgov.errors import InputError
from gisgov.types import Floats, Ints
from gisgov.zoning.graph import Graph


@dataclass(frozen=True, slots=True, eq=False)
class Blocks:
    """Blocks of a scope, one row each.

    Attributes
    ----------
    graph : Graph
        Which of the ``n`` blocks touch.
    parent : numpy.ndarray of int, shape (n,)
        Parent of each block, 0 … p - 1: the area above, inside which its area lies. All 0 where areas may
        span those above.
    x, y : numpy.ndarray of float, shape (n,)
        A place in each block, in metres of the working plane.
    population : numpy.ndarray of int, shape (n,)
        People: what is counted when blocks change hands.
    load : numpy.ndarray of float, shape (n,)
        Work of each block in units of the target (see `workload`): what is balanced.
    area_m2, perimeter_m : numpy.ndarray of float, shape (n,)
        Ground and whole border of each block.

    Raises
    ------
    InputError
        A column has another length than the graph, or a number that is negative or not finite.
    """

    graph: Graph
    parent: Ints
    x: Floats
    y: Floats
    population: Ints
    load: Floats
    area_m2: Floats
    perimeter_m: Floats

    def __post_init__(self) -> None:
        for one in fields(self)[1:]:
            values = getattr(self, one.name)
            if len(values) != self.graph.count:
                raise InputError(
                    f"There are {self.graph.count} blocks and {len(values)} values of {one.name}.",
                    field=one.name,
                )
            wrong = ~np.isfinite(values)
            if one.name not in ("x", "y"):
                wrong |= values < 0
            if wrong.any():
                row = int(wrong.argmax())
                raise InputError(
                    f"Block {row} has {one.name} {values[row]}, which cannot be.", field=one.name
                )

    def __len__(self) -> int:
        """Return the number of blocks."""
        return self.graph.count

    @property
    def parents(self) -> int:
        """Number of parents."""
        return int(self.parent.max()) + 1 if len(self.parent) else 0
