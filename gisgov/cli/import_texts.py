"""Lines that the reports of all imports share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from gisgov.services.importing.row_imports import RowsImportReport
from gisgov.services.importing.row_problems import RowProblem

FILE: Final = click.Path(path_type=Path)
"""A file named on the command line; whether it can be read is said by what reads it."""

_MOST_LINES: Final = 20


def report_lines(report: RowsImportReport, *more: str) -> str:
    """Return what an import of rows did, what else is to be said of it, and its problems."""
    lines = [
        (
            f"{report.file}: {report.rows_read:,} rows, {report.inserted:,} new, {report.updated:,} changed, "
            f"{report.unchanged:,} unchanged, {report.rejected:,} rejected."
        ),
        f"Columns read: {', '.join(report.fields.values())}.",
        *more,
        *problem_lines("Rejected", report.problems, report.rejects_path),
    ]
    return "\n".join(lines)


def problem_lines(heading: str, problems: Sequence[RowProblem], written_to: str | None) -> list[str]:
    """Return problems as lines: counted by kind, then the first ones row by row."""
    if not problems:
        return []
    counts = Counter(problem.kind for problem in problems)
    lines = ["", f"{heading}: {', '.join(f'{count:,} {kind}' for kind, count in sorted(counts.items()))}"]
    lines += [f"  {problem}" for problem in problems[:_MOST_LINES]]
    if len(problems) > _MOST_LINES:
        lines.append(f"  … and {len(problems) - _MOST_LINES:,} more (--json lists all)")
    if written_to is not None:
        lines.append(f"  Mend them in {written_to} and import that file in the same way.")
    return lines
