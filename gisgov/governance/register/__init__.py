"""The register of categories (事项清单): its items, and what has to be decided before they count."""

from __future__ import annotations

from gisgov.governance.register.cells import layers_text, limits_text, read_layers, read_limits
from gisgov.governance.register.items import ItemKind, RegisterItem
from gisgov.governance.register.permits import (
    MOVES,
    RETIREMENT_PROPOSED,
    Permit,
    PermitAct,
    PermitMove,
    legal_acts,
)

__all__ = [
    "MOVES",
    "RETIREMENT_PROPOSED",
    "ItemKind",
    "Permit",
    "PermitAct",
    "PermitMove",
    "RegisterItem",
    "layers_text",
    "legal_acts",
    "limits_text",
    "read_layers",
    "read_limits",
]
