"""Risk of buildings: rules proposed, previewed and put in force; ratings given, kept and explained."""

from __future__ import annotations

from gisgov.services.rating.adopting import RulesInForce, put_in_force
from gisgov.services.rating.explaining import BuildingKey, explain_building, rating_history
from gisgov.services.rating.explanations import BuildingRisk, RatingHistory
from gisgov.services.rating.preview_reports import RatingPreview
from gisgov.services.rating.previewing import preview_rules
from gisgov.services.rating.rating import rate_buildings, rate_some
from gisgov.services.rating.reports import ClassChange, FactTrouble, RatingReport
from gisgov.services.rating.rules import (
    RulesCompared,
    RulesDetail,
    RulesInfo,
    RulesProposed,
    compare_versions,
    find_rules,
    list_rules,
    propose_rules,
    rules_in_force,
    show_rules,
)
from gisgov.services.rating.summary import AreaRisk, RiskSummary, risk_summary

__all__ = [
    "AreaRisk",
    "BuildingKey",
    "BuildingRisk",
    "ClassChange",
    "FactTrouble",
    "RatingHistory",
    "RatingPreview",
    "RatingReport",
    "RiskSummary",
    "RulesCompared",
    "RulesDetail",
    "RulesInForce",
    "RulesInfo",
    "RulesProposed",
    "compare_versions",
    "explain_building",
    "find_rules",
    "list_rules",
    "preview_rules",
    "propose_rules",
    "put_in_force",
    "rate_buildings",
    "rate_some",
    "rating_history",
    "risk_summary",
    "rules_in_force",
    "show_rules",
]
