"""Tiles for whoever asks, never older than the question."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from gisgov.governance.access import Actor
from gisgov.services.tiles.admitting import admit, check_place, is_place, may
from gisgov.services.tiles.ahead import INLINE_ZOOM, AheadTile
from gisgov.services.tiles.certainty import Stand
from gisgov.services.tiles.keeping import KeptTiles
from gisgov.services.tiles.kinds import AREAS, KINDS, TileName, name_of_areas, tile_name
from gisgov.services.tiles.packing import TileAnswer
from gisgov.services.tiles.telling import TileAddress, TileJson, TileLayerInfo, describe
from gisgov.services.tiles.views import Asker, View, Views
from gisgov.store.database import Database

_THREADS: Final = 2


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
        self._views = Views(database, timezone=timezone, statement_s=statement_s)
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
        view = await self._views.of(name, asker, day, stand)
        version = view.version
        if has(version):
            return TileAnswer(version, None)
        key = view.key(place, is_gzip)
        data = self._kept.get(key)
        if data is None:
            data = await self._encoded(view, place, is_gzip)
            self._kept.put(key, data)
        return TileAnswer(version, data, is_gzip and bool(data))

    def ahead(
        self,
        name: TileName,
        place: tuple[int, int, int],
        actor: Actor,
        *,
        is_gzip: bool,
        has: Callable[[str], bool],
        ready: Callable[[AheadTile], None],
    ) -> AheadTile | None:
        """Begin to draw a tile of today, and to ask whether what is in memory still holds; see `tile`.

        Parameters
        ----------
        name, place, is_gzip, has
            As of `tile`.
        actor : Actor
            Who asks, as far as that is known.
        ready : callable
            Called by the loop, later and once, when `AheadTile.answer` is known.

        Returns
        -------
        AheadTile or None
            None where nothing was begun: it is not in memory, there is no such tile, or not for them.
        """
        certainty = self._views.certainty
        seen = certainty.seen
        if seen is None or not is_place(*place) or not may(actor, name.kind):
            return None
        view = self._views.at_hand(name, actor, seen, None)
        if view is None:
            return None
        is_wanted = not has(view.version)
        tile = AheadTile(
            self._views, self._kept, name, place, actor, is_gzip, seen, view, is_wanted=is_wanted
        )
        tile.begin(certainty, self._encoders, ready)
        return tile

    async def describe(
        self, text: str, asker: Asker, *, day: date | None, base: str, path: str, query: str
    ) -> TileJson:
        """Describe the tiles of a name; ``base``, ``path`` and ``query`` are parts of their address."""
        name = tile_name(text)
        admit(asker.actor, name.kind)
        of_day = self._views.day(day)
        view = await self._views.of(name, asker, of_day)
        plans = (
            (await self._views.plans(of_day, asker.patience))[name.layer] if name.layer is not None else None
        )
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
            for layer, plans in (await self._views.plans(self._views.day(None), asker.patience)).items():
                name = name_of_areas(layer)
                info = TileLayerInfo(name, "areas", layer, plans.title_zh, plans.title_en, address(name))
                told.append(info)
        return told

    @property
    def seen(self) -> Stand | None:
        """The state that the database was in when it was asked last."""
        return self._views.certainty.seen

    async def stand(self) -> Stand:
        """Return the state of the database, no older than this call."""
        return await self._views.stand()

    async def close(self) -> None:
        """Give up what is under way."""
        await self._views.close()
        self._encoders.shutdown(wait=False)

    async def _encoded(self, view: View, place: tuple[int, int, int], is_gzip: bool) -> bytes:
        if place[0] >= INLINE_ZOOM:
            return view.encode(place, is_gzip)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._encoders, view.encode, place, is_gzip)
