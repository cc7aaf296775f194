"""What every route works with, made once when the service starts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends, Request

from api.own_worker import OwnWorker
from gisgov.config import Settings
from gisgov.services.days import parse_day
from gisgov.services.indexes import IndexFolder, LiveIndexes
from gisgov.services.jobs import JobPlace
from gisgov.store.database import Database
from gisgov.work.place import index_place


@dataclass(frozen=True, slots=True)
class Context:
    """The settings, the database of whoever asks, the folders, the jobs, and the areas in force."""

    settings: Settings
    database: Database
    assets: Path
    maps: Path
    jobs: JobPlace
    worker: OwnWorker
    indexes: LiveIndexes

    @property
    def timezone(self) -> ZoneInfo:
        """Time zone of dates without one."""
        return ZoneInfo(self.settings.timezone)

    @property
    def today(self) -> date:
        """The day there."""
        return parse_day(None, self.timezone)


def live_indexes(settings: Settings, database: Database, database_url: str) -> LiveIndexes:
    """Return the areas in force of a service with these settings; `LiveIndexes.start` begins to follow."""
    folder = IndexFolder(index_place(settings, database_url))
    return LiveIndexes(database, folder, ZoneInfo(settings.timezone))


async def _context(request: Request) -> Context:
    context = request.app.state.context
    assert isinstance(context, Context)  # noqa: S101 - set by the lifespan
    # what a route does in the database it does as whoever asks
    acting = context.database.acting(request.state.actor, request.state.errand)
    return replace(context, database=acting)


InContext = Annotated[Context, Depends(_context)]
