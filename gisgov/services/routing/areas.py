"""Areas of a day, as routing looks them up: owners of places, areas by code, those above, those near."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property

import numpy as np
import sqlalchemy as sa

from gisgov.geometry.cell_index_neighbours import areas_near
from gisgov.services.assigning import Assigned, Status, assign_points
from gisgov.services.indexes import DayIndexes, LayerIndex
from gisgov.services.routing.desks import AboveArea, NearArea
from gisgov.store.changes import Version
from gisgov.store.layers import all_layers
from gisgov.types import Floats

_DECIMALS = 3  # a coordinate is not known to less than a millimetre
_FEW = 8


class DayAreas:
    """The areas in force on a day, beneath some places.

    Parameters
    ----------
    day : DayIndexes
        The layers.
    lon, lat : numpy.ndarray of float, shape (n,)
        Places in WGS 84; NaN for none.
    """

    def __init__(self, day: DayIndexes, lon: Floats, lat: Floats) -> None:
        self.day, self.lon, self.lat = day, lon, lat
        self._above = _above_of(day)

    @cached_property
    def partitions(self) -> Mapping[str, LayerIndex]:
        """The partition layers that have a plan in force, by name."""
        return partitions(self.day)

    @cached_property
    def owners(self) -> Mapping[str, Assigned]:
        """Who owns each place, by layer."""
        return {name: owners_of(one, self.lon, self.lat) for name, one in self.partitions.items()}

    def area_of(self, layer: str, place: int) -> int:
        """Return the row of the area that owns a place; −1 for none."""
        return int(self.owners[layer].owner[place])

    def row_of(self, layer: str, code: str) -> int | None:
        """Return the row of an area by its code; None where none of that code is in force."""
        index = self.day.layers.get(layer)
        if index is None:
            return None
        row = bisect_left(index.codes, code)
        return row if row < len(index.codes) and index.codes[row] == code else None

    def above(self, connection: sa.Connection, layer: str, code: str) -> tuple[AboveArea, ...]:
        """Return the areas above an area, from the layer above it up."""
        known = self._above.get((layer, code))
        if known is None:
            known = self._above[layer, code] = tuple(
                self._climb(_parents(connection, self.day.version), layer, code)
            )
        return known

    def _climb(self, parents: Mapping[str, str | None], layer: str, code: str) -> Sequence[AboveArea]:
        found: dict[AboveArea, None] = {}
        now = {code}
        while now:
            rows = [row for row in (self.row_of(layer, one) for one in sorted(now)) if row is not None]
            upper, index = parents.get(layer), self.day.layers.get(layer)
            if upper is None or index is None:
                break
            now = {parent for row in rows for parent in index.parent_codes[row]}
            above = self.day.layers.get(upper)
            if above is None:
                break
            found |= dict.fromkeys(AboveArea(upper, above.layer.id, one) for one in sorted(now))
            layer = upper
        return list(found)

    def near(self, layer: str, places: Sequence[int], reach_m: float) -> dict[int, tuple[NearArea, ...]]:
        """Return the areas of a layer that come near places, the nearest first, without their owners."""
        index, asked = self.partitions[layer], np.asarray(places, dtype=np.int64)
        found = areas_near(index.index, self.lon[asked], self.lat[asked], reach_m)
        own = self.owners[layer].owner[asked]
        told: dict[int, list[NearArea]] = {}
        for point, row, metres in zip(*(one.tolist() for one in found), strict=True):
            if row != own[point]:
                told.setdefault(places[point], []).append(_near(index, row, metres))
        return {place: tuple(areas) for place, areas in told.items()}

    def nearest(self, places: Sequence[int]) -> dict[int, tuple[NearArea, ...]]:
        """Return of each layer the area nearest to places that none covers."""
        asked = np.asarray(places, dtype=np.int64)
        told: dict[int, tuple[NearArea, ...]] = dict.fromkeys(places, ())
        for index in self.partitions.values():
            found = index.index.locate(self.lon[asked], self.lat[asked])
            for place, row, metres in zip(
                places, found.nearest.tolist(), found.border_m.tolist(), strict=True
            ):
                if row >= 0:
                    told[place] += (_near(index, row, metres),)
        return told


def owners_of(layer: LayerIndex, lon: Floats, lat: Floats) -> Assigned:
    """Return what `gisgov.services.assigning.assign_points` says of places, of a few of them sooner."""
    if len(lon) > _FEW:
        return assign_points(layer, lon, lat)
    owner, status = (
        np.full(len(lon), -1, dtype=np.int32),
        np.full(len(lon), Status.NO_COORDINATE, dtype=np.int8),
    )
    for i, (x, y) in enumerate(zip(lon.tolist(), lat.tolist(), strict=True)):
        if math.isfinite(x) and math.isfinite(y):
            found = layer.index.locate_one(x, y)
            owner[i] = found.area
            is_owned = Status.BORDER if found.on_border else Status.OWNED
            status[i] = Status.OUTSIDE if found.area < 0 else is_owned
    return Assigned(owner, status)


def partitions(day: DayIndexes) -> dict[str, LayerIndex]:
    """Return the partition layers that have a plan in force on a day, by name."""
    return {name: one for name, one in day.layers.items() if one.layer.kind == "partition" and one.plans}


def _near(index: LayerIndex, row: int, metres: float) -> NearArea:
    told = round(metres, _DECIMALS)
    return NearArea(index.layer.name, index.layer.id, index.codes[row], index.names[row], told)


_ABOVE: dict[tuple[Version, date], dict[tuple[str, str], tuple[AboveArea, ...]]] = {}


def _above_of(day: DayIndexes) -> dict[tuple[str, str], tuple[AboveArea, ...]]:
    """Return where to keep the areas above those of a day; kept until layers or plans change."""
    key = day.version, day.day
    if key not in _ABOVE:
        _ABOVE.clear()
    return _ABOVE.setdefault(key, {})


_PARENTS: dict[Version, Mapping[str, str | None]] = {}


def _parents(connection: sa.Connection, version: Version) -> Mapping[str, str | None]:
    """Return the layer above each layer, by name; kept until layers or plans change."""
    known = _PARENTS.get(version)
    if known is None:
        known = {one.name: one.parent for one in all_layers(connection)}
        _PARENTS.clear()
        _PARENTS[version] = known
    return known
