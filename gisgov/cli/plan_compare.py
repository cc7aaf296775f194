"""``gisgov plan compare``: what became of the areas of a plan in another, and what changes hands."""

from __future__ import annotations

from pathlib import Path

import click

from gisgov.cli.import_texts import FILE
from gisgov.cli.output import emit, json_option, table
from gisgov.cli.session import open_database
from gisgov.errors import FileError
from gisgov.services.comparing.comparing import Compared, compare_with_ground
from gisgov.services.comparing.reports import ChangedHands, Hands, PlanComparison

_TABLE = ".csv"


@click.command
@click.argument("former")
@click.argument("other")
@click.option(
    "--out",
    type=FILE,
    metavar="FILE",
    help="Write what changes hands too: its ground (.geojson, .gpkg …), or a table (.csv).",
)
@json_option(PlanComparison)
def compare(former: str, other: str, out: Path | None, as_json: bool) -> None:
    """Say what became of the areas of a plan in another plan, and what changes hands.

    FORMER is what there is, OTHER what comes after it; both may be drafts. Areas are kept, reshaped, split,
    merged, new or gone. What goes from one area to another is a row, and the rows add up to the totals.
    --json has every area with its shares.
    """
    if out is not None:
        _refuse_unwritable(out)
    found = compare_with_ground(open_database(), former, other)
    if out is not None:
        _write(found, out)
    emit(found.report, as_json=as_json, text=_told)


def _refuse_unwritable(out: Path) -> None:
    from gisgov.files.vector_output import driver_of

    if out.suffix.lower() != _TABLE:
        try:
            driver_of(out)
        except FileError as error:
            raise FileError(error.message, hint=f"{error.hint} Or .csv.", field="out") from error


def _write(found: Compared, out: Path) -> None:
    from gisgov.files.table_output import harmless, write_table
    from gisgov.files.vector_output import write_vectors
    from gisgov.services.comparing.features import changes_frame

    frame = changes_frame(found)
    if out.suffix.lower() != _TABLE:
        write_vectors(frame, out, "changes")
        return
    rows = frame.drop(columns="geometry")
    records = rows.itertuples(index=False, name=None)
    write_table(out, list(rows.columns), ([harmless(cell) for cell in row] for row in records))


def _told(told: PlanComparison) -> str:
    lines = [
        f"{told.former}: {sum(told.fates.values()):,} areas, {_counted(told.fates)}.",
        f"{told.plan}: {sum(told.origins.values()):,} areas, {_counted(told.origins)}.",
    ]
    if not told.changes:
        return "\n".join([*lines, "Nothing changes hands."])
    rows = [
        (
            _side(one.from_code, one.from_name),
            _side(one.to_code, one.to_name),
            *_cells(one.hands),
            _note(one),
        )
        for one in told.changes
    ]
    total = ("total", "", *_cells(told.total), "")
    heading = ("from", "to", "people", "ground km²", "blocks", "buildings", "open events", "posts", "")
    lines += ["", table(heading, [*rows, total]), ""]
    ground, all_ground = told.total.ground_m2 / 1e6, told.all_ground_m2 / 1e6
    people = f"{told.total.people:,} of {told.all_people:,} people{_part(told.total.people, told.all_people)}"
    lines.append(
        f"{people} and {ground:,.4f} of {all_ground:,.4f} km²{_part(ground, all_ground)} change hands."
    )
    return "\n".join(lines)


def _part(amount: float, whole: float) -> str:
    return f" ({amount / whole:.1%})" if whole else ""


def _counted(words: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {word}" for word, count in words.items() if count) or "none"


def _side(code: str | None, name: str | None) -> str:
    return "no area" if code is None else f"{code} {name}"


def _cells(hands: Hands) -> tuple[int, str, int, int | str, int | str, int]:
    ground = f"{hands.ground_m2 / 1e6:,.4f}"
    buildings, events = ("-" if one is None else one for one in (hands.buildings, hands.open_events))
    return hands.people, ground, hands.blocks, buildings, events, hands.staff_posts


def _note(change: ChangedHands) -> str:
    return "goes on under this code" if change.is_recoded else ""
