"""Certainty that what is in memory is what the database has: asked for every answer, together for many."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from gisgov.store.changes import SUBJECTS, Subject, Version
from gisgov.store.tile_head import HeadAsker


@dataclass(frozen=True, slots=True)
class Stand:
    """A state of the database.

    Attributes
    ----------
    version : Version
        Of all together.
    latest : dict
        For each subject a version after which it did not change.
    era : int
        Grows whenever the database is another than before, or went back to an older state: copies of an
        earlier era tell nothing, whatever their version is. Counted by this process.
    """

    version: Version
    latest: dict[Subject, int]
    era: int = 0

    def holds(self, copy: Version, *subjects: Subject) -> bool:
        """Whether a copy of some subjects, of the same era, is still right."""
        if copy.epoch != self.version.epoch:
            return False
        return all(copy.number >= self.latest[subject] for subject in subjects)


class Certainty:
    """Answers what the state is, for each request by a question that was sent after it came.

    One question is under way at a time. Requests that come meanwhile share the next one: what they are told
    is never older than they are, so whoever changed something sees it.

    Parameters
    ----------
    asker : HeadAsker
        Asks the database.
    """

    def __init__(self, asker: HeadAsker) -> None:
        self._asker = asker
        self._stand: Stand | None = None
        self._running: asyncio.Task[Stand] | None = None
        self._next: asyncio.Task[Stand] | None = None

    @property
    def seen(self) -> Stand | None:
        """The state that the database was in when it was asked last."""
        return self._stand

    async def now(self) -> Stand:
        """Return a state that is no older than this call.

        Raises
        ------
        DatabaseUnavailable
            The database does not answer.
        """
        # a request that is cancelled leaves the question to the others
        return await asyncio.shield(self.question())

    def question(self) -> asyncio.Task[Stand]:
        """Return the question whose answer is what `now` returns; it is not to be cancelled."""
        if self._next is None:
            self._next = asyncio.ensure_future(self._ask(self._running))
        return self._next

    async def close(self) -> None:
        """Close the connection."""
        await self._asker.close()

    async def _ask(self, before: asyncio.Task[Stand] | None) -> Stand:
        if before is not None and not before.done():
            await asyncio.wait({before})
        self._running, self._next = self._next, None  # from here on the question may be on its way
        seen = self._stand
        head = await self._asker.ask(None if seen is None else seen.version)
        if seen is not None and head.version == seen.version:
            return seen
        number = head.version.number
        known = {} if seen is None else seen.latest
        latest = {one: number if one in head.changed else known.get(one, number) for one in SUBJECTS}
        self._stand = Stand(head.version, latest, _era(seen, head.version))
        return self._stand


def _era(seen: Stand | None, now: Version) -> int:
    if seen is None:
        return 0
    is_another = now.epoch != seen.version.epoch or now.number < seen.version.number
    return seen.era + is_another
