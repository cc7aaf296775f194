"""Indexes of the areas in force: in files that all processes of a machine share, as current as the database.

`LiveIndexes` keeps those of a service; `load_day` reads those of one day for whoever works alone.
"""

from gisgov.services.indexes.folder import IndexFolder
from gisgov.services.indexes.live import LiveIndexes
from gisgov.services.indexes.loading import load_day
from gisgov.services.indexes.records import DayIndexes, IndexedPlan, LayerIndex
from gisgov.services.indexes.texts import MappedTextLists, MappedTexts

__all__ = [
    "DayIndexes",
    "IndexFolder",
    "IndexedPlan",
    "LayerIndex",
    "LiveIndexes",
    "MappedTextLists",
    "MappedTexts",
    "load_day",
]
