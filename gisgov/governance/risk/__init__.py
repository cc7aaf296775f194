"""Risk of buildings (楼栋等级): rules as data, and the rating of buildings by them."""

from gisgov.governance.risk.answers import FactAnswer, explain_answers
from gisgov.governance.risk.comparing import RuleDifference, RulePart, compare_rules
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
    "FactAnswer",
    "FactKind",
    "FactProblem",
    "Factor",
    "HazardCount",
    "HazardKind",
    "Ratings",
    "RiskClass",
    "RiskRules",
    "RuleDifference",
    "RulePart",
    "Trigger",
    "compare_rules",
    "explain_answers",
    "format_rules",
    "parse_rules",
    "rate",
]
