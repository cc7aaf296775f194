"""Use cases of the audit: who changed what, whether it is all there, and a copy for others to check."""

from __future__ import annotations

from gisgov.services.audit.exporting import Export, export_audit
from gisgov.services.audit.listing import AuditEntry, AuditPage, list_audit
from gisgov.services.audit.period import Period, parse_period
from gisgov.services.audit.verifying import (
    AuditFinding,
    AuditVerification,
    Milestone,
    parse_milestone,
    verify_audit,
)

__all__ = [
    "AuditEntry",
    "AuditFinding",
    "AuditPage",
    "AuditVerification",
    "Export",
    "Milestone",
    "Period",
    "export_audit",
    "list_audit",
    "parse_milestone",
    "parse_period",
    "verify_audit",
]
