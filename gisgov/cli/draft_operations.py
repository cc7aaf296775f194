"""The commands of ``gisgov draft`` that change a draft: one operation each."""

from __future__ import annotations

from typing import Final, Literal

import click

from gisgov.cli.draft_options import BLOCKS, CODES, do, line_of, line_options, operation
from gisgov.services.editing.operations import (
    Assign,
    Fill,
    Lock,
    Merge,
    MoveBorder,
    NewArea,
    Rebase,
    Redivide,
    Redo,
    Rename,
    Restore,
    Split,
    Undo,
    Unlock,
)

_SEED = click.option("--seed", type=int, default=0, show_default=True, help="Same seed, same areas.")


@click.command
@operation
@BLOCKS
@click.option("--to", "area", metavar="AREA", help="Code of the area that gets them.")
@click.option("--to-none", is_flag=True, help="Take them out of all areas.")
def assign(
    draft: str, blocks: tuple[str, ...], area: str | None, to_none: bool, seen: int | None, as_json: bool
) -> None:
    """Give BLOCKS (codes with commas, or @FILE) to an area of DRAFT."""
    if (area is None) != to_none:
        raise click.UsageError("Say who gets them: --to AREA, or --to-none.")
    do(draft, Assign(blocks, area), seen=seen, as_json=as_json)


@click.command("new-area")
@operation
@BLOCKS
@click.option("--code", help="Its code.  [default: the next of the layer's scheme]")
@click.option("--name", help="Its name.  [default: the area above, and a number]")
def new_area(
    draft: str,
    blocks: tuple[str, ...],
    code: str | None,
    name: str | None,
    seen: int | None,
    as_json: bool,
) -> None:
    """Make an area of BLOCKS (codes with commas, or @FILE)."""
    do(draft, NewArea(blocks, code, name), seen=seen, as_json=as_json)


@click.command
@operation
@click.argument("areas", nargs=-1, required=True)
@click.option("--into", metavar="AREA", help="Which of them goes on.  [default: the largest]")
def merge(draft: str, areas: tuple[str, ...], into: str | None, seen: int | None, as_json: bool) -> None:
    """Make one area of several."""
    do(draft, Merge(areas, into), seen=seen, as_json=as_json)


@click.command
@operation
@click.argument("area")
@line_options(required=False)
@click.option("--parts", type=int, metavar="NUMBER", help="Into so many parts of about equal load.")
@click.option("--blocks", type=CODES, help="These blocks (codes with commas, or @FILE) become a new area.")
@_SEED
def split(
    draft: str,
    area: str,
    line: str | None,
    line_crs: str | None,
    parts: int | None,
    blocks: tuple[str, ...] | None,
    seed: int,
    seen: int | None,
    as_json: bool,
) -> None:
    """Divide an area by a line across it, into balanced parts, or by taking blocks out of it."""
    asked = Split(area, line=line_of(line, line_crs), parts=parts, blocks=blocks, seed=seed)
    do(draft, asked, seen=seen, as_json=as_json)


@click.command("move-border")
@operation
@click.argument("area")
@click.argument("neighbour")
@line_options(required=True)
def move_border(
    draft: str, area: str, neighbour: str, line: str, line_crs: str | None, seen: int | None, as_json: bool
) -> None:
    """Move the border between two neighbours to a line whose ends lie on their present border."""
    asked = MoveBorder((area, neighbour), line_of(line, line_crs) or ())
    do(draft, asked, seen=seen, as_json=as_json)


@click.command
@operation
@click.argument("area")
@click.option("--name", help="Its new name.")
@click.option("--code", help="Its new code.")
def rename(
    draft: str, area: str, name: str | None, code: str | None, seen: int | None, as_json: bool
) -> None:
    """Give an area another name, another code, or both."""
    do(draft, Rename(area, name=name, code=code), seen=seen, as_json=as_json)


@click.command
@operation
@click.argument("areas", nargs=-1, required=True)
def lock(draft: str, areas: tuple[str, ...], seen: int | None, as_json: bool) -> None:
    """Keep areas as they are until they are unlocked."""
    do(draft, Lock(areas), seen=seen, as_json=as_json)


@click.command
@operation
@click.argument("areas", nargs=-1, required=True)
def unlock(draft: str, areas: tuple[str, ...], seen: int | None, as_json: bool) -> None:
    """Let areas be changed again."""
    do(draft, Unlock(areas), seen=seen, as_json=as_json)


@click.command
@operation
@click.argument("areas", nargs=-1)
@click.option("--parent", "parents", multiple=True, metavar="CODE", help="All areas of this one above.")
@click.option(
    "--count", type=int, metavar="NUMBER", help="How many there shall be, locked ones among them.  [as now]"
)
@click.option("--movement", type=float, help="Weight of few people moved; 0 divides anew.  [default: 12]")
@_SEED
def redivide(
    draft: str,
    areas: tuple[str, ...],
    parents: tuple[str, ...],
    count: int | None,
    movement: float | None,
    seed: int,
    seen: int | None,
    as_json: bool,
) -> None:
    """Divide AREAS anew among themselves, or all of a parent; locked ones stay."""
    asked = Redivide(areas, parents, count=count, movement=movement, seed=seed)
    do(draft, asked, seen=seen, as_json=as_json)


@click.command
@operation
@click.option("--blocks", type=CODES, help="Only these (codes with commas, or @FILE).  [default: all]")
def fill(draft: str, blocks: tuple[str, ...] | None, seen: int | None, as_json: bool) -> None:
    """Give blocks that no area has to neighbouring areas that are not locked."""
    do(draft, Fill(blocks), seen=seen, as_json=as_json)


@click.command
@operation
def undo(draft: str, seen: int | None, as_json: bool) -> None:
    """Take back the last operation that was not taken back yet."""
    do(draft, Undo(), seen=seen, as_json=as_json)


@click.command
@operation
def redo(draft: str, seen: int | None, as_json: bool) -> None:
    """Do again what was taken back last."""
    do(draft, Redo(), seen=seen, as_json=as_json)


@click.command
@operation
@click.argument("snapshot", required=False)
@click.option("--revision", type=click.IntRange(min=0), help="Or what it was at this revision.")
def restore(draft: str, snapshot: str | None, revision: int | None, seen: int | None, as_json: bool) -> None:
    """Make a draft what it was at SNAPSHOT, or at a revision; it can be undone."""
    do(draft, Restore(snapshot, revision), seen=seen, as_json=as_json)


@click.command
@operation
@click.option("--onto", metavar="PLAN", help="The plan to put it on to.  [default: the newest in its place]")
@click.option(
    "--on-conflict",
    type=click.Choice(["ours", "theirs"]),
    help="Whose area a block gets that both changed.  [default: list them, and do nothing]",
)
def rebase(
    draft: str,
    onto: str | None,
    on_conflict: Literal["ours", "theirs"] | None,
    seen: int | None,
    as_json: bool,
) -> None:
    """Put what a draft changed on to the plan that took the place of the one it began as."""
    do(draft, Rebase(onto, on_conflict), seen=seen, as_json=as_json)


OPERATIONS: Final = (
    assign,
    new_area,
    merge,
    split,
    move_border,
    rename,
    lock,
    unlock,
    redivide,
    fill,
    undo,
    redo,
    restore,
    rebase,
)
"""In the order of a day's work."""
