"""Who may do what, and where: roles, the table of rights, and the actors who hold them."""

from __future__ import annotations

from gisgov.governance.access.actors import ANONYMOUS, Actor, ActorKind, Errand, Grant, operator
from gisgov.governance.access.rights import Extent, Right, RightsTable, parse_rights, rights_table
from gisgov.governance.access.roles import Role

__all__ = [
    "ANONYMOUS",
    "Actor",
    "ActorKind",
    "Errand",
    "Extent",
    "Grant",
    "Right",
    "RightsTable",
    "Role",
    "operator",
    "parse_rights",
    "rights_table",
]
