"""One set of tiles in memory: read whole once, then row by row what the log of changes names."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from gisgov.services.tiles.certainty import Stand
from gisgov.services.tiles.kinds import TileKind
from gisgov.services.tiles.rules import RULES
from gisgov.services.tiles.shapes import Prints, columns_of, features_of_rows, joined_features
from gisgov.store.changes import Version, current_version
from gisgov.store.tile_changes import changed_rows, told_values
from gisgov.store.tile_reading import Reading, subject_version
from gisgov.store.tile_rows import TileRows, TileValues, no_rows, tile_rows
from gisgov.tiles import Snapshot, TileSet
from gisgov.types import BBox, Ints

_MOST_CHANGED: Final = 0.3
"""Where more than this share of the features changed, all are read again: that is faster then."""

_ALWAYS_FEW: Final = 1_000


@dataclass(frozen=True, slots=True, eq=False)
class SourceState:
    """Tiles of one kind, as the database had it at one version.

    Attributes
    ----------
    kind : TileKind
        What they show.
    plan_ids : tuple of int
        For areas: the plans.
    snapshot : Snapshot
        The tiles.
    bbox : BBox or None
        A box around all that they show, in degrees.
    version : Version
        The state that they are of.
    changed_at : int
        The version at which their subject changed last.
    name : str
        The same in every process that has the same tiles: part of addresses.
    """

    kind: TileKind
    plan_ids: tuple[int, ...]
    snapshot: Snapshot
    bbox: BBox | None
    version: Version
    changed_at: int
    name: str

    def is_right(self, stand: Stand) -> bool:
        """Whether it is what the database has: areas of plans that were in force once never change."""
        if self.kind.subject == "areas":
            return self.version.epoch == stand.version.epoch
        return stand.holds(self.version, self.kind.change)


class TileSource:
    """What follows the database: its state, and what tells which shapes changed.

    Attributes
    ----------
    state : SourceState
        As it is now; whoever took the one before keeps it.
    """

    def __init__(self, tiles: TileSet, prints: Prints, state: SourceState) -> None:
        self._tiles = tiles
        self._prints = prints
        self._follows = threading.Lock()
        self.state = state

    @classmethod
    def load(
        cls,
        reading: Reading,
        kind: TileKind,
        inside: str,
        plan_ids: tuple[int, ...],
        contents: tuple[str, ...],
    ) -> TileSource:
        """Read all there is of a kind; ``inside`` names the layer inside of its tiles.

        ``contents`` are the digests of the plans: ids come again where a database was restored.
        """
        features, prints, boxes = [], [], []
        with reading.begin() as connection:
            version = current_version(connection)
            changed_at = subject_version(connection, kind.change)
            for page in tile_rows(connection, kind.subject, plan_ids=plan_ids):
                reading.go_on()
                of_page, box = features_of_rows(page)
                features.append(of_page)
                prints.append(Prints.of(page))
                boxes.append(box)
        if not features:
            features.append(features_of_rows(no_rows(kind.subject))[0])
        tiles = TileSet.build(joined_features(features), RULES[kind.subject](inside))
        if kind.subject != "areas":
            tiles.expect_changes()
        name = _name(version, kind, (*zip(plan_ids, contents, strict=True),), changed_at)
        state = SourceState(kind, plan_ids, tiles.now, _around(boxes), version, changed_at, name)
        return cls(tiles, Prints.joined(prints), state)

    def follow(self, reading: Reading) -> bool:
        """Read what changed since, and take it over; False: there is so much that all is to be read again.

        One at a time: whoever is given up may be taking rows over while the next one begins.
        """
        with self._follows:
            return self._follow(reading)

    def _follow(self, reading: Reading) -> bool:
        state, kind = self.state, self.state.kind
        with reading.begin() as connection:
            changed = changed_rows(connection, kind.change, state.version)
            if changed.ids is None or len(changed.ids) > _MOST_CHANGED * len(state.snapshot) + _ALWAYS_FEW:
                return False
            told = told_values(connection, kind.subject, state.version, changed.ids[changed.is_once])
            asked = np.setdiff1d(changed.ids, told.ids, assume_unique=True)
            rows = no_rows(kind.subject)
            if len(asked):
                rows = next(tile_rows(connection, kind.subject, ids=asked), rows)
        changed_at = state.changed_at if changed.changed_at is None else changed.changed_at
        box = self._take(told, asked, rows)
        self.state = SourceState(
            kind,
            state.plan_ids,
            self._tiles.now,
            _around([state.bbox, box]),
            changed.version,
            changed_at,
            _name(changed.version, kind, (), changed_at),
        )
        return True

    def _take(self, told: TileValues, asked: Ints, rows: TileRows) -> BBox | None:
        """Take over what features were told to have, and rows in the place of those that were asked for.

        Returns the box of new shapes.
        """
        now = Prints.of(rows)
        same = self._prints.same(now)
        values = TileValues.joined([told, rows.values.taken(same)])
        if len(values.ids):
            self._tiles.change(values.ids, columns_of(values))
        others = np.setdiff1d(asked, now.ids[same], assume_unique=True)
        left = others[self._prints.known(others)]
        if not len(left) and same.all():
            return None
        features, box = features_of_rows(rows.taken(~same))
        self._tiles.replace(left, features)
        self._prints = self._prints.replaced(left, Prints(now.ids[~same], now.values[~same]))
        return box


def _name(version: Version, kind: TileKind, plans: tuple[tuple[int, str], ...], changed_at: int) -> str:
    state = (
        ",".join(f"{number} {content}" for number, content in plans)
        if kind.subject == "areas"
        else str(changed_at)
    )
    told = f"{version.epoch} {kind.subject} {state}"
    return hashlib.blake2b(told.encode(), digest_size=9).hexdigest()


def _around(boxes: Sequence[BBox | None]) -> BBox | None:
    known = [box for box in boxes if box is not None]
    if not known:
        return None
    west, south, east, north = zip(*known, strict=True)
    return min(west), min(south), max(east), max(north)
