"""The face of Open311 (GeoReport v2): what existing clients of city services speak, over the same events."""

from __future__ import annotations

from api.open311.dialect import PREFIX, Dialect

__all__ = ["PREFIX", "Dialect"]
