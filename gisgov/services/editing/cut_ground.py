"""A line laid over a draft: what it cuts, the pieces with their people, and the change that they make."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
import sqlalchemy as sa

from gisgov.geometry.blocks.segments import in_degrees
from gisgov.geometry.cutting import Cut, cut_blocks, line_on_grid
from gisgov.geometry.interpolation import spread_counts
from gisgov.geometry.measures import areas_m2
from gisgov.geometry.snap import densify
from gisgov.geometry.systems import WGS84
from gisgov.services.editing.change import AreaFacts, Change
from gisgov.services.editing.open_draft import OpenDraft
from gisgov.services.editing.operations import Line
from gisgov.services.redividing.covering import first_cover
from gisgov.store.blocks import BlockTable
from gisgov.store.drafts import DraftBlocks, blocks_by_id, blocks_of_areas
from gisgov.store.pieces import ids_near_line, known_residents, put_bent_edges, put_pieces
from gisgov.types import Floats, Geometries, Ints, Json, Texts

REACH_M: Final = 1.0
"""Within how many metres a line is drawn to borders and their vertices."""

_REACH_DEG: Final = 3e-5  # more than that, up to 70° of latitude


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """A line over a draft.

    Attributes
    ----------
    cut : Cut
        What it does to the blocks near it.
    whole : numpy.ndarray of int, shape (k,)
        For each piece the id of the block that it takes the place of, ascending.
    ground : DraftBlocks
        The ``n`` blocks of the areas that it may cut as they are with the line: those that stay, then pieces,
        which are not stored yet.
    piece : numpy.ndarray of int, shape (n,)
        Number of the piece that each of these is, −1 for one that stays.
    beside : DraftBlocks
        Pieces of other blocks, which only got vertices.
    beside_piece : numpy.ndarray of int
        Their numbers.
    """

    cut: Cut
    whole: Ints
    ground: DraftBlocks
    piece: Ints
    beside: DraftBlocks
    beside_piece: Ints


def lay_line(connection: sa.Connection, draft: OpenDraft, areas: Collection[str], line: Line) -> Laid:
    """Lay a line over areas of a draft, and find out what it cuts; nothing is stored.

    The line is straight between its places in longitude and latitude, as stored borders are; long stretches
    get vertices, so that they stay where they are in the plane of the draft.

    Raises
    ------
    InputError
        The line has no two places, or one that is none on Earth.
    """
    own = blocks_of_areas(connection, draft.id, areas)
    course = _dense(draft, line)
    around = ids_near_line(connection, draft.id, areas, course, _REACH_DEG)
    near = blocks_by_id(connection, draft.id, around)
    may_be_cut = np.flatnonzero(np.isin(near.blocks.ids, own.blocks.ids))
    cut = cut_blocks(near.blocks.geometries, may_be_cut, shapely.get_coordinates(course), REACH_M)
    pieces = _pieces(connection, draft, near, cut)
    whole = near.blocks.ids[cut.block]
    stays = np.flatnonzero(~np.isin(own.blocks.ids, whole))
    mine, others = (np.flatnonzero(np.isin(cut.block, may_be_cut) == is_own) for is_own in (True, False))
    return Laid(
        cut=cut,
        whole=whole,
        ground=_joined(own.chosen(stays), pieces.chosen(mine)),
        piece=np.concatenate((np.full(len(stays), -1, dtype=np.int64), mine)),
        beside=pieces.chosen(others),
        beside_piece=others,
    )


def store_cut(
    connection: sa.Connection,
    laid: Laid,
    goes: Texts,
    areas: Mapping[str, AreaFacts | None],
) -> Change:
    """Store the pieces, and return the change that gives the ground to areas.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction, as the owner of the tables.
    laid : Laid
        The line.
    goes : numpy.ndarray of str
        For each row of its ground the code of the area that it goes to.
    areas : mapping of str to AreaFacts or None
        What is said of areas.
    """
    is_piece = laid.piece >= 0
    number = np.concatenate((laid.piece[is_piece], laid.beside_piece))
    code = np.concatenate((goes[is_piece], laid.beside.area))
    both = _joined(laid.ground.chosen(np.flatnonzero(is_piece)), laid.beside)
    order = np.argsort(number, kind="stable")
    ids = put_pieces(connection, laid.whole[number[order]].tolist(), both.blocks.chosen(order))
    put_bent_edges(connection, laid.cut.parts, laid.cut.bent)
    stay = np.flatnonzero(~is_piece & (goes != laid.ground.area))
    return Change(
        moved=dict(zip(laid.ground.blocks.ids[stay].tolist(), goes[stay].tolist(), strict=True)),
        entering=dict(zip(ids, code[order].tolist(), strict=True)),
        leaving=frozenset(laid.whole.tolist()),
        areas=areas,
    )


def _dense(draft: OpenDraft, line: Line) -> shapely.LineString:
    drawn = shapely.LineString(in_degrees(line_on_grid(line)))
    dense: shapely.LineString = densify(np.array([drawn], dtype=object), WGS84, target=draft.working)[0]
    return dense


def _pieces(connection: sa.Connection, draft: OpenDraft, near: DraftBlocks, cut: Cut) -> DraftBlocks:
    """Return what takes the place of blocks, with its share of their people."""
    blocks, count = near.chosen(cut.block), np.bincount(cut.block, minlength=len(near))
    area_m2 = areas_m2(cut.piece, draft.working)
    residents = _residents(connection, near.blocks.ids[count > 1], cut.piece)
    people, homes = (_weights(cut.block, some, area_m2) for some in (residents[:, 0], residents[:, 1]))
    if not residents[:, 1].any():
        homes = people
    whole = near.blocks

    def shared(counts: Ints, weight: Floats) -> Ints:
        pieces = np.arange(len(cut.block))
        return spread_counts(counts, cut.block, pieces, weight, targets=len(pieces)).placed

    names = {term.attribute for term in draft.rule}
    table = BlockTable(
        codes=blocks.blocks.codes,
        geometries=cut.piece,
        area_m2=area_m2,
        population=shared(whole.population, people),
        households=shared(whole.households, homes),
        land_use=blocks.blocks.land_use,
        attributes=share_attributes(whole.attributes, cut.block, area_m2, names),
        ids=np.zeros(len(cut.block), dtype=np.int64),
    )
    return DraftBlocks(table, blocks.area)


def _residents(connection: sa.Connection, block_ids: Ints, pieces: Geometries) -> Ints:
    """Return the people and households that are known to live in buildings in each piece."""
    places, counts = known_residents(connection, block_ids.tolist())
    found = np.zeros((len(pieces), 2), dtype=np.int64)
    at = first_cover(np.asarray(shapely.points(places), dtype=object), pieces)
    np.add.at(found, at[at >= 0], counts[at >= 0])
    return found


def _weights(whole: Ints, known: Ints, area_m2: Floats) -> Floats:
    """Return what the people of blocks are shared by: those known in buildings, else ground."""
    is_known = np.bincount(whole, weights=known)[whole] > 0 if len(whole) else np.zeros(0, dtype=bool)
    return np.where(is_known, known, area_m2)


def share_attributes(
    attributes: Sequence[Json], whole: Ints, area_m2: Floats, names: Collection[str]
) -> list[Json]:
    """Return the attributes of pieces: those that load areas shared by ground, the others as they are.

    Parameters
    ----------
    attributes : sequence of dict
        Those of blocks.
    whole : numpy.ndarray of int, shape (k,)
        Number of the block of each piece, ascending.
    area_m2 : numpy.ndarray of float, shape (k,)
        Ground of each piece.
    names : collection of str
        What loads areas. Whole numbers are shared in whole numbers that add up.

    Examples
    --------
    >>> share_attributes([{"shops": 3, "name": "x"}], np.array([0, 0]), np.array([1.0, 2.0]), {"shops"})
    [{'shops': 1, 'name': 'x'}, {'shops': 2, 'name': 'x'}]
    """
    found = [dict(attributes[i]) for i in whole.tolist()]
    for name in sorted(names):
        for i in np.unique(whole).tolist():
            mine, value = np.flatnonzero(whole == i), attributes[i].get(name)
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < np.inf:
                continue
            parts: list[int] | list[float]
            if isinstance(value, int):
                zeros = np.zeros(len(mine), dtype=np.int64)
                parts = spread_counts(
                    [value], zeros, np.arange(len(mine)), area_m2[mine], targets=len(mine)
                ).placed.tolist()
            else:
                parts = (value * area_m2[mine] / area_m2[mine].sum()).tolist()
            for row, part in zip(mine.tolist(), parts, strict=True):
                found[row][name] = part
    return found


def _joined(a: DraftBlocks, b: DraftBlocks) -> DraftBlocks:
    return DraftBlocks(a.blocks.joined(b.blocks), np.concatenate((a.area, b.area)))
