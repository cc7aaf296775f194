"""Use case: what a plan is made of, for a page that draws it and follows what planners do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from gisgov.errors import ConflictError
from gisgov.geometry.vertex_steps import UNIT, Rings, stepped_shapes
from gisgov.services.editing.preparing import prepared_plan
from gisgov.store.database import Database
from gisgov.store.drafts_shapes import (
    PlacedBlocks,
    blocks_moved_since,
    placed_blocks,
    version_of_blocks,
)
from gisgov.store.plans import StoredPlan

_NOWHERE = -1
_PLACES = 1


@dataclass(frozen=True, slots=True)
class PlanBlocks:
    """Blocks that a plan is made of, as parallel columns by code.

    Attributes
    ----------
    plan : str
        The plan.
    revision : int
        Of the plan: what was done up to it is in here.
    whole : bool
        Whether these are all of its blocks, and not those alone that moved since a revision.
    origin : tuple of float
        Longitude and latitude that shapes are told from.
    scale : float
        Degrees of a step of 1.
    codes : tuple of str
        The blocks.
    area, parent : tuple of int
        Numbers, in `area_codes` and `parent_codes`, of the area and of the area above that each is in; -1
        in none.
    area_codes, parent_codes : tuple of str
        Codes of areas, and of areas above.
    population, households : tuple of int
        People of each block.
    area_m2 : tuple of float
        Ground of each.
    shapes : list
        Of each block its parts, of each part its rings, of each ring x, y of its first vertex from the
        origin, and dx, dy from one vertex to the next; see `gisgov.geometry.vertex_steps`.
    gone : tuple of str
        Blocks that the plan is made of no more since the revision asked about.
    """

    plan: str
    revision: int
    whole: bool
    origin: tuple[float, float]
    scale: float
    codes: tuple[str, ...]
    area: tuple[int, ...]
    area_codes: tuple[str, ...]
    parent: tuple[int, ...]
    parent_codes: tuple[str, ...]
    population: tuple[int, ...]
    households: tuple[int, ...]
    area_m2: tuple[float, ...]
    shapes: list[list[Rings]]
    gone: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VersionedBlocks:
    """Blocks of a plan, and the word for what all of them are now, which is told with all of them.

    ``blocks`` is None where whoever asks has these already.
    """

    version: str | None
    blocks: PlanBlocks | None


def plan_blocks(
    database: Database,
    plan: str,
    *,
    since: int | None = None,
    today: date,
    timezone: ZoneInfo,
    is_known: Callable[[str], bool] = lambda _: False,
) -> VersionedBlocks:
    """Return what a plan is made of, or what became of it since a revision.

    A draft that no operation changed yet is made ready, where whoever asks may change it: it is made of
    blocks from then on.

    Parameters
    ----------
    database : Database
        Where it is.
    plan : str
        A draft, or a plan that was published.
    since : int, optional
        A revision: only the blocks that came, moved or went after it. All are told nevertheless where the
        log does not tell that.
    today : datetime.date
        Areas of the layer above are those in force on this day, where a draft is made ready.
    timezone : zoneinfo.ZoneInfo
        Where days begin.
    is_known : callable
        Told the version of all blocks, whether whoever asks has them.

    Raises
    ------
    NotFoundError
        There is no such plan.
    ConflictError
        It is made of plain polygons, and not of blocks.
    """
    with database.begin() as connection:
        found = prepared_plan(connection, plan, today=today, timezone=timezone)
        if since is not None:
            moved = blocks_moved_since(connection, found.id, since)
            if moved is not None:
                return VersionedBlocks(None, _told(found, moved, whole=False))
        version = version_of_blocks(connection, found.id)
        if is_known(version):
            return VersionedBlocks(version, None)
        placed = placed_blocks(connection, found.id)
    _refuse_plain(found, placed)
    return VersionedBlocks(version, _told(found, placed, whole=True))


def _refuse_plain(plan: StoredPlan, placed: PlacedBlocks) -> None:
    if placed.codes or not plan.areas:
        return
    raise ConflictError(
        f"Plan {plan.name!r} is made of plain polygons, and not of blocks.",
        hint=f"Branch it: `gisgov draft branch {plan.name} NAME` makes a draft of blocks of it."
        if plan.status != "draft"
        else "Whoever may change the draft makes it one of blocks by opening it.",
        field="plan",
    )


def _told(plan: StoredPlan, placed: PlacedBlocks, *, whole: bool) -> PlanBlocks:
    areas, area = _numbered(placed.areas)
    parents, parent = _numbered(placed.parents)
    told = stepped_shapes(placed.geometries)
    return PlanBlocks(
        plan=plan.name,
        revision=placed.revision,
        whole=whole,
        origin=(told.origin[0] / 1e7, told.origin[1] / 1e7),
        scale=UNIT,
        codes=tuple(placed.codes),
        area=area,
        area_codes=areas,
        parent=parent,
        parent_codes=parents,
        population=tuple(placed.population),
        households=tuple(placed.households),
        area_m2=tuple(round(one, _PLACES) for one in placed.area_m2),
        shapes=told.shapes,
        gone=placed.gone,
    )


def _numbered(codes: Sequence[str | None]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return codes once each, ascending, and the number of each among them."""
    named = sorted({code for code in codes if code is not None})
    number: dict[str | None, int] = {code: i for i, code in enumerate(named)}
    return tuple(named), tuple(number.get(code, _NOWHERE) for code in codes)
