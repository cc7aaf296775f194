"""Who owns a point: areas in cells, so that most points are answered by looking one number up."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from gisgov.geometry.locate import AreaIndex, Located
from gisgov.geometry.systems import WGS84, CoordinateSystem, parse_crs
from gisgov.types import Bools, Geometries, SmallInts, Texts

NO_COORDINATE = -2


class LocatedOne(NamedTuple):
    """The owner of one point; the fields mean what those of `gisgov.geometry.locate.Located` do."""

    area: int
    on_border: bool
    border_m: float
    nearest: int
    candidates: tuple[int, ...]


class CellIndex:
    """Areas prepared for the question "who owns this point?"."""

    def __init__(self, simple: AreaIndex) -> None:
        self._simple = simple

    def __len__(self) -> int:
        return len(self._simple)

    @property
    def system(self) -> CoordinateSystem:
        """What the coordinates of areas and points mean."""
        return self._simple.system

    @property
    def working(self) -> CoordinateSystem:
        """The plane in which distances are measured."""
        return self._simple.working

    def owners(self, x: npt.ArrayLike, y: npt.ArrayLike) -> SmallInts:
        """Return the row number of the owner of each point: −1 outside, −2 without a coordinate."""
        xs, ys = np.array(x, dtype=np.float64, ndmin=1), np.array(y, dtype=np.float64, ndmin=1)
        owner = self._simple.locate(xs, ys).area.astype(np.int32)
        owner[~(np.isfinite(xs) & np.isfinite(ys))] = NO_COORDINATE
        return owner

    def locate(self, x: npt.ArrayLike, y: npt.ArrayLike) -> Located:
        """Find the owner of each point, and all there is to say of it."""
        return self._simple.locate(x, y)

    def on_border(self, x: npt.ArrayLike, y: npt.ArrayLike, owner: npt.ArrayLike) -> Bools:
        """Say whether each point lies on the border of the area given beside it (False for −1 and −2)."""
        xs, ys = np.array(x, dtype=np.float64, ndmin=1), np.array(y, dtype=np.float64, ndmin=1)
        rows = np.array(owner, dtype=np.int32, ndmin=1)
        found = self._simple.locate(xs, ys)
        answer: Bools = found.on_border & (found.area == rows)
        return answer

    def owner_one(self, x: float, y: float) -> int:
        """Return what `owners` says of one point."""
        return int(self.owners([x], [y])[0])

    def locate_one(self, x: float, y: float) -> LocatedOne:
        """Return what `locate` says of one point."""
        found = self.locate([x], [y])
        return LocatedOne(
            int(found.area[0]),
            bool(found.on_border[0]),
            float(found.border_m[0]),
            int(found.nearest[0]),
            found.candidates[0],
        )

    def to_arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return all there is to keep, as arrays without Python objects."""
        names = "\n".join((self.system.name, self.working.name)).encode()
        wkb = shapely.to_wkb(self._simple.geometries)
        return {
            "names": np.frombuffer(names, dtype=np.uint8),
            "wkb": np.frombuffer(b"".join(wkb), dtype=np.uint8),
            "ends": np.cumsum([0, *map(len, wkb)]),
            "codes": np.frombuffer("\n".join(self._simple.codes).encode(), dtype=np.uint8),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> CellIndex:
        """Return the index whose `to_arrays` these are."""
        system, working = arrays["names"].tobytes().decode().split("\n")
        octets, ends = arrays["wkb"].tobytes(), arrays["ends"].tolist()
        wkb = [octets[a:b] for a, b in itertools.pairwise(ends)]
        codes = arrays["codes"].tobytes().decode().split("\n")[: len(wkb)]
        geometries = np.array(shapely.from_wkb(np.array(wkb, dtype=object)), dtype=object)
        return cls(AreaIndex(geometries, codes, parse_crs(system), parse_crs(working)))


def build_cell_index(
    geometries: Geometries,
    codes: Sequence[str] | Texts,
    system: CoordinateSystem = WGS84,
    working: CoordinateSystem | None = None,
) -> CellIndex:
    """Prepare areas for the question "who owns this point?"."""
    return CellIndex(AreaIndex(geometries, codes, system, working))
