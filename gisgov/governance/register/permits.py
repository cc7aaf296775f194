"""The permit of an item (准入): where it stands, and what may be done with it next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from gisgov.governance.titles import Titled


class Permit(Titled):
    """How far one version of an item of the register has come."""

    PROPOSED = "proposed", "已申报", "Proposed"
    APPROVED = "approved", "已批准", "Approved"
    IN_FORCE = "in-force", "执行中", "In force"
    RETIRED = "retired", "已退出", "Retired"
    REFUSED = "refused", "不予准入", "Refused"


class PermitAct(Titled):
    """What is decided about a version of an item."""

    APPROVE = "approve", "批准", "Approve"
    REFUSE = "refuse", "不予准入", "Refuse"
    PROPOSE = "propose", "重新申报", "Propose again"
    ENFORCE = "enforce", "执行", "Put in force"
    PROPOSE_RETIREMENT = "propose-retirement", "申请退出", "Propose to retire"
    KEEP = "keep", "保留", "Keep in force"
    RETIRE = "retire", "退出", "Retire"


@dataclass(frozen=True, slots=True)
class PermitMove:
    """Where an act leads.

    Attributes
    ----------
    sources : tuple of Permit
        Where a version has to stand.
    target : Permit
        Where it stands afterwards; ``in-force`` from ``in-force``: nothing moves, what was said is recorded.
    recorded : str
        The word of the record.
    needs_day : bool
        Whether it holds from a day on.
    """

    sources: tuple[Permit, ...]
    target: Permit
    recorded: str
    needs_day: bool = False


RETIREMENT_PROPOSED: Final = "retirement-proposed"
"""The word of the record of a version in force that somebody proposes to retire."""

MOVES: Final[Mapping[PermitAct, PermitMove]] = MappingProxyType(
    {
        PermitAct.APPROVE: PermitMove((Permit.PROPOSED,), Permit.APPROVED, "approved"),
        PermitAct.REFUSE: PermitMove((Permit.PROPOSED, Permit.APPROVED), Permit.REFUSED, "refused"),
        PermitAct.PROPOSE: PermitMove((Permit.REFUSED,), Permit.PROPOSED, "proposed"),
        PermitAct.ENFORCE: PermitMove((Permit.APPROVED,), Permit.IN_FORCE, "in-force", needs_day=True),
        PermitAct.PROPOSE_RETIREMENT: PermitMove((Permit.IN_FORCE,), Permit.IN_FORCE, RETIREMENT_PROPOSED),
        PermitAct.KEEP: PermitMove((Permit.IN_FORCE,), Permit.IN_FORCE, "in-force"),
        PermitAct.RETIRE: PermitMove((Permit.IN_FORCE,), Permit.RETIRED, "retired", needs_day=True),
    }
)
"""Every legal act; what is not here is refused. A version put in force retires the one before it."""


def legal_acts(permit: Permit) -> tuple[PermitAct, ...]:
    """Return what may be done with a version that stands there.

    Examples
    --------
    >>> [act.value for act in legal_acts(Permit.PROPOSED)]
    ['approve', 'refuse']
    >>> legal_acts(Permit.RETIRED)
    ()
    """
    return tuple(act for act, move in MOVES.items() if permit in move.sources)
