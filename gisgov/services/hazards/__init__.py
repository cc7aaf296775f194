"""Hazards of buildings (隐患): recorded one by one or from files, taken step by step, listed, counted."""

from __future__ import annotations

from gisgov.services.hazards.importing import import_hazards
from gisgov.services.hazards.reading import HazardFilter, find_hazard, list_hazards, parse_hazards
from gisgov.services.hazards.recording import record_hazards
from gisgov.services.hazards.reports import (
    HazardHistory,
    HazardInfo,
    HazardPage,
    HazardResult,
    HazardsTaken,
    HazardStepInfo,
)
from gisgov.services.hazards.statistics import HazardStatistics, hazard_statistics
from gisgov.services.hazards.stepping import take_hazard_step
from gisgov.services.hazards.tables import hazard_table
from gisgov.services.hazards.taking import SentHazard

__all__ = [
    "HazardFilter",
    "HazardHistory",
    "HazardInfo",
    "HazardPage",
    "HazardResult",
    "HazardStatistics",
    "HazardStepInfo",
    "HazardsTaken",
    "SentHazard",
    "find_hazard",
    "hazard_statistics",
    "hazard_table",
    "import_hazards",
    "list_hazards",
    "parse_hazards",
    "record_hazards",
    "take_hazard_step",
]
