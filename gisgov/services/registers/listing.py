"""Use cases: list and show the items of the register, and the departments."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date

from gisgov.errors import InputError, NotFoundError
from gisgov.governance.register import Permit, legal_acts
from gisgov.services.registers.reports import (
    CategoryHistory,
    CategoryInfo,
    CategoryVersion,
    DepartmentInfo,
    PermitEntry,
)
from gisgov.store.database import Database
from gisgov.store.permits import StoredVersion, permit_records, versions
from gisgov.store.registers import Department, categories_in_force, departments


def list_categories(
    database: Database,
    *,
    at: date,
    permit: Permit | None = None,
    function: str | None = None,
    is_dated: bool = False,
) -> tuple[CategoryInfo, ...]:
    """List versions of items, by code.

    Parameters
    ----------
    database : Database
        Where they are kept.
    at : datetime.date
        Those in force on this day, unless ``permit`` asks for others.
    permit : Permit, optional
        All versions that stand there, whatever the day; ``in-force`` is asked of the day.
    function : str, optional
        Of this function alone.
    is_dated : bool
        Whether the day was asked for and is not merely today.

    Raises
    ------
    InputError
        A day was asked for along with a permit that has none.
    """
    in_force = permit in (None, Permit.IN_FORCE)
    if is_dated and not in_force:
        raise InputError(f"What is {permit} is not asked of a day.", hint="Leave out `at`.", field="at")
    with database.begin() as connection:
        titles = departments(connection)
        return tuple(
            info_of(one, titles)
            for one in versions(connection)
            if (is_in_force(one, at) if in_force else one.permit is permit)
            and function in (None, one.function)
        )


def show_category(database: Database, code: str) -> CategoryHistory:
    """Return all versions of an item, with what was decided about them.

    Raises
    ------
    NotFoundError
        There is no such item.
    """
    with database.begin() as connection:
        found = versions(connection, [code])
        if not found:
            raise NotFoundError(f"The register has no item {code!r}.", field="code")
        records = defaultdict(list)
        for one in permit_records(connection, [version.id for version in found]):
            records[one.category_id].append(PermitEntry(one.permit, one.at, one.by_name, one.reason))
        titles = departments(connection)
    told = (CategoryVersion(info_of(one, titles), tuple(records[one.id])) for one in found)
    return CategoryHistory(code, tuple(told))


def list_departments(database: Database, *, at: date) -> tuple[DepartmentInfo, ...]:
    """List the departments by code, with how many items in force on a day each answers for."""
    with database.begin() as connection:
        known = departments(connection)
        held = Counter(one.department_code for one in categories_in_force(connection, at).values())
    return tuple(DepartmentInfo(one.code, one.title, one.title_en, held[one.code]) for one in known.values())


def is_in_force(one: StoredVersion, day: date) -> bool:
    """Whether a version is in force on a day."""
    return (
        one.valid_from is not None and one.valid_from <= day and (one.valid_to is None or day < one.valid_to)
    )


def info_of(one: StoredVersion, titles: Mapping[str, Department]) -> CategoryInfo:
    """Return a version as it is told."""
    return CategoryInfo(
        code=one.code,
        version=one.version,
        title=one.title,
        title_en=one.title_en,
        function=one.function,
        group=one.grp,
        kind=one.kind,
        level=one.level,
        department_code=one.department_code,
        department=None if one.department_code is None else titles[one.department_code].title,
        limits=dict(sorted(one.limits.items())),
        layers=dict(sorted(one.layers.items())),
        permit=one.permit,
        valid_from=one.valid_from,
        valid_to=one.valid_to,
        retirement_proposed=one.retirement_proposed,
        acts=legal_acts(one.permit),
        source=one.source,
        is_example=one.is_example,
    )
