"""Rows of staff posts against those that are known: what is new, what changes, what cannot be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

from gisgov.services.importing.row_problems import ProblemKind, RowProblem
from gisgov.services.importing.staff_rows import StaffRow
from gisgov.store.staff import StaffPost, StoredPost

Key: TypeAlias = tuple[str, str, str]


@dataclass(slots=True)
class Place:
    """A post, stored or about to be: ``id`` is None for a new one, ``of`` the post that it deputises for."""

    id: int | None
    holder: str
    valid_from: date | None
    valid_to: date | None
    of: Place | None = None
    phone: str | None = None

    def meets(self, valid_from: date | None, valid_to: date | None) -> bool:
        """Whether it has a day of a span."""
        return (valid_to is None or self.valid_from is None or self.valid_from < valid_to) and (
            self.valid_to is None or valid_from is None or valid_from < self.valid_to
        )


@dataclass(slots=True)
class Matching:
    """Posts by area and role, to which rows are added one by one.

    Attributes
    ----------
    has_dates : bool
        Whether the file has a column of dates; without one, dates that are known stay.
    new : list of tuple
        Posts that are new, with their area and role; a deputy comes after the post it stands in for.
    changes : dict of int to dict
        Columns that change, by the id of the post.
    phones : list of Place
        Those whose phone is new or changes.
    """

    has_dates: bool
    places: dict[tuple[str, str], list[Place]] = field(default_factory=dict)
    new: list[tuple[str, str, Place]] = field(default_factory=list)
    changes: dict[int, dict[str, Any]] = field(default_factory=dict)
    phones: list[Place] = field(default_factory=list)

    def know(self, posts: Iterable[StoredPost], phones: Mapping[int, str]) -> None:
        """Take in what is stored."""
        by_id: dict[int, Place] = {}
        waiting = sorted(posts, key=lambda post: post.deputy_for is not None)
        for post in waiting:
            of = None if post.deputy_for is None else by_id[post.deputy_for]
            place = Place(post.id, post.holder, post.valid_from, post.valid_to, of, phones.get(post.id))
            by_id[post.id] = place
            self.places.setdefault((post.area_code, post.role), []).append(place)

    def add(self, row: StaffRow) -> RowProblem | str:
        """Take in a row: return ``inserted``, ``updated`` or ``unchanged``, or why it cannot be."""
        own = self.places.setdefault((row.area_code, row.role), [])
        of = None
        if row.deputy_for is not None:
            of = _deputised(own, row)
            if of is None or row.deputy_for == row.holder:
                told = f"deputises for {row.deputy_for}, who is not {row.role} there"
                told = "names its own holder as deputised" if row.deputy_for == row.holder else told
                return RowProblem(row.row, row.area_code, str(ProblemKind.UNKNOWN_HOLDER), told)
        same = [one for one in own if one.holder == row.holder and one.of is of]
        met = [one for one in same if one.meets(row.valid_from, row.valid_to)]
        if not met:
            place = Place(None, row.holder, row.valid_from, row.valid_to, of)
            own.append(place)
            self.new.append((row.area_code, row.role, place))
            self._set_phone(place, row.phone)
            return "inserted"
        if len(met) > 1 and self.has_dates:
            told = "lies in the time of several posts of its holder"
            return RowProblem(row.row, row.area_code, str(ProblemKind.OVERLAPPING_POST), told)
        return self._changed(met[-1], row)

    def _changed(self, place: Place, row: StaffRow) -> RowProblem | str:
        is_changed = self._set_phone(place, row.phone)
        dates = (row.valid_from, row.valid_to)
        if self.has_dates and dates != (place.valid_from, place.valid_to):
            if place.id is None:
                told = "overlaps another row of its holder with other dates"
                return RowProblem(row.row, row.area_code, str(ProblemKind.OVERLAPPING_POST), told)
            place.valid_from, place.valid_to = dates
            self.changes[place.id] = {"valid_from": dates[0], "valid_to": dates[1]}
            is_changed = True
        return "updated" if is_changed else "unchanged"

    def _set_phone(self, place: Place, phone: str | None) -> bool:
        if phone is None or phone == place.phone:
            return False
        place.phone = phone
        self.phones.append(place)
        return True


def _deputised(own: Iterable[Place], row: StaffRow) -> Place | None:
    """Return the post that a row stands in for: one in its time if there is, else the last."""
    held = [one for one in own if one.holder == row.deputy_for and one.of is None]
    met = [one for one in held if one.meets(row.valid_from, row.valid_to)]
    return max(met or held, key=lambda one: one.valid_from or date.min, default=None)


def as_post(area_code: str, role: str, place: Place) -> StaffPost:
    """Return a place as it is stored; the post that it stands in for has its id by then."""
    deputy_for = None if place.of is None else place.of.id
    return StaffPost(area_code, role, place.holder, place.valid_from, place.valid_to, deputy_for)
