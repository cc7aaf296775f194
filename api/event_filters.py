"""What a request asks of events, in its address: of lists and of the live stream."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from pydantic import Field

from api.parameters import TEXT, NoParameters, parse_bbox
from gisgov.services.audit import parse_period
from gisgov.services.event_reading import EventFilter, EventSort, OfArea, parse_filter


class FollowedParameters(NoParameters):
    """Which events are followed; a list takes the same and more."""

    layer: str | None = Field(
        default=None, max_length=TEXT, description="Layer of the area that is asked about.", examples=["grid"]
    )
    area: str | None = Field(default=None, max_length=TEXT, description="Code of that area.")
    of: OfArea = Field(
        default="either",
        description="Of an area: events that lie `in` it, on its `desk`, or `either`.",
    )
    state: str | None = Field(
        default=None,
        max_length=TEXT,
        description="States, separated by commas; `open` stands for all in which somebody still has to do "
        "something.",
        examples=["open"],
    )
    level: str | None = Field(default=None, max_length=TEXT, description="Levels: 1, 2, 3.")
    source: str | None = Field(default=None, max_length=TEXT, description="Sources, such as `hotline`.")

    def asked(self, timezone: ZoneInfo) -> EventFilter:
        """Return the filter; see `gisgov.services.event_reading.parse_filter`."""
        return parse_filter(**self._words(timezone))

    def _words(self, _: ZoneInfo) -> dict[str, Any]:
        return self.model_dump(include=set(FollowedParameters.model_fields))


class EventStreamParameters(FollowedParameters):
    """Parameters of the live stream of events."""

    last_event_id: str | None = Field(
        default=None,
        max_length=TEXT,
        description="Where to go on, as the header `Last-Event-ID` says it, for a client that cannot send "
        "headers.",
    )
    catch_up: bool = Field(
        default=False, description="`true`: only what was missed is told, and the stream ends."
    )


class EventListParameters(FollowedParameters):
    """Parameters of the list of events."""

    category: str | None = Field(default=None, max_length=TEXT, description="Codes of items of the register.")
    department: str | None = Field(default=None, max_length=TEXT, description="Codes of departments.")
    place: str | None = Field(
        default=None,
        max_length=TEXT,
        description="Instead of an area: events that lie `outside` all areas of the layer, or with "
        "`no-place`; separated by commas.",
        examples=["outside"],
    )
    limit_state: str | None = Field(
        default=None,
        max_length=TEXT,
        description="Events with a limit that is `due-soon` or `overdue`, or `late`: one was missed, or is "
        "overdue now, as the statistics of events count what is overdue; several, separated by commas.",
        examples=["overdue"],
    )
    since: str | None = Field(
        default=None,
        alias="from",
        max_length=40,
        description="What happened from this moment on: an ISO timestamp, or a date, which is its first "
        "moment in the service's time zone.",
        examples=["2026-03-01"],
    )
    until: str | None = Field(
        default=None,
        alias="to",
        max_length=40,
        description="Until this moment, which is excluded.",
        examples=["2026-04-01"],
    )
    bbox: str | None = Field(
        default=None,
        max_length=120,
        description="West,south,east,north in degrees (WGS84).",
        examples=["113.7,22.4,114.7,22.9"],
    )
    external_id: str | None = Field(
        default=None, max_length=TEXT, description="What its source calls it; with `source` one event."
    )
    building: int | None = Field(
        default=None, ge=1, le=2**63 - 1, description="Id of the building that they concern."
    )
    q: str | None = Field(
        default=None, min_length=1, max_length=TEXT, description="An id: of this service, or of a source."
    )
    sort: EventSort = Field(
        default="newest",
        description="`newest`: what happened last comes first. `due`: the events on which a limit runs, what "
        "is overdue or due first before the others; those on which none runs are left out.",
    )
    limit: int = Field(default=100, ge=1, le=1000, description="Most events on the page.")
    after: str | None = Field(
        default=None,
        max_length=TEXT,
        description="Where the page before ended. The header `Link` has the whole address of the next page.",
    )

    def _words(self, timezone: ZoneInfo) -> dict[str, Any]:
        return super()._words(timezone) | {
            "category": self.category,
            "department": self.department,
            "place": self.place,
            "limit_state": self.limit_state,
            "period": parse_period(self.since, self.until, timezone),
            "bbox": parse_bbox(self.bbox),
            "external_id": self.external_id,
            "named": self.q,
            "building_id": self.building,
        }
