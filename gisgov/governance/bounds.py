"""The bounds of areas in words, as decisions say them: 东至…，南至…，西至…，北至…."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from gisgov.geometry.sides import NONE, BorderPieces, Side
from gisgov.governance.titles import Language
from gisgov.types import Texts

LEAST_SHARE: Final = 0.15
"""What bounds a side over less than this share of it is not named, unless it is the longest."""

MOST_NAMES: Final = 3
"""Of one side."""

_LIMIT: Final = {"zh": "范围界", "en": "the limit of the ground"}
_TO: Final = {
    "zh": {Side.EAST: "东至", Side.SOUTH: "南至", Side.WEST: "西至", Side.NORTH: "北至"},
    "en": {
        Side.EAST: "east to ",
        Side.SOUTH: "south to ",
        Side.WEST: "west to ",
        Side.NORTH: "north to ",
    },
}
_BETWEEN: Final = {"zh": ("、", "，"), "en": (", ", "; ")}


@dataclass(frozen=True, slots=True)
class Bounds:
    """What bounds an area on each side, the longest first; None is the limit of the ground."""

    sides: tuple[tuple[str | None, ...], ...]

    def words(self, language: Language) -> str:
        """Say it in one sentence; a side that the area does not have is left out.

        Examples
        --------
        >>> Bounds((("文三路", "学院路"), (None,), ("古荡",), ())).words("zh")
        '东至文三路、学院路，南至范围界，西至古荡'
        """
        between, after = _BETWEEN[language]
        return after.join(
            _TO[language][side] + between.join(_LIMIT[language] if name is None else name for name in names)
            for side, names in zip(Side, self.sides, strict=True)
            if names
        )


def bounds_of(pieces: BorderPieces, names: Texts, streets: Sequence[str]) -> list[Bounds]:
    """Say what bounds areas.

    Parameters
    ----------
    pieces : BorderPieces
        Their borders; labels of lines are places in ``streets``.
    names : numpy.ndarray of str, shape (m,)
        Of the areas: what has no street along it is bounded by the area beyond.
    streets : sequence of str
        Names of streets and waters.

    Returns
    -------
    list of Bounds
        Of each area; on a side the names with the longest borders, as far as they matter.
    """
    known: list[str | None] = [*streets, *names, None]
    what = np.where(pieces.along != NONE, pieces.along, pieces.other + len(streets))
    what[(pieces.along == NONE) & (pieces.other == NONE)] = len(known) - 1
    # one name of several streets or areas is one bound
    first = {name: i for i, name in reversed(list(enumerate(known)))}
    what = np.array([first[name] for name in known], dtype=np.int64)[what]
    side = pieces.area * len(Side) + pieces.side
    cell, place = np.unique(side * len(known) + what, return_inverse=True)
    length = np.bincount(place, weights=pieces.length_m, minlength=len(cell))
    whole = np.bincount(side, weights=pieces.length_m, minlength=len(names) * len(Side))
    found: list[list[str | None]] = [[] for _ in range(len(names) * len(Side))]
    for i in np.lexsort((cell, -length)).tolist():
        at, name = divmod(int(cell[i]), len(known))
        told = found[at]
        if not told or (len(told) < MOST_NAMES and length[i] >= LEAST_SHARE * whole[at]):
            told.append(known[name])
    rows = [tuple(map(tuple, found[i : i + len(Side)])) for i in range(0, len(found), len(Side))]
    return [Bounds(row) for row in rows]
