"""Routing (分派): from the place, the item of the register and the level of an event to somebody's desk."""

from __future__ import annotations

from gisgov.governance.routing.deciding import Choice, Item, choose_desk, level_of
from gisgov.governance.routing.policy import (
    DuplicateRule,
    ItemKind,
    RoutingPolicy,
    Way,
    format_routing,
    parse_routing,
)

__all__ = [
    "Choice",
    "DuplicateRule",
    "Item",
    "ItemKind",
    "RoutingPolicy",
    "Way",
    "choose_desk",
    "format_routing",
    "level_of",
    "parse_routing",
]
