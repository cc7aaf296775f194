"""The events of the demo's file, sent through the same door as everybody's."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from functools import partial
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import pandas as pd

from fixtures.district.handling import Handling
from gisgov.errors import ConflictError
from gisgov.services.indexes import IndexFolder, load_day
from gisgov.services.ingesting import EventReport, Ingested, ItemResult, ingest_events
from gisgov.store.database import Database
from gisgov.types import Progress

BATCH: Final = 4_000
_AT_A_TIME: Final = 2
"""How many batches come beside each other, as from two sources."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of the events that were sent.

    Attributes
    ----------
    results : tuple of ItemResult
        Of each, by its position in the file.
    created, known, updated : int
        How many were new, were known, and were known and said otherwise now.
    seconds : float
        How long it took.
    """

    results: tuple[ItemResult, ...]
    created: int
    known: int
    updated: int
    seconds: float


def send_events(
    database: Database,
    path: Path,
    handling: Handling,
    *,
    indexes: Path,
    last_day: date,
    timezone: ZoneInfo,
    progress: Progress,
) -> Sent:
    """Send the events of a file in batches, as its sources would have in the course of the year.

    Parameters
    ----------
    database : Database
        Where they are taken in.
    path : pathlib.Path
        The CSV file of the demo.
    handling : Handling
        Tells which the patrol put right there and then.
    indexes : pathlib.Path
        Folder of the indexes of areas, shared with the service.
    last_day : datetime.date
        Its end is the moment at which all have happened.
    timezone : zoneinfo.ZoneInfo
        Of that day.
    progress : Progress
        Told of each batch.

    Raises
    ------
    ConflictError
        The database has one of the events already, and what was done with it does not let it be told again.
    """
    begin = time.monotonic()
    table = pd.read_csv(path, dtype={"external_id": str, "level": str, "category": str}, encoding="utf-8")
    reports = [*_reports(table, handling)]
    days = partial(load_day, database, IndexFolder(indexes))
    now = datetime.combine(last_day, time_of_day.max, timezone) - timedelta(seconds=1)
    batches = [reports[first : first + BATCH] for first in range(0, len(reports), BATCH)]

    def take_in(batch: Sequence[EventReport]) -> Ingested:
        return ingest_events(database, days, batch, timezone=timezone, now=now, is_history=True)

    results: list[ItemResult] = []
    with ThreadPoolExecutor(_AT_A_TIME) as together:
        for done in progress(together.map(take_in, batches), label="take in events", total=len(batches)):
            _check(done)
            results += done.items
    counts = Counter(one.outcome for one in results)
    seconds = round(time.monotonic() - begin, 3)
    return Sent(tuple(results), counts["created"], counts["known"], counts["updated"], seconds)


def _reports(table: pd.DataFrame, handling: Handling) -> Iterator[EventReport]:
    rows: Any = table.itertuples(index=False)
    for row, at_once in zip(rows, handling.at_once.tolist(), strict=True):
        has_place = not math.isnan(row.lon)
        yield EventReport(
            source=row.source,
            external_id=row.external_id,
            category=row.category,
            level=row.level,
            occurred_at=datetime.fromisoformat(row.occurred_at),
            description=row.description,
            x=row.lon if has_place else None,
            y=row.lat if has_place else None,
            corrected=at_once,
        )


def _check(done: Ingested) -> None:
    refused = next((one for one in done.items if one.faults), None)
    if refused is not None:
        raise ConflictError(
            f"{done.refused} of {done.received} events were refused; {refused.source} {refused.external_id}: "
            f"{refused.faults[0].reason}",
            hint="`gisgov db migrate --to base` empties the database, `gisgov db migrate` makes new tables.",
        )
