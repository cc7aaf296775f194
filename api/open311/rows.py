"""Categories and events as rows of GeoReport v2."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from api.open311.forms import Row
from gisgov.governance.events import EventState
from gisgov.services.loop import EventInfo
from gisgov.services.open_requests import StoredCategory


def service_row(category: StoredCategory) -> Row:
    """Return an item of the register as a service."""
    return {
        "service_code": category.code,
        "service_name": category.title,
        "description": category.title_en,
        "metadata": False,
        "type": "realtime",
        "keywords": category.function,
        "group": category.grp,
    }


def definition_row(category: StoredCategory) -> Row:
    """Return the definition of a service; none asks for more than a place and words."""
    return {"service_code": category.code, "attributes": []}


def request_row(event: EventInfo) -> Row:
    """Return an event as a service request."""
    desk, category, state = event.desk, event.category, EventState(event.state)
    due = [
        limit.due_at for limit in event.limits if limit.state in ("running", "due-soon", "overdue", "paused")
    ]
    return {
        "service_request_id": str(event.id),
        "status": "open" if state.is_open else "closed",
        "status_notes": f"{state.title_zh} ({state.title_en})",
        "service_name": event.category_text if category is None else category.title or event.category_text,
        "service_code": None if category is None else category.code,
        "description": event.description,
        "agency_responsible": None if desk is None else desk.department_title or desk.name,
        "service_notice": None,
        "requested_datetime": _moment(event.occurred_at),
        "updated_datetime": _moment(event.changed_at),
        "expected_datetime": _moment(max(due)) if due else None,
        "address": None,
        "address_id": None,
        "zipcode": None,
        "lat": event.place.lat,
        "long": event.place.lon,
        "media_url": None,
    }


def taken_row(event_id: int, notice: str | None) -> Row:
    """Return the answer to a request that was sent."""
    told: dict[str, Any] = {"service_request_id": str(event_id), "service_notice": notice, "account_id": None}
    return told


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
