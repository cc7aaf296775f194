"""The demo's year of events: taken in as their sources would send them, then handled as people would."""

from __future__ import annotations

from gisgov.demo.events.replaying import Replayed, replay_handling
from gisgov.demo.events.sending import Sent, send_events

__all__ = ["Replayed", "Sent", "replay_handling", "send_events"]
