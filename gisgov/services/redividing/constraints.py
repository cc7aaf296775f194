"""What is kept, as numbers of blocks: locked areas, blocks together or apart, seats."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
import shapely

from gisgov.errors import InputError
from gisgov.files.crs_choice import choose_crs
from gisgov.files.tables import read_points
from gisgov.geometry.crs import WGS84, to_wgs84_geometries
from gisgov.services.ground_files import GroundFile, read_ground
from gisgov.services.redividing.covering import first_cover
from gisgov.services.redividing.former import Former
from gisgov.services.redividing.requests import BlockGroups, Kept, SeatsFile
from gisgov.store.blocks import BlockTable
from gisgov.types import Bools, Geometries, Ints
from gisgov.zoning import Rules


@dataclass(frozen=True, slots=True, eq=False)
class Constraints:
    """What is kept, of ``n`` blocks.

    Attributes
    ----------
    locked : numpy.ndarray of bool, shape (n,)
        Blocks of areas that stay as they are.
    together : numpy.ndarray of int, shape (n,)
        Group of each block, −1 where it is in none.
    apart : numpy.ndarray of int, shape (q, 2)
        Pairs of blocks that are not to lie in one area.
    seats : numpy.ndarray of int, shape (s,)
        Blocks with a service point.
    """

    locked: Bools
    together: Ints
    apart: Ints
    seats: Ints

    def rules(self, chosen: Ints, count: int) -> Rules:
        """Return them for the engine, for the blocks of these numbers alone."""
        number = np.full(count, -1, dtype=np.int64)
        number[chosen] = np.arange(len(chosen))
        apart, seats = number[self.apart], number[self.seats]
        locked, together = self.locked[chosen], self.together[chosen]
        return Rules(
            locked=locked if locked.any() else None,
            together=together if (together >= 0).any() else None,
            apart=apart[(apart >= 0).all(axis=1)],
            seats=seats[seats >= 0],
        )


def read_constraints(kept: Kept, blocks: BlockTable, former: Former | None, on: Geometries) -> Constraints:
    """Find the blocks that are spoken of.

    Parameters
    ----------
    kept : Kept
        What is to be kept.
    blocks : BlockTable
        The ``n`` blocks.
    former : Former or None
        The areas that there are.
    on : numpy.ndarray of shapely.Point, shape (n,)
        A point on each block.

    Raises
    ------
    FileError, CrsError
        A file cannot be read or understood.
    InputError
        There is no such area, block or field, or a seat lies in no block, or two lie in one.
    """
    return Constraints(
        locked=_locked(kept.locked, former, len(blocks)),
        together=_together(kept.together, blocks, on),
        apart=_apart(kept.apart, blocks),
        seats=_seats(kept.seats, blocks),
    )


def _locked(codes: tuple[str, ...], former: Former | None, count: int) -> Bools:
    if not codes:
        return np.zeros(count, dtype=np.bool_)
    if former is None or not former.is_current:
        raise InputError("There are no areas to lock: no plan to start from is named.", field="locked")
    known = {code: i for i, code in enumerate(former.areas.codes)}
    for code in codes:
        if code not in known:
            raise InputError(
                f"There is no area {code!r} to lock.",
                hint="Name codes of areas of the plan that is started from.",
                field="locked",
            )
    return np.isin(former.area, [known[code] for code in codes])


def _together(asked: str | GroundFile | BlockGroups | None, blocks: BlockTable, on: Geometries) -> Ints:
    none = np.full(len(blocks), -1, dtype=np.int64)
    if asked is None:
        return none
    if isinstance(asked, GroundFile):
        drawn = read_ground(asked)
        return first_cover(on, drawn.into(WGS84))
    if isinstance(asked, str):
        return _groups_of_field(asked, blocks, "together")
    for group, codes in enumerate(asked):
        own = _numbers(codes, blocks, "together")
        twice = own[none[own] >= 0]
        if len(twice):
            raise InputError(
                f"Block {blocks.codes[twice[0]]} is in two groups.", hint="Make them one.", field="together"
            )
        none[own] = group
    return none


def _apart(asked: str | BlockGroups | None, blocks: BlockTable) -> Ints:
    if asked is None:
        return np.zeros((0, 2), dtype=np.int64)
    if isinstance(asked, str):
        group = _groups_of_field(asked, blocks, "apart")
        groups = [np.flatnonzero(group == one).tolist() for one in range(int(group.max()) + 1)]
    else:
        groups = [_numbers(codes, blocks, "apart").tolist() for codes in asked]
    pairs = [pair for group in groups for pair in combinations(group, 2)]
    return np.array(pairs, dtype=np.int64).reshape(len(pairs), 2)


def _groups_of_field(name: str, blocks: BlockTable, field: str) -> Ints:
    """Give the blocks that have one value of an attribute one number; those without it have −1."""
    values = [one.get(name) for one in blocks.attributes]
    if name == "land_use":
        values = blocks.land_use.tolist()
    words = sorted({str(value) for value in values if value not in (None, "")})
    if not words:
        raise InputError(f"No block has {name!r}.", field=field)
    number = {word: i for i, word in enumerate(words)}
    return np.array([number.get(str(value), -1) for value in values], dtype=np.int64)


def _numbers(codes: tuple[str, ...], blocks: BlockTable, field: str) -> Ints:
    place = np.searchsorted(blocks.codes, np.array(codes, dtype=object))
    for code, at in zip(codes, place.tolist(), strict=True):
        if at == len(blocks) or blocks.codes[at] != code:
            raise InputError(
                f"There is no block {code!r} among those divided.",
                hint="`gisgov blocks show` tells which blocks a scope has.",
                field=field,
            )
    return place.astype(np.int64)


def _seats(asked: SeatsFile | tuple[tuple[float, float], ...] | None, blocks: BlockTable) -> Ints:
    if asked is None:
        return np.zeros(0, dtype=np.int64)
    if isinstance(asked, SeatsFile):
        places, names = _places_of_file(asked)
    else:
        pairs = np.array(asked, dtype=np.float64).reshape(len(asked), 2)
        places = np.asarray(shapely.points(pairs), dtype=object)
        names = [f"Seat {number}" for number in range(1, len(asked) + 1)]
    found = first_cover(places, blocks.geometries)
    seen: dict[int, str] = {}
    for name, place, block in zip(names, places, found.tolist(), strict=True):
        if block < 0:
            raise InputError(
                f"{name} at ({place.x:.7f}, {place.y:.7f}) lies in no block that is divided.", field="seats"
            )
        if block in seen:
            raise InputError(
                f"{seen[block]} and {name} lie in one block, {blocks.codes[block]}.",
                hint="No area can hold two seats: leave one out, or cut the block between them.",
                field="seats",
            )
        seen[block] = name
    return found


def _places_of_file(asked: SeatsFile) -> tuple[Geometries, list[str]]:
    path = Path(asked.path)
    table = read_points(path, layer=asked.layer)
    system = choose_crs(asked.crs, table.crs, name=path.name)
    for row, reason in zip(table.rows.tolist(), table.reasons, strict=True):
        if reason is not None:
            raise InputError(f"{path.name}, row {row} {reason}.", field="seats")
    on = shapely.point_on_surface(table.geometries)
    return to_wgs84_geometries(on, system), [f"{path.name}, row {row}," for row in table.rows.tolist()]
