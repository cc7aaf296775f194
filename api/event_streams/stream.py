"""The live stream of one client, from its beginning to its end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from starlette.concurrency import run_in_threadpool

from api.event_streams.follower import Batch, Follower
from api.event_streams.hub import EventHub, read_and_write
from api.event_streams.messages import (
    RETRY_MS,
    heartbeat,
    marked,
    ready_message,
    reset_message,
)
from api.progress_streams import Seats
from gisgov.errors import DatabaseUnavailable, GisgovError
from gisgov.services.event_reading import events_known, events_seen
from gisgov.store.changes import Version

HEARTBEAT_S: Final = 15.0
ADMITTED_S: Final = 10.0
"""How often is asked whether a client still may follow, beside what is heard of accounts."""


async def follow_events(
    hub: EventHub,
    follower: Follower,
    *,
    last: str | None,
    since: Version | None,
    seats: Seats,
    catches_up: bool = False,
) -> AsyncIterator[bytes]:
    """Yield how events stand, whenever one changes that a client follows and may see.

    Parameters
    ----------
    hub : EventHub
        What reads changes.
    follower : Follower
        The client.
    last : str or None
        What the client was told last, as it says; None: it begins.
    since : Version or None
        What ``last`` means; None where it means nothing.
    seats : Seats
        Where one is taken as long as the stream lasts.
    catches_up : bool
        Whether it ends when all that was missed is told.
    """
    with seats.taken_by_one():
        try:
            yield f"retry: {RETRY_MS}\n\n".encode()
            began = await hub.join(follower)
            follower.know(await run_in_threadpool(events_known, follower.database, follower.asked))
            if last is None:
                yield ready_message(began)
            else:
                began, messages = await _missed(follower, began, since)
                for message in messages:
                    yield message
            if not catches_up:
                async for message in _live(follower, began):
                    yield message
        except DatabaseUnavailable:
            return  # the client comes again, and may find it there
        finally:
            hub.leave(follower)


async def _missed(
    follower: Follower, began: Version, since: Version | None
) -> tuple[Version, tuple[bytes, ...]]:
    """Return what a client missed since it was told last, and the version that this leads to."""
    if since is None or since.epoch != began.epoch:
        return began, (reset_message("too-old", began),)
    news, written = await run_in_threadpool(read_and_write, follower.database.own, since)
    if news.ids is None:
        return news.version, (reset_message("too-old", news.version),)
    seen = await run_in_threadpool(events_seen, follower.database, news)
    messages = follower.messages_of(news, seen, written)
    return news.version, (*messages, ready_message(news.version))


async def _live(follower: Follower, told: Version) -> AsyncIterator[bytes]:
    clock = asyncio.get_running_loop().time
    spoke = asked = clock()
    while True:
        batch = await follower.take(min(HEARTBEAT_S, ADMITTED_S))
        if follower.is_over:
            return
        if follower.is_behind:
            yield reset_message("behind", None)
            return
        if clock() - asked > ADMITTED_S or (batch is not None and batch.accounts):
            if not await _is_admitted(follower):
                yield reset_message("rights", None)
                return
            asked = clock()
        if batch is not None and not _is_told(batch.version, told):
            told = batch.version
            for message in _with_mark(batch):
                yield message
                spoke = clock()
        if clock() - spoke > HEARTBEAT_S:
            yield heartbeat(told)
            spoke = clock()


def _is_told(version: Version, told: Version) -> bool:
    return version.epoch == told.epoch and version.number <= told.number


def _with_mark(batch: Batch) -> tuple[bytes, ...]:
    """Return the messages of a batch; the last one says that all of it was told."""
    if not batch.messages:
        return ()
    return (*batch.messages[:-1], marked(batch.messages[-1], batch.version))


async def _is_admitted(follower: Follower) -> bool:
    try:
        return await run_in_threadpool(follower.still_admitted)
    except GisgovError:
        return True  # nobody knows, and nothing is told while the database is away
