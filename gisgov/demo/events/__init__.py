"""The demo's year of events: taken in as their sources would send them, then handled as people would."""

from __future__ import annotations

from gisgov.demo.events.living import live_year

__all__ = ["live_year"]
