"""What blocks have that may load an area: counts, ground, and what events and buildings bring."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import shapely
import sqlalchemy as sa

from gisgov.errors import InputError
from gisgov.governance.fields import listed
from gisgov.governance.layers import LoadTerm
from gisgov.governance.risk import RiskClass
from gisgov.governance.workload import LoadAttribute
from gisgov.services.redividing.covering import first_cover
from gisgov.store.blocks import BlockTable
from gisgov.store.loads import building_places, event_places
from gisgov.types import BBox, Floats

_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Measured:
    """How attributes are measured that no block states.

    Attributes
    ----------
    day : datetime.date
        Events of the year before it count.
    timezone : zoneinfo.ZoneInfo
        Where that day begins.
    visits_per_year : mapping of str to int
        How often a building is due a visit, by its class.
    """

    day: date
    timezone: ZoneInfo
    visits_per_year: Mapping[str, int]


def attributes_of(
    connection: sa.Connection, blocks: BlockTable, names: Iterable[str], measured: Measured
) -> dict[str, Floats]:
    """Return attributes of blocks by their names.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction.
    blocks : BlockTable
        The ``n`` blocks.
    names : iterable of str
        Words of `LoadAttribute`, or names of what is stored with the blocks; a block that has not got that
        counts 0.
    measured : Measured
        How those are measured that no block states.

    Returns
    -------
    dict of str to numpy.ndarray of float, shape (n,)

    Raises
    ------
    InputError
        No block has an attribute of that name, or one has what is no number from 0.
    """
    return {name: _attribute(connection, blocks, name, measured) for name in names}


def load_of(terms: Iterable[LoadTerm], attributes: Mapping[str, Floats], count: int) -> Floats:
    """Return the load of ``count`` blocks, in units of one average area: Σ weight · attribute / target."""
    load = np.zeros(count)
    for term in terms:
        load += term.weight * attributes[term.attribute] / term.target
    return load


def _attribute(connection: sa.Connection, blocks: BlockTable, name: str, measured: Measured) -> Floats:
    # what a block states of itself goes before what is counted for it
    if any(name in one for one in blocks.attributes):
        return _stated(blocks, name)
    found = _COUNTED.get(name)
    if found is None:
        known = {*_COUNTED, *(key for one in blocks.attributes for key in one)}
        raise InputError(
            f"No block has {name!r}.", hint=f"There are {listed(sorted(known))}.", field="weight"
        )
    return found(connection, blocks, measured)


def _stated(blocks: BlockTable, name: str) -> Floats:
    values = np.zeros(len(blocks))
    for i, one in enumerate(blocks.attributes):
        value = one.get(name, 0)
        if not isinstance(value, int | float) or not 0 <= value < np.inf:
            raise InputError(
                f"Block {blocks.codes[i]} has {value!r} in {name!r}, which is no number from 0.",
                field="weight",
            )
        values[i] = value
    return values


def _population(_: sa.Connection, blocks: BlockTable, __: Measured) -> Floats:
    return blocks.population.astype(np.float64)


def _households(_: sa.Connection, blocks: BlockTable, __: Measured) -> Floats:
    return blocks.households.astype(np.float64)


def _area(_: sa.Connection, blocks: BlockTable, __: Measured) -> Floats:
    return blocks.area_m2 / 1e6


def _events(connection: sa.Connection, blocks: BlockTable, measured: Measured) -> Floats:
    after = datetime.combine(measured.day, time(), measured.timezone)
    lon, lat = event_places(connection, _bbox(blocks), after - _YEAR, after)
    return _counted(blocks, lon, lat, np.ones(len(lon)))


def _warning_buildings(connection: sa.Connection, blocks: BlockTable, _: Measured) -> Floats:
    lon, lat, classes = building_places(connection, _bbox(blocks))
    return _counted(blocks, lon, lat, (classes == RiskClass.WARNING.value).astype(np.float64))


def _visits_due(connection: sa.Connection, blocks: BlockTable, measured: Measured) -> Floats:
    lon, lat, classes = building_places(connection, _bbox(blocks))
    visits = np.array([measured.visits_per_year[one] for one in classes], dtype=np.float64)
    return _counted(blocks, lon, lat, visits)


_COUNTED: dict[str, Callable[[sa.Connection, BlockTable, Measured], Floats]] = {
    LoadAttribute.POPULATION.value: _population,
    LoadAttribute.HOUSEHOLDS.value: _households,
    LoadAttribute.AREA_KM2.value: _area,
    LoadAttribute.EVENTS.value: _events,
    LoadAttribute.WARNING_BUILDINGS.value: _warning_buildings,
    LoadAttribute.VISITS_DUE.value: _visits_due,
}


def _counted(blocks: BlockTable, lon: Floats, lat: Floats, weight: Floats) -> Floats:
    """Add up what lies in each block; on a border it is of the block with the smallest code."""
    block = first_cover(np.asarray(shapely.points(lon, lat), dtype=object), blocks.geometries)
    inside = block >= 0
    return np.bincount(block[inside], weights=weight[inside], minlength=len(blocks)).astype(np.float64)


def _bbox(blocks: BlockTable) -> BBox:
    west, south, east, north = shapely.total_bounds(blocks.geometries).tolist()
    return west, south, east, north
