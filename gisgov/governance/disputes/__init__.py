"""Disputes (矛盾纠纷): how grave one is, by a table of rules."""

from __future__ import annotations

from gisgov.governance.disputes.documents import format_disputes, parse_disputes
from gisgov.governance.disputes.rules import DisputeGrade, DisputeRules, Graded, GradeRow

__all__ = [
    "DisputeGrade",
    "DisputeRules",
    "GradeRow",
    "Graded",
    "format_disputes",
    "parse_disputes",
]
