"""What there is to say of points besides their owners, for whoever asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from gisgov.geometry.systems import WGS84, CoordinateSystem
from gisgov.services.assigning.points import are_zeros, placed
from gisgov.types import Bools, Floats, SmallInts

if TYPE_CHECKING:
    from gisgov.services.indexes import LayerIndex


@dataclass(frozen=True, slots=True, eq=False)
class Details:
    """More about points, in the order of the points; areas are rows of the layer's index.

    Attributes
    ----------
    on_border : numpy.ndarray of bool, shape (n,)
        Whether the point lies on the border of its owner.
    border_m : numpy.ndarray of float, shape (n,)
        Metres from the point to the border of its owner; NaN where it has none.
    candidates : tuple of tuple of int, shape (n,)
        The other areas that the point belongs to as much, in the order of their codes.
    nearest : numpy.ndarray of int32, shape (n,)
        For a point outside every area the area nearest to it; otherwise −1.
    distance_m : numpy.ndarray of float, shape (n,)
        Metres from a point outside every area to that area; otherwise NaN.
    """

    on_border: Bools
    border_m: Floats
    candidates: tuple[tuple[int, ...], ...]
    nearest: SmallInts
    distance_m: Floats


def details(
    layer: LayerIndex, x: npt.ArrayLike, y: npt.ArrayLike, system: CoordinateSystem = WGS84
) -> Details:
    """Measure points: how far to the border, whose they might be as well, which area is nearest.

    It takes many times as long as `assign_points`; parameters are the same. A point without a place has
    NaN, −1 and no candidates.
    """
    lon, lat, _ = placed(x, y, system)
    found = layer.index.locate(lon, lat)
    owned = np.asarray(found.area) >= 0
    is_near_none = owned | are_zeros(x, y)
    return Details(
        on_border=found.on_border,
        border_m=np.where(owned, found.border_m, np.nan),
        candidates=found.candidates,
        nearest=np.where(is_near_none, -1, found.nearest).astype(np.int32),
        distance_m=np.where(is_near_none, np.nan, found.border_m),
    )
