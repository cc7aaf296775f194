"""The loops that draw tiles, compiled before anybody asks for one."""

from __future__ import annotations

import threading
from typing import Any, Final

import numpy as np
import shapely

from gisgov.services.tiles.rules import RULES
from gisgov.services.tiles.shapes import features_of_rows
from gisgov.store.tile_rows import TileSubject, no_rows
from gisgov.tiles import TileSet
from gisgov.tiles.features import CodedTexts, Features, features_of
from gisgov.types import Geometries

AFTER_S: Final = 15.0
"""What is asked as the service begins comes first, and one that ends soon need not begin."""

_ZOOMS: Final = (0, 12, 18)  # points for many, small shapes, large ones


def warm_later() -> threading.Timer:
    """Compile in a thread, soon; ``cancel`` what is returned where the service ends before."""
    timer = threading.Timer(AFTER_S, warm)
    timer.daemon = True  # nothing waits for it
    timer.start()
    return timer


def warm() -> None:
    """Draw a few tiles that nobody asked for.

    After an installation all is compiled, which takes longer than a request may wait, and is kept on disk;
    later it is read from there.
    """
    boxes = [shapely.box(lon, 0.0, lon + 0.001, 0.001) for lon in (0.0, 0.001)]
    shapes = np.array([*boxes, shapely.Point(9.0, 0.0)], dtype=object)
    for subject, rules in RULES.items():
        tiles = TileSet.build(_features(subject, shapes, 0), rules(subject))
        for zoom in _ZOOMS:
            middle = (1 << zoom) // 2
            for shown in (None, np.ones(len(shapes), dtype=bool)):
                tiles.now.tile(zoom, middle, max(middle - 1, 0), shown=shown)
        tiles.replace(np.array([1]), _features(subject, shapes[:1], len(shapes)))
        tiles.now.tile(0, 0, 0)


def _features(subject: TileSubject, shapes: Geometries, first_id: int) -> Features:
    """Return shapes with the attributes of a kind, all without a value."""
    count = len(shapes)
    columns: dict[str, Any] = {}
    for name, column in features_of_rows(no_rows(subject))[0].columns.items():
        if isinstance(column, CodedTexts):
            columns[name] = CodedTexts(np.full(count, -1), ())
        else:
            columns[name] = np.ma.MaskedArray(np.zeros(count, dtype=column.dtype), mask=True)
    return features_of(shapes, np.arange(first_id, first_id + count), columns)
