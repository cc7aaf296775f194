"""Figures of areas: counted at a date, and put onto the areas of another date or plan."""

from gisgov.services.statistics.counting import layer_statistics
from gisgov.services.statistics.reports import AreaStatistics, Figures, LayerStatistics
from gisgov.services.statistics.tables import TransferReport, transfer_table

__all__ = [
    "AreaStatistics",
    "Figures",
    "LayerStatistics",
    "TransferReport",
    "layer_statistics",
    "transfer_table",
]
