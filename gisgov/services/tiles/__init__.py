"""Vector tiles from memory: right after every change, and of what whoever asks may see."""

from __future__ import annotations

from gisgov.services.tiles.ahead import AheadTile
from gisgov.services.tiles.certainty import Stand
from gisgov.services.tiles.kinds import TileKind, TileName, tile_name
from gisgov.services.tiles.live import LiveTiles
from gisgov.services.tiles.packing import TileAnswer
from gisgov.services.tiles.telling import TileJson, TileLayerInfo, VectorLayer
from gisgov.services.tiles.views import Asker
from gisgov.services.tiles.waiting import Patience
from gisgov.services.tiles.warming import warm_later

__all__ = [
    "AheadTile",
    "Asker",
    "LiveTiles",
    "Patience",
    "Stand",
    "TileAnswer",
    "TileJson",
    "TileKind",
    "TileLayerInfo",
    "TileName",
    "VectorLayer",
    "tile_name",
    "warm_later",
]
