"""What somebody sees of the layers: read once for all who ask, and never older than the question."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from gisgov.errors import NotFoundError
from gisgov.governance.access import Actor, Errand
from gisgov.services.tiles.certainty import Certainty, Stand
from gisgov.services.tiles.keeping import Recent
from gisgov.services.tiles.kinds import TileKind, TileName
from gisgov.services.tiles.masks import SUBJECTS, Mask, ask_mask, sees_all
from gisgov.services.tiles.packing import packed
from gisgov.services.tiles.sources import SourceState, TileSource
from gisgov.services.tiles.waiting import Patience, SharedWork
from gisgov.store.changes import Version, current_version
from gisgov.store.database import Database
from gisgov.store.tile_head import HeadAsker
from gisgov.store.tile_reading import PlansInForce, Reading, plans_in_force

_MOST_SOURCES: Final = 64
_MOST_MASKS: Final = 64
_MOST_DAYS: Final = 16
_SAME_DAY: Final = "areas of one day"


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, about what, and how long they wait."""

    actor: Actor
    errand: Errand
    patience: Patience


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """Tiles as somebody sees them: what there is and what of it they see, of one state of one era."""

    era: int
    state: SourceState
    mask: Mask | None
    inside: str

    @property
    def version(self) -> str:
        """Its name in addresses."""
        return self.state.name if self.mask is None else f"{self.state.name}-{self.mask.name}"

    @property
    def is_old(self) -> bool:
        """Whether who sees what is to be asked for again, whatever did not change."""
        return self.mask is not None and self.mask.is_old

    def key(self, place: tuple[int, int, int], is_gzip: bool) -> Hashable:
        """Return what is the same for the same tile, as it is sent."""
        return self.era, self.version, self.inside, place, is_gzip

    def encode(self, place: tuple[int, int, int], is_gzip: bool) -> bytes:
        """Return a tile as it is sent."""
        snapshot = self.state.snapshot
        shown = None if self.mask is None else self.mask.shown(snapshot)
        return packed(snapshot.tile(*place, shown=shown), is_gzip)


class Views:
    """What there is of each layer and who sees what of it, in memory as far as it was asked for.

    Parameters
    ----------
    database : Database
        Where from.
    timezone : zoneinfo.ZoneInfo
        Where it is today.
    statement_s : float
        How long one statement may take.
    """

    def __init__(self, database: Database, *, timezone: ZoneInfo, statement_s: float) -> None:
        self._timezone = timezone
        self._certainty = Certainty(HeadAsker(database.engine, statement_s))
        self._work = SharedWork(database.own, statement_s)
        self._sources: Recent[TileSource] = Recent(_MOST_SOURCES)
        self._masks: Recent[Mask] = Recent(_MOST_MASKS)
        self._days: Recent[tuple[Version, dict[str, PlansInForce]]] = Recent(_MOST_DAYS)

    @property
    def certainty(self) -> Certainty:
        """What tells the state of the database."""
        return self._certainty

    def at_hand(self, name: TileName, actor: Actor, stand: Stand, day: date | None) -> View | None:
        """Return what `of` would return, if it is in memory; None where something has to be read.

        ``stand`` is a state that is no older than the question, or an older one for a guess.
        """
        plans: PlansInForce | None = None
        if name.layer is not None:
            known = self._days.get((stand.era, self.day(day)))
            plans = known[1].get(name.layer) if known is not None and stand.holds(known[0], "plan") else None
            if plans is None:
                return None
        source = self._sources.get(_key_of(name.kind, name.inside, plans, stand))
        if source is None or not source.state.is_right(stand):
            return None
        state = source.state
        if sees_all(actor, name.kind):
            return View(stand.era, state, None, name.inside)
        mask = self._masks.get(self._key_of_mask(name.kind, actor, stand))
        if mask is None or not _is_right(mask, name.kind, stand) or mask.changed_at != state.changed_at:
            return None
        return View(stand.era, state, mask, name.inside)

    async def of(self, name: TileName, asker: Asker, day: date | None, stand: Stand | None = None) -> View:
        """Return what whoever asks sees of a name, no older than this call or the state that is given."""
        if stand is None:
            stand = await self._certainty.now()
        of_plans: PlansInForce | None = None
        if name.layer is not None:
            plans = await self._plans_at(stand, self.day(day), asker.patience)
            if name.layer not in plans:
                raise NotFoundError(f"There is no layer {name.layer!r}.", field="layer")
            of_plans = plans[name.layer]
        if sees_all(asker.actor, name.kind):
            state = await self._state(name.kind, name.inside, of_plans, stand, asker.patience)
            return View(stand.era, state, None, name.inside)
        while True:
            state = await self._state(name.kind, name.inside, of_plans, stand, asker.patience)
            mask = await self._mask(name.kind, asker, stand)
            if mask.changed_at == state.changed_at:
                return View(stand.era, state, mask, name.inside)
            stand = await self._certainty.now()  # something changed between the two

    async def stand(self) -> Stand:
        """Return the state of the database, no older than this call."""
        return await self._certainty.now()

    async def close(self) -> None:
        """Give up what is under way."""
        await self._work.close()
        await self._certainty.close()

    async def plans(self, day: date, patience: Patience) -> dict[str, PlansInForce]:
        """Return the plans of areas that are in force on a day, by layer."""
        return await self._plans_at(await self._certainty.now(), day, patience)

    def day(self, day: date | None) -> date:
        """Return the day that is meant; None is today."""
        return datetime.now(self._timezone).date() if day is None else day

    async def _plans_at(self, stand: Stand, day: date, patience: Patience) -> dict[str, PlansInForce]:
        while True:
            known = self._days.get((stand.era, day))
            if known is not None and stand.holds(known[0], "plan"):
                return known[1]

            async def read(reading: Reading) -> None:
                self._days.put((stand.era, day), await asyncio.to_thread(_read_plans, reading, day))

            await self._work.join((_SAME_DAY, stand.era, day), read, patience)

    async def _state(
        self, kind: TileKind, inside: str, plans: PlansInForce | None, stand: Stand, patience: Patience
    ) -> SourceState:
        plan_ids, contents = ((), ()) if plans is None else (plans.plan_ids, plans.contents)
        key = _key_of(kind, inside, plans, stand)
        while True:
            source = self._sources.get(key)
            if source is not None and source.state.is_right(stand):
                return source.state

            async def renew(reading: Reading, source: TileSource | None = source) -> None:
                is_known = source is not None and source.state.version.epoch == stand.version.epoch
                if source is not None and is_known and await asyncio.to_thread(source.follow, reading):
                    return
                read = await asyncio.to_thread(TileSource.load, reading, kind, inside, plan_ids, contents)
                self._sources.put(key, read)

            await self._work.join(key, renew, patience)

    async def _mask(self, kind: TileKind, asker: Asker, stand: Stand) -> Mask:
        actor = asker.actor
        key = self._key_of_mask(kind, actor, stand)
        while True:
            mask = self._masks.get(key)
            if mask is not None and _is_right(mask, kind, stand):
                return mask

            async def ask(reading: Reading) -> None:
                self._masks.put(key, await asyncio.to_thread(ask_mask, reading, kind, actor, asker.errand))

            await self._work.join(key, ask, asker.patience)

    def _key_of_mask(self, kind: TileKind, actor: Actor, stand: Stand) -> Hashable:
        # plans end with a day, and tell nothing
        return stand.era, self.day(None), kind.subject, actor


def _key_of(kind: TileKind, inside: str, plans: PlansInForce | None, stand: Stand) -> Hashable:
    plan_ids, contents = ((), ()) if plans is None else (plans.plan_ids, plans.contents)
    return stand.era, inside, kind.subject, plan_ids, contents


def _is_right(mask: Mask, kind: TileKind, stand: Stand) -> bool:
    return not mask.is_old and stand.holds(mask.version, kind.change, *SUBJECTS)


def _read_plans(reading: Reading, day: date) -> tuple[Version, dict[str, PlansInForce]]:
    with reading.begin() as connection:
        return current_version(connection), plans_in_force(connection, day)
