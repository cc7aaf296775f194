"""How a layer of tiles is drawn where it is too full to draw each feature."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from gisgov.errors import InputError
from gisgov.tiles.columns import INTEGER

MAX_ZOOM: Final = 22
"""The greatest zoom that there are tiles of."""

STANDS_FOR: Final = "stands_for"
"""The attribute that says how many features a cell is drawn for; a feature drawn for itself has none."""

UNCLASSIFIED: Final = "unclassified"
"""What counts of classes call a feature whose class is none of the listed ones."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a layer's tiles say, and when they draw cells instead of features.

    A zoom up to 14 is drawn feature by feature when its fullest tile stays below ``max_bytes`` and is not
    crowded (more than 16 features on each spot of 64 units that has any), and as cells otherwise. That
    goes for all of a zoom, so that neighbouring tiles look alike. Beyond zoom 14, and where a tile proves
    too long after all, each tile is judged by itself. Cells divide the tile's square into 64 × 64, or,
    where those are too many for ``max_bytes``, into 32 × 32 and so on. Each is a point amid the anchors
    of its features, with how many they are (``stands_for``), the worst of their classes, how many are of
    each class (``count_…``) and sums. A feature belongs to the one cell, in the one tile, that its anchor
    lies in: nothing is left out, nothing counted twice. A polygon that is smaller than a unit is drawn as
    a square of one unit.

    Attributes
    ----------
    name : str
        Name of the layer in the tile.
    worst : str, optional
        The column of classes; cells carry the worst one under the same name.
    classes : tuple of (str, int or bool)
        Values of that column, the worst first. Whatever else it holds is counted as ``unclassified``.
    sums : tuple of str
        Columns of integers of which cells carry the sum.
    coverage : bool
        Whether the polygons are areas that share borders. Those are simplified at low zooms, edge by shared
        edge: a border may lose triangles that are smaller than a square of two units.
    max_bytes : int, optional
        Bytes that no tile exceeds, before it is compressed; without such a limit every
        feature is drawn in every tile.
    extent : int
        Units along a tile's side.
    buffer : int
        Units around a tile within which features are drawn too.

    Raises
    ------
    InputError
        When classes are listed without the column ``worst``.

    Examples
    --------
    >>> Rules("buildings", worst="class", classes=("alert", "general", "safe")).max_bytes
    500000
    """

    name: str
    worst: str | None = None
    classes: tuple[str | int | bool, ...] = ()
    sums: tuple[str, ...] = ()
    coverage: bool = False
    max_bytes: int | None = 500_000
    extent: int = 4096
    buffer: int = 64

    def __post_init__(self) -> None:
        if self.classes and self.worst is None:
            raise InputError("classes are listed, but not the attribute that holds them")
        if self.extent & (self.extent - 1):
            raise InputError("the extent of tiles must be a power of two")

    def check_columns(self, kinds: Mapping[str, int]) -> None:
        """Make sure that there are the columns that the rules name.

        Raises
        ------
        InputError
            When one is missing, or one to sum does not hold integers, or one has the name of what cells
            carry.
        """
        named = [*self.sums, *([] if self.worst is None else [self.worst])]
        for name in named:
            if name not in kinds:
                raise InputError(
                    f"the rules of '{self.name}' name the attribute '{name}', which is not there"
                )
        for name in self.sums:
            if kinds[name] != INTEGER:
                raise InputError(f"'{name}' cannot be summed: it does not hold integers")
        if STANDS_FOR in kinds:
            raise InputError(f"no attribute may be called '{STANDS_FOR}'")
