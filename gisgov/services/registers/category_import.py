"""Use case: propose items of the register from a file."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import sqlalchemy as sa

from gisgov.files.columns import texts_of
from gisgov.governance.register import RETIREMENT_PROPOSED, Permit
from gisgov.services.access import require_everywhere
from gisgov.services.importing.plain_tables import read_rows_of, reject_rows
from gisgov.services.importing.row_problems import sorted_problems
from gisgov.services.registers.category_report import Absent, CategoriesImport, CategoriesImportReport
from gisgov.services.registers.category_rows import (
    ItemRow,
    find_category_columns,
    read_items,
    strange_things,
)
from gisgov.services.registers.permitting import REGISTER
from gisgov.store import permits
from gisgov.store.acting import as_owner, who_acts
from gisgov.store.database import Database
from gisgov.store.imports import lock_name
from gisgov.store.layers import all_layers
from gisgov.store.permits import StoredVersion
from gisgov.store.registers import departments
from gisgov.types import Json

_COLUMNS: Final = {
    "title_en": "title_en",
    "group": "grp",
    "kind": "kind",
    "department": "department_code",
    "limits": "limits",
    "layers": "layers",
    "example": "is_example",
}
"""Columns of the register that a file need not have: what the last version says of them stays."""


@dataclass(slots=True)
class _Proposals:
    """What rows come to: versions to add, and those that they take the place of."""

    new: list[Json] = field(default_factory=list)
    replaced: list[int] = field(default_factory=list)
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0


def import_categories(database: Database, asked: CategoriesImport) -> CategoriesImportReport:
    """Propose items of the register; a second import of the same file changes nothing.

    An item that differs from its last version gets a new one, which is proposed: what is in force stays so
    until somebody puts the new version in force. A version that was still proposed gives way to the new one.

    Parameters
    ----------
    database : Database
        Where the register is kept.
    asked : CategoriesImport
        What is asked for.

    Raises
    ------
    FileError
        The file cannot be read, or the rejects cannot be written.
    InputError
        A column is missing.
    RowsRefused
        No row can be imported, or rows have problems and ``strict`` was asked for.
    NotAllowed
        Whoever acts may not propose items.
    """
    table = read_rows_of(asked)
    columns = find_category_columns(asked, table)
    source = asked.source or asked.path.stem
    with database.begin() as connection:
        require_everywhere(connection, "registers.propose")
        lock_name(connection, *REGISTER)
        rows, problems = read_items(table, columns, departments(connection))
        rejects = reject_rows(asked, table, problems, "categories")
        known = permits.versions(connection)
        proposals = _compare(rows, known, columns, source)
        named = texts_of(table.columns.column(columns["code"]), field=columns["code"])
        gone = _absent(known, {*named}) if asked.absent is Absent.RETIRE else []
        with as_owner(connection):
            _store(connection, asked, proposals, gone)
        layers = frozenset(layer.name for layer in all_layers(connection))
        notes = strange_things([row.item for row in rows], layers)
        if asked.dry_run:
            connection.rollback()
    return CategoriesImportReport(
        file=asked.path.name,
        source=source,
        fields=columns,
        rows_read=len(table.rows),
        inserted=proposals.inserted,
        updated=proposals.updated,
        unchanged=proposals.unchanged,
        rejected=len({problem.row for problem in problems}),
        replaced=len(proposals.replaced),
        retirement_proposed=len(gone),
        problems=sorted_problems(problems),
        notes=notes,
        rejects_path=rejects,
    )


def _compare(
    rows: Iterable[ItemRow], known: Iterable[StoredVersion], columns: Mapping[str, str], source: str
) -> _Proposals:
    absent = [column for holds, column in _COLUMNS.items() if holds not in columns]
    by_code: dict[str, list[StoredVersion]] = {}
    for one in known:
        by_code.setdefault(one.code, []).append(one)
    proposals = _Proposals()
    for row in rows:
        own = by_code.get(row.item.code, [])
        values = row.item.values()
        if own:
            values |= {column: getattr(own[-1], column) for column in absent}
        if own and _says_the_same(own[-1], values):
            proposals.unchanged += 1
            continue
        proposals.new.append({**values, "version": own[-1].version + 1 if own else 1, "source": source})
        proposals.replaced += [one.id for one in own if one.permit is Permit.PROPOSED]
        proposals.inserted += not own
        proposals.updated += bool(own)
    return proposals


def _says_the_same(last: StoredVersion, values: Json) -> bool:
    """Whether the last version says it already; what has retired is proposed anew."""
    return last.permit is not Permit.RETIRED and all(
        getattr(last, column) == value for column, value in values.items()
    )


def _absent(known: Iterable[StoredVersion], named: Container[str | None]) -> list[int]:
    return [
        one.id
        for one in known
        if one.permit is Permit.IN_FORCE and not one.retirement_proposed and one.code not in named
    ]


def _store(
    connection: sa.Connection, asked: CategoriesImport, proposals: _Proposals, gone: list[int]
) -> None:
    by = who_acts(connection)
    permits.set_permits(connection, proposals.replaced, Permit.REFUSED)
    permits.record_permits(
        connection, proposals.replaced, "refused", by=by, reason="replaced by a newer proposal"
    )
    added = permits.propose_versions(connection, proposals.new)
    permits.record_permits(connection, added, "proposed", by=by, reason=asked.reason)
    permits.record_permits(
        connection, gone, RETIREMENT_PROPOSED, by=by, reason=asked.reason or f"not in {asked.path.name}"
    )
