"""Tiles drawn while the database is asked whether what they are drawn from still holds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Final

from gisgov.governance.access import Actor
from gisgov.services.tiles.certainty import Certainty, Stand
from gisgov.services.tiles.keeping import KeptTiles
from gisgov.services.tiles.kinds import TileName
from gisgov.services.tiles.packing import TileAnswer
from gisgov.services.tiles.views import View, Views

INLINE_ZOOM: Final = 15
"""From here on a tile is made faster than it is handed to a thread."""


class AheadTile:
    """A tile that is drawn as whoever asks would see it if nothing changed, before that is known.

    A question to the database takes as long as to draw a small tile, and neither needs the other. Nothing of
    it is given away before the database said that nothing changed since (`answer`).

    Parameters
    ----------
    name : TileName
        What of.
    place : tuple of int
        Zoom, column, row.
    actor : Actor
        Who asks, as far as that is known.
    is_gzip : bool
        Whether they take it compressed.
    seen : Stand
        What the database said last.
    view : View
        What they saw then.
    is_wanted : bool
        Whether it is to be drawn; otherwise they have it, if nothing changed.

    Attributes
    ----------
    stand : Stand or None
        What the database says now; None until then, and where it does not answer.
    """

    __slots__ = (
        "_actor", "_data", "_is_drawn", "_is_gzip", "_is_wanted", "_kept", "_key", "_name", "_place",
        "_ready", "_seen", "_view", "_views", "stand",
    )  # fmt: skip

    def __init__(
        self,
        views: Views,
        kept: KeptTiles,
        name: TileName,
        place: tuple[int, int, int],
        actor: Actor,
        is_gzip: bool,
        seen: Stand,
        view: View,
        *,
        is_wanted: bool,
    ) -> None:
        self._views, self._kept = views, kept
        self._name, self._place, self._actor, self._is_gzip = name, place, actor, is_gzip
        self._view, self._key = view, view.key(place, is_gzip)
        self._data: bytes | None = None
        self._is_wanted, self._is_drawn = is_wanted, not is_wanted
        self._ready: Callable[[AheadTile], None] | None = None
        self._seen = seen
        self.stand: Stand | None = None

    def begin(self, certainty: Certainty, encoders: Executor, ready: Callable[[AheadTile], None]) -> None:
        """Ask the database, and draw meanwhile.

        Parameters
        ----------
        certainty : Certainty
            Asks.
        encoders : concurrent.futures.Executor
            Draws what takes long.
        ready : callable
            Called by the loop, later and once, when both are done.
        """
        self._ready = ready
        question = certainty.question()
        if not self._is_drawn:
            self._data = self._kept.get(self._key)
            self._is_drawn = self._data is not None
        if not self._is_drawn:
            loop = asyncio.get_running_loop()
            if self._place[0] >= INLINE_ZOOM:
                loop.call_soon(self._draw)  # behind the question, which is sent first
            else:
                drawing = loop.run_in_executor(encoders, self._view.encode, self._place, self._is_gzip)
                drawing.add_done_callback(self._drawn)
        question.add_done_callback(self._told)

    def answer(self) -> TileAnswer | None:
        """Return the tile; None where it may be another one by now: the long way has to answer."""
        if self.stand is None or (self._is_wanted and self._data is None):
            return None
        if self.stand is not self._seen:
            view = self._views.at_hand(self._name, self._actor, self.stand, None)
            if view is None or view.key(self._place, self._is_gzip) != self._key:
                return None
        elif self._view.is_old:
            return None
        return TileAnswer(self._view.version, self._data, self._is_gzip and bool(self._data))

    def _draw(self) -> None:
        data = self._kept.get(self._key)
        if data is None:
            try:
                data = self._view.encode(self._place, self._is_gzip)
            except Exception:  # the long way finds it too, and tells of it
                data = None
            else:
                self._kept.put(self._key, data)
        self._data, self._is_drawn = data, True
        self._end()

    def _drawn(self, drawing: asyncio.Future[bytes]) -> None:
        if not drawing.cancelled() and drawing.exception() is None:
            self._data = drawing.result()
            self._kept.put(self._key, self._data)
        self._is_drawn = True
        self._end()

    def _told(self, question: asyncio.Task[Stand]) -> None:
        if question.cancelled() or question.exception() is not None:
            self._is_drawn = True  # nobody needs to wait for the drawing
        else:
            self.stand = question.result()
        self._end(is_told=True)

    def _end(self, *, is_told: bool = False) -> None:
        ready = self._ready
        if ready is not None and self._is_drawn and (is_told or self.stand is not None):
            self._ready = None
            ready(self)
