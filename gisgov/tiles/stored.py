"""Tiles as arrays by name, so that processes share them through memory-mapped files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from gisgov.errors import InputError
from gisgov.tiles.columns import TextBook
from gisgov.tiles.parts import Part, Shapes
from gisgov.tiles.rules import Rules
from gisgov.tiles.snapshot import Snapshot

_VERSION = 1
_PART = ("key", "begin", "reach", "ids", "kind", "table", "by_id", "is_live")
_SHAPES = ("feature", "ring", "hole", "xy")


def snapshot_arrays(snapshot: Snapshot) -> dict[str, npt.NDArray[Any]]:
    """Return all of a snapshot as arrays by name."""
    distinct = list({id(shapes): shapes for shapes in snapshot.simplified.values()}.values())
    number = {id(shapes): i for i, shapes in enumerate(distinct)}
    head = {
        "version": _VERSION,
        "rules": {name: getattr(snapshot.rules, name) for name in snapshot.rules.__slots__},
        "kinds": dict(snapshot.kinds),
        "parts": len(snapshot.parts),
        "simplified": {zoom: number[id(shapes)] for zoom, shapes in snapshot.simplified.items()},
        "features_from": snapshot.features_from,
    }
    arrays: dict[str, npt.NDArray[Any]] = {
        "head": np.frombuffer(json.dumps(head).encode(), dtype=np.uint8),
        "text_begin": snapshot.book.begin,
        "text": snapshot.book.octets,
    }
    for i, part in enumerate(snapshot.parts):
        arrays |= {f"part_{i}_{name}": getattr(part, name) for name in _PART}
        arrays |= {f"part_{i}_{name}": getattr(part.shapes, name) for name in _SHAPES}
    for i, shapes in enumerate(distinct):
        arrays |= {f"simplified_{i}_{name}": getattr(shapes, name) for name in _SHAPES}
    return arrays


def read_snapshot(arrays: Mapping[str, npt.NDArray[Any]]) -> Snapshot:
    """Return the snapshot of `snapshot_arrays`.

    Raises
    ------
    InputError
        When the arrays are of another version.
    """
    head = json.loads(arrays["head"].tobytes())
    if head["version"] != _VERSION:
        raise InputError(f"tiles were stored in version {head['version']}, which this program does not read")
    rules: dict[str, Any] = {
        name: tuple(each) if isinstance(each, list) else each for name, each in head["rules"].items()
    }
    parts = tuple(
        Part(**{name: arrays[f"part_{i}_{name}"] for name in _PART}, shapes=_shapes(arrays, f"part_{i}"))
        for i in range(head["parts"])
    )
    distinct = [_shapes(arrays, f"simplified_{i}") for i in sorted(set(head["simplified"].values()))]
    simplified = {int(zoom): distinct[i] for zoom, i in head["simplified"].items()}
    book = TextBook.read(arrays["text_begin"], arrays["text"])
    return Snapshot(Rules(**rules), head["kinds"], book, parts, simplified, head["features_from"])


def _shapes(arrays: Mapping[str, npt.NDArray[Any]], name: str) -> Shapes:
    return Shapes(**{each: arrays[f"{name}_{each}"] for each in _SHAPES})
