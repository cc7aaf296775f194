"""Visits, patrols and service points (走访、巡查、服务点): how often, and how near is near enough."""

from __future__ import annotations

from gisgov.governance.visits.documents import format_visits, parse_visits
from gisgov.governance.visits.policy import CareCategory, Tier, VisitPeriod, VisitPolicy
from gisgov.governance.visits.spreading import due_visits

__all__ = [
    "CareCategory",
    "Tier",
    "VisitPeriod",
    "VisitPolicy",
    "due_visits",
    "format_visits",
    "parse_visits",
]
