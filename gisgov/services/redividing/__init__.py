"""Re-division (重新划分): ground divided into areas anew, or the areas of a plan changed.

`propose_redivision` computes, `store_proposal` stores drafts in one transaction, `redivide` does both.
What is asked is a `RedivisionRequest`, what is told a `RedivisionReport`.
"""

from __future__ import annotations

from gisgov.services.redividing.draft_names import refuse_early
from gisgov.services.redividing.proposing import Proposal, propose_redivision
from gisgov.services.redividing.reports import RedivisionReport
from gisgov.services.redividing.requests import (
    KIND,
    HowMany,
    Kept,
    RedivisionRequest,
    SeatsFile,
    Sought,
)
from gisgov.services.redividing.storing import redivide, store_proposal

__all__ = [
    "KIND",
    "HowMany",
    "Kept",
    "Proposal",
    "RedivisionReport",
    "RedivisionRequest",
    "SeatsFile",
    "Sought",
    "propose_redivision",
    "redivide",
    "refuse_early",
    "store_proposal",
]
