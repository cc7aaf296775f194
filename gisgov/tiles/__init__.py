"""Vector tiles: features as arrays in, Mapbox Vector Tiles as bytes out."""

from gisgov.tiles.features import (
    POINT,
    POLYGON,
    CodedTexts,
    Features,
    features_of,
    world_of_lonlat,
    world_of_mercator,
)
from gisgov.tiles.rules import MAX_ZOOM, STANDS_FOR, UNCLASSIFIED, Rules
from gisgov.tiles.snapshot import Snapshot
from gisgov.tiles.tile_set import TileSet

__all__ = [
    "MAX_ZOOM",
    "POINT",
    "POLYGON",
    "STANDS_FOR",
    "UNCLASSIFIED",
    "CodedTexts",
    "Features",
    "Rules",
    "Snapshot",
    "TileSet",
    "features_of",
    "world_of_lonlat",
    "world_of_mercator",
]
