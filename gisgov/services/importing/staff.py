"""Use case: bring in who serves the areas of a layer."""

from __future__ import annotations

from collections import Counter

import sqlalchemy as sa

from gisgov.services.access import codes_reached
from gisgov.services.importing.plain_tables import read_rows_of, reject_rows
from gisgov.services.importing.row_problems import RowProblem, sorted_problems
from gisgov.services.importing.staff_matching import Matching, as_post
from gisgov.services.importing.staff_report import StaffImport, StaffImportReport
from gisgov.services.importing.staff_rows import StaffColumns, StaffRow, find_columns, read_rows
from gisgov.store import staff
from gisgov.store.database import Database
from gisgov.store.imports import codes_of_layer, lock_name
from gisgov.store.layers import find_layer
from gisgov.types import Progress, silent

__all__ = ["StaffImport", "StaffImportReport", "import_staff"]


def import_staff(
    database: Database, request: StaffImport, *, progress: Progress = silent
) -> StaffImportReport:
    """Import the staff posts of a layer; a second import of the same file changes nothing.

    A post is known by its area, role and holder, and by the post it stands in for, in a time that it has a
    day in common with. Its dates and phone follow the file, as far as the file has them.

    Parameters
    ----------
    database : Database
        Where to.
    request : StaffImport
        What is asked for.
    progress : Progress
        Told of rows matched.

    Raises
    ------
    NotFoundError
        There is no such layer.
    FileError
        The file cannot be read, or the rejects cannot be written.
    InputError
        A column is missing, or holds no dates.
    RowsRefused
        No row can be imported, or rows have problems and ``strict`` was asked for.
    DatabaseUnavailable
        The database went away; nothing is imported.
    """
    table = read_rows_of(request)
    columns = find_columns(request, table)
    with database.begin() as connection:
        layer = find_layer(connection, request.layer)
        lock_name(connection, "staff", layer.name)
        reached = codes_reached(connection, "staff.write", layer.id)
        codes = codes_of_layer(connection, layer.id)
        known = {code: reached is None or code in reached for code in codes}
        rows, problems = read_rows(table, columns, known, layer.name)
        matching = _begin(connection, layer.id, columns)
        counts, more = _match(matching, rows, progress)
        problems += more
        rejects = reject_rows(request, table, problems, "staff")
        _store(connection, layer.id, matching)
        if request.dry_run:
            connection.rollback()
    return StaffImportReport(
        file=request.path.name,
        layer=layer.name,
        area_field=columns.area,
        role_field=columns.role,
        holder_field=columns.holder,
        from_field=columns.from_,
        to_field=columns.to,
        phone_field=columns.phone,
        deputy_field=columns.deputy,
        rows_read=len(table.rows),
        inserted=counts["inserted"],
        updated=counts["updated"],
        unchanged=counts["unchanged"],
        rejected=len({problem.row for problem in problems}),
        problems=sorted_problems(problems),
        rejects_path=rejects,
    )


def _begin(connection: sa.Connection, layer_id: int, columns: StaffColumns) -> Matching:
    matching = Matching(has_dates=columns.from_ is not None or columns.to is not None)
    posts = staff.posts_of_layer(connection, layer_id)
    matching.know(posts, staff.phones_of(connection, [post.id for post in posts]))
    return matching


def _match(
    matching: Matching, rows: list[StaffRow], progress: Progress
) -> tuple[Counter[str], list[RowProblem]]:
    counts: Counter[str] = Counter()
    problems = []
    # those who hold a post before those who stand in for them
    ordered = sorted(rows, key=lambda row: row.deputy_for is not None)
    for row in progress(ordered, label="reading posts", total=len(ordered)):
        done = matching.add(row)
        if isinstance(done, RowProblem):
            problems.append(done)
        else:
            counts[done] += 1
    return counts, problems


def _store(connection: sa.Connection, layer_id: int, matching: Matching) -> None:
    staff.change_posts(connection, matching.changes)
    for is_deputy in (False, True):
        new = [one for one in matching.new if (one[2].of is not None) is is_deputy]
        made = staff.add_posts(connection, layer_id, [as_post(*one) for one in new])
        for (_, _, place), post_id in zip(new, made, strict=True):
            place.id = post_id
    staff.put_phones(connection, {place.id: place.phone for place in matching.phones if place.id is not None})
