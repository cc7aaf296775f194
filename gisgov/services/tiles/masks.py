"""What an actor may see of tiles that not everybody may see all of: asked of row-level security itself."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from gisgov.governance.access import Actor, Errand, Extent, rights_table
from gisgov.services.tiles.kinds import TileKind
from gisgov.store.changes import Version, current_version
from gisgov.store.tile_reading import Reading, seen_rows, subject_version
from gisgov.tiles import Snapshot
from gisgov.types import BBox, Bools, Ints

SUBJECTS: Final = ("account", "plan")
"""What a territory hangs on besides the rows themselves."""

_LASTS_S: Final = 60.0
"""A mask is asked for anew after so long, whatever the log says: plans end with a day, and tell nothing."""


@dataclass(slots=True, eq=False)
class Mask:
    """The rows that an actor may see.

    Attributes
    ----------
    ids : numpy.ndarray of int64
        Their ids, ascending.
    bbox : BBox or None
        The box around them, in degrees.
    version : Version
        The state that it is of.
    changed_at : int
        The version at which their subject changed last.
    name : str
        The same for the same ids.
    """

    ids: Ints
    bbox: BBox | None
    version: Version
    changed_at: int
    name: str
    _asked: float = field(default_factory=time.monotonic)
    _of: tuple[Snapshot, Bools] | None = None

    def shown(self, snapshot: Snapshot) -> Bools:
        """Return which features of tiles of the same state are seen, by their rows."""
        known = self._of
        if known is not None and known[0] is snapshot:
            return known[1]
        rows = snapshot.rows_of(self.ids)
        shown = np.zeros(sum(len(part) for part in snapshot.parts), dtype=bool)
        shown[rows[rows >= 0]] = True
        self._of = snapshot, shown
        return shown

    @property
    def is_old(self) -> bool:
        """Whether days may have passed since."""
        return time.monotonic() - self._asked > _LASTS_S


def sees_all(actor: Actor, kind: TileKind) -> bool:
    """Whether an actor who holds the right of a kind holds it everywhere.

    Examples
    --------
    >>> from gisgov.governance.access import operator
    >>> from gisgov.services.tiles.kinds import KINDS
    >>> sees_all(operator("root"), KINDS["buildings"])
    True
    """
    right = rights_table().rights[kind.right]
    if kind.table is None or right.extent is not Extent.TERRITORY or actor.is_operator:
        return True
    if right.name in actor.open_rights:
        return True
    return any(grant.is_everywhere and grant.role in right.roles for grant in actor.grants)


def ask_mask(reading: Reading, kind: TileKind, actor: Actor, errand: Errand) -> Mask:
    """Ask the database which rows of a kind an actor sees."""
    assert kind.table is not None  # noqa: S101 - others are seen whole
    with reading.begin() as connection:
        version = current_version(connection)
        changed_at = subject_version(connection, kind.change)
        reading.hand_over(connection, actor, errand)
        ids, bbox = seen_rows(connection, kind.table)
    return Mask(ids, bbox, version, changed_at, hashlib.blake2b(ids.tobytes(), digest_size=9).hexdigest())
