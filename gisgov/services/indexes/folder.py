"""The folder of the indexes: a file for the areas of a layer's plans, made once on a machine."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import structlog

from gisgov.files.mapped_arrays import map_arrays, write_arrays
from gisgov.geometry.cell_index import FORM, CellIndex, build_cell_index
from gisgov.geometry.systems import WGS84, parse_crs
from gisgov.services.indexes.texts import MappedTextLists, MappedTexts
from gisgov.store.indexed_plans import IndexedAreas, PlanAt
from gisgov.types import SmallInts

_FORMAT: Final = 1
"""Raised when the arrays of a file or their meaning change, as `FORM` is for those of the cells: files of
other formats are made anew."""

_KEPT_S: Final = 3 * 86_400.0
_MOST_BYTES: Final = 4 << 30
_MOST_HELD: Final = 32
_INDEX: Final = "index."

_NONE: Final = IndexedAreas(np.empty(0, dtype=np.int32), [], [], [], np.empty(0, dtype=object))

_log: structlog.stdlib.BoundLogger = structlog.get_logger("gisgov.indexes")


@dataclass(frozen=True, slots=True, eq=False)
class HeldAreas:
    """The areas of some plans of one layer, and their index; parallel, in the order of the codes."""

    plan_ids: SmallInts
    codes: MappedTexts
    names: MappedTexts
    parent_codes: MappedTextLists
    index: CellIndex


class IndexFolder:
    """Where the indexes of one database lie on this machine.

    Parameters
    ----------
    path : pathlib.Path
        The folder; made when the first index is, for this user alone. Where it cannot be written every
        process holds the indexes in its own memory.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._held: OrderedDict[str, HeldAreas] = OrderedDict()
        self._holding = threading.Lock()

    def areas_of(
        self, epoch: str, layer_id: int, plans: Sequence[PlanAt], read: Callable[[], IndexedAreas]
    ) -> HeldAreas:
        """Return the areas of plans of a layer: held already, mapped from their file, or made now.

        Parameters
        ----------
        epoch : str
            Of the database.
        layer_id : int
            The layer.
        plans : sequence of PlanAt
            Its plans, in their order. What was published does not change: the plans tell which file it is.
        read : callable
            Reads their areas, where there is no sound file of them. Of several processes one does.
        """
        if not plans:
            return _held(_arrays(_NONE, plans))
        key = _key(epoch, layer_id, plans)
        held = self._held.get(key) or self._mapped(key) or self._made(key, plans, read)
        with self._holding:
            held = self._held.setdefault(key, held)
            self._held.move_to_end(key)
            while len(self._held) > _MOST_HELD:
                self._held.popitem(last=False)
        with contextlib.suppress(OSError):
            os.utime(self._file(key))  # it is in use
        return held

    def prune(self) -> None:
        """Remove files that no process has opened for days, and the oldest where all are very large."""
        with contextlib.suppress(OSError):
            # but not the locks of `api.siblings`
            files = [(path.stat(), path) for path in self.path.iterdir() if path.suffix != ".turn"]
            room = _MOST_BYTES
            for about, path in sorted(files, key=lambda one: one[0].st_mtime, reverse=True):
                room -= about.st_size
                if room < 0 or time.time() - about.st_mtime > _KEPT_S:
                    path.unlink(missing_ok=True)  # who has it mapped keeps it

    def _file(self, key: str) -> Path:
        return self.path / f"{key}.areas"

    def _mapped(self, key: str) -> HeldAreas | None:
        mapped = map_arrays(self._file(key))
        return None if mapped is None or mapped.about.get("key") != key else _held(mapped.arrays)

    def _made(self, key: str, plans: Sequence[PlanAt], read: Callable[[], IndexedAreas]) -> HeldAreas:
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            lock = self.path / f"{key}.lock"
            with _alone(lock):
                found = self._mapped(key)  # another process may have made it meanwhile
                if found is None:
                    arrays = _arrays(read(), plans)
                    write_arrays(self._file(key), arrays, {"key": key, "plans": [one.name for one in plans]})
                    found = self._mapped(key) or _held(arrays)
                    self.prune()
                lock.unlink(missing_ok=True)  # whoever waits for it finds the file, whoever comes too
                return found
        except OSError as error:
            _log.warning("indexes cannot be kept on disk", folder=str(self.path), reason=error.strerror)
            return _held(_arrays(read(), plans))


@contextlib.contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Hold a lock among all processes of the machine, waiting for it."""
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _key(epoch: str, layer_id: int, plans: Sequence[PlanAt]) -> str:
    of_plans = [(one.id, one.content_sha256, one.working_crs) for one in plans]
    told = [_FORMAT, FORM, epoch, layer_id, of_plans]
    return f"{layer_id}-{hashlib.sha256(json.dumps(told).encode()).hexdigest()[:40]}"


def _arrays(areas: IndexedAreas, plans: Sequence[PlanAt]) -> dict[str, npt.NDArray[Any]]:
    codes, names = MappedTexts.of(areas.codes), MappedTexts.of(areas.names)
    parents = MappedTextLists.of(areas.parent_codes)
    working = parse_crs(plans[0].working_crs) if plans else None
    index = build_cell_index(areas.geometries, areas.codes, WGS84, working)
    return {
        "plan_ids": areas.plan_ids,
        "code_ends": codes.ends,
        "codes": codes.octets,
        "name_ends": names.ends,
        "names": names.octets,
        "parent_ends": parents.ends,
        "parent_code_ends": parents.texts.ends,
        "parent_codes": parents.texts.octets,
        **{f"{_INDEX}{name}": array for name, array in index.to_arrays().items()},
    }


def _held(arrays: Mapping[str, npt.NDArray[Any]]) -> HeldAreas:
    own = {name[len(_INDEX) :]: array for name, array in arrays.items() if name.startswith(_INDEX)}
    parents = MappedTexts(arrays["parent_code_ends"], arrays["parent_codes"])
    return HeldAreas(
        np.asarray(arrays["plan_ids"]),
        MappedTexts(arrays["code_ends"], arrays["codes"]),
        MappedTexts(arrays["name_ends"], arrays["names"]),
        MappedTextLists(arrays["parent_ends"], parents),
        CellIndex.from_arrays(own),
    )
