"""The registers of departments and of categories as they are kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from gisgov.store.tables import category, department
from gisgov.types import Json


@dataclass(frozen=True, slots=True)
class Department:
    """A department that answers for categories; ``title_en`` is None where nobody gave one."""

    code: str
    title: str
    title_en: str | None


@dataclass(frozen=True, slots=True)
class StoredCategory:
    """One version of an item of the register.

    Attributes
    ----------
    id : int
        Which version of which item.
    code : str
        The item.
    version : int
        Its version, from 1.
    title : str
        What it is called.
    title_en : str or None
        What it is called in English, if anybody says.
    function, grp : str
        The function and the group of it that it belongs to.
    kind : str
        ``event`` or ``component``.
    level : str
        Level that its events have if they name none.
    department_code : str or None
        Who answers for it.
    limits : mapping of str to mapping
        Stage: amount and unit.
    layers : mapping of str to str
        Level: the layer that it is routed to, where that differs from the policy's.
    """

    id: int
    code: str
    version: int
    title: str
    title_en: str | None
    function: str
    grp: str
    kind: str
    level: str
    department_code: str | None
    limits: Mapping[str, Json]
    layers: Mapping[str, str]


class Categories(Mapping[str, StoredCategory]):
    """Items of the register by code, found by title too.

    Parameters
    ----------
    items : iterable of StoredCategory
        One version of each item.
    """

    def __init__(self, items: Iterable[StoredCategory]) -> None:
        self._items = {one.code: one for one in sorted(items, key=lambda one: one.code)}
        titles: dict[str, list[StoredCategory]] = {}
        for one in self._items.values():
            for title in {folded(one.title), folded(one.title_en or one.title)}:
                titles.setdefault(title, []).append(one)
        self._titles = {title: found[0] for title, found in titles.items() if len(found) == 1}

    def __getitem__(self, code: str) -> StoredCategory:
        return self._items[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def named(self, text: str) -> StoredCategory | None:
        """Return the only item of a code or title; None without one, and where several share the title."""
        return self._items.get(text.strip()) or self._titles.get(folded(text))


def category_of(known: Categories, text: str | None) -> StoredCategory | None:
    """Return the item that a text means, by code or title; None where it means none.

    Parameters
    ----------
    known : Categories
        What is in force; see `categories_in_force`.
    text : str or None
        What an event says. Case and surrounding space do not count in titles.
    """
    return None if text is None else known.named(text)


def folded(title: str) -> str:
    """Return a title as titles are compared."""
    return title.strip().casefold()


def categories_in_force(connection: sa.Connection, day: date) -> Categories:
    """Return the version of each item that is in force on a day, by code."""
    names = StoredCategory.__dataclass_fields__
    query = sa.select(*(category.c[name] for name in names)).where(
        category.c.valid_from <= day, sa.or_(category.c.valid_to.is_(None), category.c.valid_to > day)
    )
    return Categories(StoredCategory(**row) for row in connection.execute(query).mappings())


def departments(connection: sa.Connection) -> Mapping[str, Department]:
    """Return all departments by code, in the order of their codes."""
    query = sa.select(department.c.code, department.c.title, department.c.title_en)
    rows = connection.execute(query.order_by(department.c.code))
    return {row.code: Department(row.code, row.title, row.title_en) for row in rows}
