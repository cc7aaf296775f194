"""Spatial governance by grids: coverages, plans, events, building risk, and who answers for a coordinate."""

__version__ = "0.1.0"
