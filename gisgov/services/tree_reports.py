"""What a check of a whole tree of layers found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gisgov.services.defect_reports import CheckReport
from gisgov.services.point_reports import PointsReport


@dataclass(frozen=True, slots=True)
class TreeReport:
    """What a check of layers in force, one above the other, found.

    Attributes
    ----------
    at : datetime.date
        The day: what is in force on it was checked.
    layers : tuple of CheckReport
        One for each layer with plans in force, from the top down. ``subject`` names its plans.
    not_in_force : tuple of str
        Layers of which nothing is in force on that day.
    points : tuple of PointsReport
        Events, buildings and points of files against each partition layer.
    clean : bool
        Whether no layer has a fault, and each point lies in exactly one area of each partition layer.
    """

    at: date
    layers: tuple[CheckReport, ...]
    not_in_force: tuple[str, ...]
    points: tuple[PointsReport, ...]
    clean: bool
