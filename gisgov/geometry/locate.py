"""Which area owns a point: one area, always the same one, and how sure.

The rule (the same in SQL: ``ST_Covers … ORDER BY code COLLATE "C" LIMIT 1``): of all areas whose
closed polygon covers the point, the one with the smallest code owns it. Predicates such as
"contains" give a point on a shared border no owner, and "intersects" two or three.
"""

from __future__ import annotations

from dataclasses import dataclass

from gisgov.types import Bools, Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Located:
    """The owner of each point; all arrays have the shape (n,) of the points.

    Attributes
    ----------
    area : numpy.ndarray of int
        Number of the owner, −1 where no area covers the point or the point is not finite.
    on_border : numpy.ndarray of bool
        Whether the point lies on the border of its owner, to the last bit of its coordinates (so
        also on the outer border of the layer).
    border_m : numpy.ndarray of float
        Metres to the owner's border, or to the nearest area when outside; 0 on a border, NaN for a
        point that is not finite or when there are no areas.
    nearest : numpy.ndarray of int
        The owner, or when outside the nearest area (of equally near ones the smallest code); −1 for
        a point that is not finite or when there are no areas.
    candidates : tuple of tuple of int
        The other areas that cover the point, in the order of their codes.
    """

    area: Ints
    on_border: Bools
    border_m: Floats
    nearest: Ints
    candidates: tuple[tuple[int, ...], ...]

    def __len__(self) -> int:
        return len(self.area)
