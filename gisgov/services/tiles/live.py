"""Tiles for whoever asks, never older than the question."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from gisgov.errors import InputError, NotAllowed, NotFoundError, NotSignedIn
from gisgov.governance.access import Actor, ActorKind, Errand, rights_table
from gisgov.services.tiles.certainty import Certainty, Stand
from gisgov.services.tiles.keeping import KeptTiles, Recent
from gisgov.services.tiles.kinds import AREAS, KINDS, TileKind, TileName, name_of_areas, tile_name
from gisgov.services.tiles.masks import SUBJECTS, Mask, ask_mask, sees_all
from gisgov.services.tiles.packing import packed
from gisgov.services.tiles.sources import SourceState, TileSource
from gisgov.services.tiles.telling import TileAddress, TileJson, TileLayerInfo, describe
from gisgov.services.tiles.waiting import Patience, SharedWork
from gisgov.store.changes import Version, current_version
from gisgov.store.database import Database
from gisgov.store.tile_head import HeadAsker
from gisgov.store.tile_reading import PlansInForce, Reading, plans_in_force
from gisgov.tiles import MAX_ZOOM

_INLINE_ZOOM: Final = 15
"""From here on a tile is made faster than it is handed to a thread."""

_THREADS: Final = 2
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


@dataclass(frozen=True, slots=True)
class TileAnswer:
    """A tile.

    Attributes
    ----------
    version : str
        Of the tiles that whoever asked sees.
    data : bytes or None
        The tile, empty where nothing is; None: it is the version that they have.
    is_gzip : bool
        Whether it is compressed.
    """

    version: str
    data: bytes | None
    is_gzip: bool = False


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

    def encode(self, place: tuple[int, int, int], is_gzip: bool) -> bytes:
        """Return a tile as it is sent."""
        snapshot = self.state.snapshot
        shown = None if self.mask is None else self.mask.shown(snapshot)
        return packed(snapshot.tile(*place, shown=shown), is_gzip)


class LiveTiles:
    """All tiles of a service, in memory as far as they were asked for.

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
        self._kept = KeptTiles()
        self._encoders = ThreadPoolExecutor(_THREADS, thread_name_prefix="tiles")

    async def tile(
        self,
        name: TileName,
        place: tuple[int, int, int],
        asker: Asker,
        *,
        day: date | None,
        is_gzip: bool,
        has: Callable[[str], bool],
        stand: Stand | None = None,
    ) -> TileAnswer:
        """Return a tile as whoever asks may see it.

        Parameters
        ----------
        name : TileName
            What of.
        place : tuple of int
            Zoom, column, row.
        asker : Asker
            Who asks.
        day : datetime.date or None
            For areas: in force on which day; None is today.
        is_gzip : bool
            Whether they take it compressed.
        has : callable
            Tells whether they have the tile of a version already.
        stand : Stand, optional
            A state that is no older than the question.

        Raises
        ------
        NotSignedIn, NotAllowed
            They may not.
        NotFoundError
            There is no such layer.
        DatabaseUnavailable
            The database does not answer, or the tiles are being made and that takes too long.
        Cancelled
            They are gone.
        """
        admit(asker.actor, name.kind)
        check_place(*place)
        view = await self._view(name, asker, day, stand)
        version = view.version
        if has(version):
            return TileAnswer(version, None)
        key = (view.era, version, view.inside, place, is_gzip)
        data = self._kept.get(key)
        if data is None:
            data = await self._encoded(view, place, is_gzip)
            self._kept.put(key, data)
        return TileAnswer(version, data, is_gzip and bool(data))

    async def describe(
        self, text: str, asker: Asker, *, day: date | None, base: str, path: str, query: str
    ) -> TileJson:
        """Describe the tiles of a name; ``base``, ``path`` and ``query`` are parts of their address."""
        name = tile_name(text)
        admit(asker.actor, name.kind)
        of_day = self._day(day)
        view = await self._view(name, asker, of_day)
        plans = (await self._plans(of_day, asker.patience))[name.layer] if name.layer is not None else None
        bbox = view.state.bbox if view.mask is None else view.mask.bbox
        return describe(name, text, TileAddress(base, path, query), view.version, bbox, of_day, plans)

    async def layers(self, asker: Asker, address: Callable[[str], str]) -> list[TileLayerInfo]:
        """List what there are tiles of, for who asks; ``address`` gives that of the description of a name."""
        told = [
            TileLayerInfo(name, kind.subject, None, kind.title_zh, kind.title_en, address(name))
            for name, kind in KINDS.items()
            if may(asker.actor, kind)
        ]
        if may(asker.actor, AREAS):
            for layer, plans in (await self._plans(self._day(None), asker.patience)).items():
                name = name_of_areas(layer)
                info = TileLayerInfo(name, "areas", layer, plans.title_zh, plans.title_en, address(name))
                told.append(info)
        return told

    async def stand(self) -> Stand:
        """Return the state of the database, no older than this call."""
        return await self._certainty.now()

    async def close(self) -> None:
        """Give up what is under way."""
        await self._work.close()
        await self._certainty.close()
        self._encoders.shutdown(wait=False)

    async def _view(self, name: TileName, asker: Asker, day: date | None, stand: Stand | None = None) -> View:
        if stand is None:
            stand = await self._certainty.now()
        of_plans: PlansInForce | None = None
        if name.layer is not None:
            plans = await self._plans_at(stand, self._day(day), asker.patience)
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

    async def _encoded(self, view: View, place: tuple[int, int, int], is_gzip: bool) -> bytes:
        if place[0] >= _INLINE_ZOOM:
            return view.encode(place, is_gzip)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._encoders, view.encode, place, is_gzip)

    async def _plans(self, day: date, patience: Patience) -> dict[str, PlansInForce]:
        return await self._plans_at(await self._certainty.now(), day, patience)

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
        key: Hashable = (stand.era, inside, kind.subject, plan_ids, contents)
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
        # plans end with a day, and tell nothing
        key: Hashable = (stand.era, self._day(None), kind.subject, actor)
        while True:
            mask = self._masks.get(key)
            if mask is not None and not mask.is_old and stand.holds(mask.version, kind.change, *SUBJECTS):
                return mask

            async def ask(reading: Reading) -> None:
                self._masks.put(key, await asyncio.to_thread(ask_mask, reading, kind, actor, asker.errand))

            await self._work.join(key, ask, asker.patience)

    def _day(self, day: date | None) -> date:
        return datetime.now(self._timezone).date() if day is None else day


def may(actor: Actor, kind: TileKind) -> bool:
    """Whether an actor may see tiles of a kind at all."""
    return actor.may(rights_table().rights[kind.right])


def admit(actor: Actor, kind: TileKind) -> None:
    """Refuse tiles of a kind to who has no right to them.

    Raises
    ------
    NotSignedIn
        They are for accounts, and nobody in particular asks.
    NotAllowed
        The account has no right to them.
    """
    if may(actor, kind):
        return
    told = f"Tiles of {kind.subject}"
    if actor.kind is ActorKind.ANONYMOUS:
        raise NotSignedIn(
            f"{told} are for accounts.", hint="Sign in, or send a key: `Authorization: Bearer …`."
        )
    raise NotAllowed(f"{actor.name} has no right to tiles of {kind.subject}: they take {kind.right}.")


def check_place(z: int, x: int, y: int) -> None:
    """Refuse a tile that no zoom has.

    Raises
    ------
    InputError
        The zoom is not one of 0 to 22, or the tile lies beyond the edge of the world.
    """
    if not 0 <= z <= MAX_ZOOM:
        raise InputError(f"There is no zoom {z}.", hint=f"Zooms go from 0 to {MAX_ZOOM}.", field="z")
    for field, value in (("x", x), ("y", y)):
        if not 0 <= value < 1 << z:
            raise InputError(
                f"At zoom {z} there is no tile of {field} {value}.",
                hint=f"It goes from 0 to {(1 << z) - 1}.",
                field=field,
            )


def _read_plans(reading: Reading, day: date) -> tuple[Version, dict[str, PlansInForce]]:
    with reading.begin() as connection:
        return current_version(connection), plans_in_force(connection, day)
