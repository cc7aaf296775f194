"""On whose desk events land: by exceptions, by policy and place, with who serves and who is told."""

from __future__ import annotations

from gisgov.services.routing.desks import AboveArea, Asked, Desk, NearArea
from gisgov.services.routing.route import desks_of, route, with_posts

__all__ = ["AboveArea", "Asked", "Desk", "NearArea", "desks_of", "route", "with_posts"]
