"""Which areas come near points: borders in the cells around each, not the nearest alone."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gisgov.errors import InputError
from gisgov.geometry.cell_index import CellIndex
from gisgov.geometry.cell_index_form import Bins
from gisgov.geometry.cell_index_measuring import in_plane
from gisgov.geometry.cell_index_points import frame_from
from gisgov.types import Floats, Ints, SmallInts


class Neighbours(NamedTuple):
    """Areas near points, by point, then by distance, then by code; one row for each pair.

    Attributes
    ----------
    point : numpy.ndarray of int, shape (k,)
        Number of the point.
    area : numpy.ndarray of int, shape (k,)
        Number of the area, as the index has it.
    metres : numpy.ndarray of float, shape (k,)
        From the point to the border of the area.
    """

    point: Ints
    area: Ints
    metres: Floats


def areas_near(index: CellIndex, x: npt.ArrayLike, y: npt.ArrayLike, reach_m: float) -> Neighbours:
    """List the areas whose border is no further than a reach from each point.

    Parameters
    ----------
    index : CellIndex
        The areas, kept with their borders.
    x, y : array_like of float, shape (n,)
        Points in the system of the index; NaN is near nothing.
    reach_m : float
        In the unit of the working plane of the index; the area that a point lies in is listed too if its
        border is that near.

    Raises
    ------
    InputError
        The reach is no number of 0 or more, or the index was kept without borders.

    Examples
    --------
    >>> from gisgov.geometry.cell_index import build_cell_index
    >>> from gisgov.testing import areas_from_grid
    >>> codes, areas = areas_from_grid("ABC", cell_m=0.001, origin=(120.0, 30.0))
    >>> near = areas_near(build_cell_index(areas, codes), [120.0009, 120.0015], [30.0005, 30.0005], 20.0)
    >>> near.point.tolist(), near.area.tolist(), near.metres.round().tolist()
    ([0, 0], [0, 1], [10.0, 10.0])
    """
    from gisgov.geometry.cell_index_nearness import list_near

    if not 0.0 <= reach_m < np.inf:
        raise InputError(f"A reach of {reach_m} m is none.", field="reach_m")
    arrays = index.to_arrays()
    order: SmallInts = arrays["order"]
    px, py = in_plane(
        np.asarray(x, dtype=np.float64).reshape(-1),
        np.asarray(y, dtype=np.float64).reshape(-1),
        index.system,
        index.working,
    )
    if not len(order):
        return Neighbours(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
    bins = Bins(*(arrays[f"border_{name}"] for name in Bins._fields))
    frame = frame_from(arrays["border_frame"])
    room = max(64, 4 * len(px))
    while True:
        point, rank, squared = np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room)
        count = list_near(px, py, reach_m, frame, arrays["border_xy"], bins, point, rank, squared)
        if count <= room:
            break
        room = count
    point, rank, metres = point[:count], rank[:count], np.sqrt(squared[:count])
    by = np.lexsort((rank, metres, point))
    return Neighbours(point[by], order[rank[by]].astype(np.int64), metres[by])
