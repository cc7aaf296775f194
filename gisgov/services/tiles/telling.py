"""What there are tiles of, told: TileJSON 3.0, as web maps and QGIS read it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from gisgov.services.tiles.kinds import TileName
from gisgov.services.tiles.rules import fields_of_cells
from gisgov.store.tile_reading import PlansInForce
from gisgov.types import BBox

DETAILED_ZOOM: Final = 18
"""Here a unit of a tile is less than four centimetres; clients draw tiles of this zoom larger beyond it."""

_WORLD: Final[BBox] = (-180.0, -85.0511287798066, 180.0, 85.0511287798066)


@dataclass(frozen=True, slots=True)
class VectorLayer:
    """The one layer inside of the tiles.

    Attributes
    ----------
    id : str
        Its name there.
    description : str
        What it shows.
    minzoom, maxzoom : int
        From where to where.
    fields : dict
        Name of each attribute, and what it says.
    """

    id: str
    description: str
    minzoom: int
    maxzoom: int
    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class TileJson:
    """A set of tiles, as TileJSON 3.0 describes it.

    Attributes
    ----------
    tilejson : str
        Version of TileJSON.
    name : str
        The name that addresses have.
    description : str
        What it shows, for people.
    attribution : str
        Whose it is, and of which day.
    tiles : list of str
        Address of the tiles, with ``{z}``, ``{x}`` and ``{y}``. It names their version: what is there never
        changes, and whoever asks again for this description learns of a newer one.
    vector_layers : list of VectorLayer
        What is inside.
    bounds : list of float
        West, south, east, north in degrees.
    minzoom, maxzoom : int
        Zooms worth asking for; beyond, tiles of the greatest are drawn larger.
    scheme : str
        How rows of tiles are counted.
    tile_version : str
        Version of the tiles, as their address has it.
    at : datetime.date or None
        For areas: the day that they are in force on.
    plans : list of str
        For areas: the plans in force.
    """

    name: str
    description: str
    attribution: str
    tiles: list[str]
    vector_layers: list[VectorLayer]
    bounds: list[float]
    tile_version: str
    at: date | None
    plans: list[str]
    minzoom: int = 0
    maxzoom: int = DETAILED_ZOOM
    scheme: str = "xyz"
    tilejson: str = field(default="3.0.0")


@dataclass(frozen=True, slots=True)
class TileLayerInfo:
    """Something that there are tiles of.

    Attributes
    ----------
    name : str
        As addresses have it.
    kind : str
        ``blocks``, ``buildings``, ``events`` or ``areas``.
    layer : str or None
        For areas: their layer.
    title_zh, title_en : str
        What people call it.
    tilejson : str
        Address of its description.
    """

    name: str
    kind: str
    layer: str | None
    title_zh: str
    title_en: str
    tilejson: str


@dataclass(frozen=True, slots=True)
class TileAddress:
    """How tiles are addressed: the beginning of addresses, and the writing of names in them."""

    base: str
    path: str
    query: str

    def template(self, version: str) -> str:
        """Return the address of the tiles of a version."""
        more = f"&{self.query}" if self.query else ""
        return f"{self.base}/v1/tiles/{self.path}/{{z}}/{{x}}/{{y}}.mvt?v={version}{more}"


def describe(
    name: TileName,
    text: str,
    address: TileAddress,
    version: str,
    bbox: BBox | None,
    day: date,
    plans: PlansInForce | None,
) -> TileJson:
    """Describe a set of tiles; ``text`` is its name in addresses."""
    kind = name.kind
    title = f"{kind.title_zh} {kind.title_en}" if plans is None else f"{plans.title_zh} {plans.title_en}"
    of_day = "" if plans is None else f" {day.isoformat()}"
    inside = VectorLayer(
        name.inside, title, 0, DETAILED_ZOOM, {**kind.fields, **fields_of_cells(kind.subject)}
    )
    return TileJson(
        name=text,
        description=title,
        attribution=f"gisgov{of_day}",
        tiles=[address.template(version)],
        vector_layers=[inside],
        bounds=[*(_WORLD if bbox is None else bbox)],
        tile_version=version,
        at=None if plans is None else day,
        plans=[] if plans is None else [*plans.plans],
    )
