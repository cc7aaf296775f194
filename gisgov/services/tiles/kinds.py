"""What there are tiles of: blocks, buildings, events, and the areas of each layer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from gisgov.store.changes import Subject
from gisgov.store.tile_rows import TileSubject

_AREAS: Final = "areas:"


@dataclass(frozen=True, slots=True)
class TileKind:
    """One kind of what tiles show.

    Attributes
    ----------
    subject : str
        What it is.
    right : str
        The right that it takes.
    change : str
        What the log of changes calls it.
    table : str or None
        Table whose rows row-level security shows to some and not to others.
    title_zh, title_en : str
        What people call it.
    fields : dict
        What each field says.
    """

    subject: TileSubject
    right: str
    change: Subject
    table: str | None
    title_zh: str
    title_en: str
    fields: Mapping[str, str]


AREAS: Final = TileKind(
    "areas",
    "areas.read",
    "plan",
    None,
    "网格",
    "Areas",
    {
        "code": "String. Code of the area.",
        "name": "String. Its name.",
        "parent_codes": "String. Codes of its parents, separated by commas.",
        "plan": "String. The plan that it is of.",
        "area_m2": "Number. Its area in square metres.",
        "population": "Number. How many people live there, if known.",
        "households": "Number. How many households, if known.",
    },
)
"""The areas of a layer."""

KINDS: Final[Mapping[str, TileKind]] = {
    "blocks": TileKind(
        "blocks",
        "blocks.read",
        "block",
        None,
        "基础地块",
        "Blocks",
        {
            "code": "String. Code of the block.",
            "land_use": "String. What the ground is used for, if known.",
            "population": "Number. How many people live there.",
            "households": "Number. How many households.",
            "area_m2": "Number. Its area in square metres.",
        },
    ),
    "buildings": TileKind(
        "buildings",
        "buildings.read",
        "building",
        "building",
        "楼栋",
        "Buildings",
        {
            "risk_class": "String. safe, general, warning or unclassified; absent: not rated yet.",
            "risk_points": "Number. Points of the rating.",
            "floors": "Number. Floors, if known.",
            "built_year": "Number. When it was built, if known.",
            "use": "String. What it is used for, if known.",
        },
    ),
    "events": TileKind(
        "events",
        "events.read",
        "event",
        "event",
        "事件",
        "Events",
        {
            "state": "String. How far it is.",
            "level": "String. Its level, if known.",
            "category": "String. Its category, if known.",
            "source": "String. Where it came from.",
            "occurred_at": "Number. When it happened: seconds since 1970-01-01T00:00:00Z.",
        },
    ),
}
"""What is no layer of areas, by its name in addresses."""


@dataclass(frozen=True, slots=True)
class TileName:
    """What is asked for: its kind, and the layer where it is areas."""

    kind: TileKind
    layer: str | None = None

    @property
    def inside(self) -> str:
        """Name of the layer inside of its tiles."""
        return self.kind.subject if self.layer is None else self.layer


def tile_name(text: str) -> TileName:
    """Return what a name in an address asks for.

    Names of `KINDS` are those; ``areas:NAME`` is the layer of areas ``NAME``, whatever it is called, and so
    is every other name.

    Examples
    --------
    >>> tile_name("buildings").layer, tile_name("grid").layer, tile_name("areas:events").layer
    (None, 'grid', 'events')
    """
    kind = KINDS.get(text)
    return TileName(AREAS, text.removeprefix(_AREAS)) if kind is None else TileName(kind)


def name_of_areas(layer: str) -> str:
    """Return the name that asks for the areas of a layer; see `tile_name`.

    Examples
    --------
    >>> name_of_areas("grid"), name_of_areas("events")
    ('grid', 'areas:events')
    """
    needs_mark = layer in KINDS or layer.startswith(_AREAS) or "/" in layer
    return _AREAS + layer if needs_mark else layer
