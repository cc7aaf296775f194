"""Risk of buildings (楼栋等级): rules as data, and the rating of buildings by them."""

from gisgov.governance.risk.documents import format_rules, parse_rules
from gisgov.governance.risk.facts import FactProblem
from gisgov.governance.risk.origins import EventCount, HazardCount, HazardKind
from gisgov.governance.risk.rating import Ratings, rate
from gisgov.governance.risk.rules import (
    Band,
    Choice,
    Condition,
    Fact,
    FactKind,
    Factor,
    RiskClass,
    RiskRules,
    Trigger,
)

__all__ = [
    "Band",
    "Choice",
    "Condition",
    "EventCount",
    "Fact",
    "FactKind",
    "FactProblem",
    "Factor",
    "HazardCount",
    "HazardKind",
    "Ratings",
    "RiskClass",
    "RiskRules",
    "Trigger",
    "format_rules",
    "parse_rules",
    "rate",
]
