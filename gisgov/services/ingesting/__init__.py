"""Events that come in from everywhere: taken in once, joined to their areas, given a desk."""

from __future__ import annotations

from gisgov.services.ingesting.duplicates import LikelyDuplicate, LikelyDuplicates, likely_duplicates
from gisgov.services.ingesting.ingest import ingest_events
from gisgov.services.ingesting.reports import (
    DeskGiven,
    DeskNear,
    EventReport,
    Ingested,
    ItemFault,
    ItemResult,
    Unread,
)
from gisgov.services.ingesting.together import MOST_TOGETHER, Sending, ingest_together, shared

__all__ = [
    "MOST_TOGETHER",
    "DeskGiven",
    "DeskNear",
    "EventReport",
    "Ingested",
    "ItemFault",
    "ItemResult",
    "LikelyDuplicate",
    "LikelyDuplicates",
    "Sending",
    "Unread",
    "ingest_events",
    "ingest_together",
    "likely_duplicates",
    "shared",
]
