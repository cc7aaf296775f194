"""Patrols, visits and service points: where patrols were, who is due a visit, who is far from any service."""

from __future__ import annotations

from gisgov.services.patrols.checking_in import CheckInsTaken, SentCheckIn, take_check_ins
from gisgov.services.patrols.coverage import patrol_coverage
from gisgov.services.patrols.reports import PatrolCoverage, ServiceCoverage, VisitLoad
from gisgov.services.patrols.service import service_coverage
from gisgov.services.patrols.service_lists import ServicePointInfo, buildings_outside, service_points
from gisgov.services.patrols.visits import visit_load

__all__ = [
    "CheckInsTaken",
    "PatrolCoverage",
    "SentCheckIn",
    "ServiceCoverage",
    "ServicePointInfo",
    "VisitLoad",
    "buildings_outside",
    "patrol_coverage",
    "service_coverage",
    "service_points",
    "take_check_ins",
    "visit_load",
]
