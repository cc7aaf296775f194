"""Events as they change, told to whoever follows them: read once a change and process, bounded for each."""

from __future__ import annotations

from api.event_streams.follower import Follower
from api.event_streams.hub import EventHub
from api.event_streams.messages import parse_mark
from api.event_streams.response import LiveResponse
from api.event_streams.stream import follow_events

__all__ = ["EventHub", "Follower", "LiveResponse", "follow_events", "parse_mark"]
