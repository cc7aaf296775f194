"""What routing is asked, and whose desk it answers."""

from __future__ import annotations

import math
from dataclasses import dataclass

from gisgov.governance.events import EventLevel
from gisgov.governance.loop import DeskKind, DeskName
from gisgov.governance.routing import Item
from gisgov.services.resolution import Post


@dataclass(frozen=True, slots=True)
class Asked:
    """One event that is to come onto a desk.

    Attributes
    ----------
    lon, lat : float
        Where it is, WGS 84; NaN where it has no place.
    level : EventLevel
        Its level.
    item : Item or None
        The item of the register that it is of; None: unclassified.
    """

    lon: float
    lat: float
    level: EventLevel
    item: Item | None = None

    @property
    def has_place(self) -> bool:
        """Whether it is anywhere."""
        return not math.isnan(self.lon)


@dataclass(frozen=True, slots=True)
class NearArea:
    """An area near an event.

    Attributes
    ----------
    layer : str
        Its layer.
    layer_id : int
        The layer by its number.
    code, name : str
        Which area.
    distance_m : float
        Metres from the event to its border.
    """

    layer: str
    layer_id: int
    code: str
    name: str
    distance_m: float


@dataclass(frozen=True, slots=True)
class AboveArea:
    """An area above a desk, which sees what lies on it; see `NearArea`."""

    layer: str
    layer_id: int
    code: str


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose desk an event lands on, who serves there, and who is told beside.

    Attributes
    ----------
    kind : DeskKind
        What sort of desk.
    layer, layer_id, area_code, area_name
        The area, of an area's desk alone.
    department_code : str or None
        The department: whose desk it is, or who is named beside the area.
    posts : tuple of Post
        Who serves the area.
    neighbours : tuple of NearArea
        Other areas of the layer whose border is near, the nearest first.
    above : tuple of AboveArea
        The areas above it.
    exception : str or None
        Title of the exception by which it is this desk.
    nearest : tuple of NearArea
        For what lies outside every area: of each layer the nearest one.
    """

    kind: DeskKind
    layer: str | None = None
    layer_id: int | None = None
    area_code: str | None = None
    area_name: str | None = None
    department_code: str | None = None
    posts: tuple[Post, ...] = ()
    neighbours: tuple[NearArea, ...] = ()
    above: tuple[AboveArea, ...] = ()
    exception: str | None = None
    nearest: tuple[NearArea, ...] = ()

    @property
    def name(self) -> DeskName:
        """The desk as steps name it."""
        return DeskName(self.kind, self.layer, self.area_code, self.department_code)
