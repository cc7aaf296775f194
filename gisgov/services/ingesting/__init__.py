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

__all__ = [
    "DeskGiven",
    "DeskNear",
    "EventReport",
    "Ingested",
    "ItemFault",
    "ItemResult",
    "LikelyDuplicate",
    "LikelyDuplicates",
    "Unread",
    "ingest_events",
    "likely_duplicates",
]
