"""What is held of a day: of every layer the plans in force, their areas, and the index of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from gisgov.geometry.cell_index import CellIndex
from gisgov.store.changes import Version
from gisgov.store.locating import LayerAt
from gisgov.types import SmallInts


@dataclass(frozen=True, slots=True)
class IndexedPlan:
    """A plan in force.

    Attributes
    ----------
    id, name : int, str
        Which it is.
    valid_from, valid_to : datetime.date, datetime.date or None
        First day in force, and first day no longer in force.
    working_crs : str
        The plane that its measures are taken in.
    scope_code : str
        Code of the area that it covers.
    """

    id: int
    name: str
    valid_from: date
    valid_to: date | None
    working_crs: str
    scope_code: str


@dataclass(frozen=True, slots=True, eq=False)
class LayerIndex:
    """The areas of a layer on a day, of all scopes; sequences and arrays are parallel and read-only.

    Attributes
    ----------
    layer : LayerAt
        The layer; without a plan in force there are neither plans nor areas.
    plans : tuple of IndexedPlan
        The plans in force, by scope and name.
    plan_of : numpy.ndarray of int32
        Number, in ``plans``, of the plan of each area.
    codes, names : sequence of str
        Of each area, in the order of the codes; of two areas with one code that of the plan whose name comes
        first is first.
    parent_codes : sequence of tuple of str
        Codes of the areas that each lies in, one layer up.
    index : CellIndex
        Which area owns a point (EPSG:4326); distances are in the plane of the first plan.
    """

    layer: LayerAt
    plans: tuple[IndexedPlan, ...]
    plan_of: SmallInts
    codes: Sequence[str]
    names: Sequence[str]
    parent_codes: Sequence[tuple[str, ...]]
    index: CellIndex


@dataclass(frozen=True, slots=True, eq=False)
class DayIndexes:
    """All layers on a day.

    Attributes
    ----------
    day : datetime.date
        The day.
    version : Version
        The newest version that changed layers or plans, as far as this knows.
    layers : mapping of str to LayerIndex
        By name, from the top layer down, of both kinds; those without a plan in force too.
    """

    day: date
    version: Version
    layers: Mapping[str, LayerIndex]
