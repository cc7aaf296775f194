"""Who may do it, and there? The one place that asks; row-level security in the database holds the same."""

from __future__ import annotations

from gisgov.services.access.admission import admit, right_of
from gisgov.services.access.reaching import (
    buildings_reached,
    codes_reached,
    devices_beyond,
    holds,
    is_program,
    places_beyond,
    require_area,
    require_building,
    require_event,
    require_everywhere,
    require_own_areas,
    require_scope,
    rights_in_events,
    rows_beyond,
)

__all__ = [
    "admit",
    "buildings_reached",
    "codes_reached",
    "devices_beyond",
    "holds",
    "is_program",
    "places_beyond",
    "require_area",
    "require_building",
    "require_event",
    "require_everywhere",
    "require_own_areas",
    "require_scope",
    "right_of",
    "rights_in_events",
    "rows_beyond",
]
