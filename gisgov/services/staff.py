"""Use case: fill the staff posts of a layer, and say where they differ from its formula."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from gisgov.errors import InputError
from gisgov.governance.staffing import StaffingFormula
from gisgov.store.areas import ground_in_force
from gisgov.store.database import Database
from gisgov.store.layers import find_layer
from gisgov.store.staff import StaffPost, delete_posts, posts_of_layer, put_posts

__all__ = ["StaffFault", "StaffPost", "StaffStored", "put_staff"]


@dataclass(frozen=True, slots=True)
class StaffFault:
    """An area whose posts differ from the layer's formula, and how."""

    area_code: str
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StaffStored:
    """What filling the posts of a layer did.

    Attributes
    ----------
    layer : str
        The layer.
    added, removed, unchanged : int
        Posts that are new, that the list no longer has, and that were there already.
    formula : str or None
        What the layer asks for in every area.
    areas : int
        Areas of the layer in force.
    faults : tuple of StaffFault
        Areas whose posts do not fit the formula, by code.
    """

    layer: str
    added: int
    removed: int
    unchanged: int
    formula: str | None
    areas: int
    faults: tuple[StaffFault, ...]


def put_staff(database: Database, layer: str, posts: Iterable[StaffPost], *, at: date) -> StaffStored:
    """Make the posts of a layer those of a list; doing it again changes nothing.

    Parameters
    ----------
    database : Database
        Where to.
    layer : str
        The layer whose areas are served.
    posts : iterable of StaffPost
        All its posts: those that are stored and not in the list are taken away.
    at : datetime.date
        The day whose areas are meant.

    Returns
    -------
    StaffStored
        Also where the posts differ from the layer's formula: a vacancy is reported, not refused.

    Raises
    ------
    NotFoundError
        There is no such layer.
    InputError
        A post names an area that is not in force, or has no role or holder.
    """
    wanted = set(posts)
    with database.begin() as connection:
        target = find_layer(connection, layer)
        codes = sorted(ground_in_force(connection, target.id, at).codes.tolist())
        _check(wanted, set(codes), layer, at)
        stored = set(posts_of_layer(connection, target.id))
        removed = delete_posts(connection, target.id, stored - wanted) if stored - wanted else 0
        added = put_posts(connection, target.id, sorted(wanted - stored, key=_order))
    return StaffStored(
        layer=layer,
        added=added,
        removed=removed,
        unchanged=len(wanted & stored),
        formula=target.staffing,
        areas=len(codes),
        faults=_faults(wanted, codes, target.staffing),
    )


def _order(post: StaffPost) -> tuple[str, str, str]:
    return post.area_code, post.role, post.holder


def _check(posts: set[StaffPost], codes: set[str], layer: str, day: date) -> None:
    for post in sorted(posts, key=_order):
        if post.area_code not in codes:
            raise InputError(
                f"A post of {post.role} names area {post.area_code!r}, which layer {layer!r} does not have "
                f"on {day}.",
                field="area_code",
            )
        if not (post.role.strip() and post.holder.strip()):
            raise InputError(f"A post of area {post.area_code!r} has no role or no holder.", field="role")


def _faults(posts: set[StaffPost], codes: list[str], staffing: str | None) -> tuple[StaffFault, ...]:
    if staffing is None:
        return ()
    formula = StaffingFormula.parse(staffing)
    filled: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for post in posts:
        filled[post.area_code][post.role] += 1
    found = ((code, formula.problems(filled[code])) for code in codes)
    return tuple(StaffFault(code, problems) for code, problems in found if problems)
