"""What the kernels of the search work on: one connected piece of ground, and what a division of it costs.

The kernels are kept on disk by their own files: who changes a field here touches those files as well.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gisgov.types import Bools, Floats

Small = npt.NDArray[np.int32]


class Piece(NamedTuple):
    """Blocks ``0 … n - 1`` and areas ``0 … k - 1``; rows of the graph as in `gisgov.zoning.Graph`."""

    start: Small
    neighbour: Small
    border_m: Floats
    cost: Floats
    """Price of a border between two areas; both directions hold it, and half of each is paid."""
    rim_m: Floats
    load: Floats
    area_m2: Floats
    x: Floats
    y: Floats
    home: Small
    """Area that a block is in at present, -1 for none."""
    price: Floats
    """What it costs when a block is not in its home."""
    held: Bools
    """Blocks that do not move."""
    clash_start: Small
    clash: Small
    """Rows of blocks that may not be in one area."""
    target: Floats


class Weights(NamedTuple):
    """Prices and temperatures; `loose` and `firm` are the weight of balance at the start and at the end."""

    band: float
    loose: float
    firm: float
    shape: float
    clash: float
    hot: float
    cold: float
