"""``gisgov blocks``: the ground that plans are made of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from gisgov.cli.block_texts import built_text, shown_text
from gisgov.cli.blocks_population import population
from gisgov.cli.import_texts import FILE
from gisgov.cli.output import emit, finish, json_option
from gisgov.cli.progress import progress
from gisgov.cli.session import load_settings, open_database
from gisgov.services.block_building.reports import BlocksBuilt
from gisgov.services.block_building.showing import BlocksShown

Function = TypeVar("Function", bound=Callable[..., Any])

_FILES = {
    "streets": "Lines of streets.",
    "water": "Lines and polygons of rivers, canals, lakes.",
    "rail": "Lines of railways.",
    "compounds": "Polygons of compounds, which local streets do not divide.",
}


@click.group
def blocks() -> None:
    """Build the blocks that plans are made of, and show them."""


def _file_options(function: Function) -> Function:
    """Give a command a file of each sort, with its coordinate system, layer and field of kinds."""
    options = []
    for what, help_ in _FILES.items():
        options += [
            click.option(f"--{what}", type=FILE, metavar="FILE", required=what == "streets", help=help_),
            click.option(
                f"--{what}-crs", metavar="NAME", help="Its coordinate system; required unless it states it."
            ),
            click.option(f"--{what}-layer", metavar="NAME", help="Its layer, if it has several."),
        ]
        if what != "compounds":
            options.append(
                click.option(
                    f"--{what}-field",
                    metavar="NAME",
                    help="Its field of kinds.  [default: the first that the table of street classes names]",
                )
            )
            options.append(
                click.option(
                    f"--{what}-name-field", metavar="NAME", help="Its field of names.  [default: name]"
                )
            )
    for option in reversed(options):
        function = option(function)
    return function


@blocks.command
@_file_options
@click.option("--scope", required=True, metavar="PLAN", help="Plan whose areas are the ground to cut.")
@click.option("--scope-code", metavar="CODE", help="Code of the ground.  [default: that of the plan]")
@click.option(
    "--classes", type=FILE, metavar="FILE", help="Table of street classes.  [default: the shipped one]"
)
@click.option(
    "--snap", "snap_m", type=float, metavar="M", help="Ends this near to a line are drawn on to it."
)
@click.option(
    "--carriageway", "carriageway_m", type=float, metavar="M", help="Widest strip between two carriageways."
)
@click.option(
    "--sliver-width", "sliver_width_m", type=float, metavar="M", help="Narrower ground is no block."
)
@click.option("--sliver-area", "sliver_area_m2", type=float, metavar="M2", help="Smaller ground is no block.")
@click.option(
    "--reach", "reach_m", type=float, metavar="M", help="Rivers are cut across about this often; 0: never."
)
@click.option(
    "--out", type=FILE, metavar="PATH", help="Write blocks, and in a .gpkg their borders, to a file."
)
@click.option("--dry-run", is_flag=True, help="Build and report, and store nothing.")
@json_option(BlocksBuilt)
def build(
    scope: str,
    scope_code: str | None,
    classes: Path | None,
    snap_m: float | None,
    carriageway_m: float | None,
    sliver_width_m: float | None,
    sliver_area_m2: float | None,
    reach_m: float | None,
    out: Path | None,
    dry_run: bool,
    as_json: bool,
    **files: Any,
) -> None:
    """Cut the areas of a plan into blocks along streets, water and railways.

    Every piece of the ground is in exactly one block, and no block lies in two areas. Dead ends, overpasses,
    strips between carriageways and slivers are dealt with and reported. Building again from the same files
    changes nothing; other files replace the blocks of the scope that no plan is made of, and those that stay
    keep their people.
    """
    from gisgov.services.block_building.building import BlockBuild, build_plan_blocks
    from gisgov.services.block_building.line_files import LineFile
    from gisgov.services.block_building.sizes import chosen_tolerances

    given = {
        what: LineFile(
            files[what],
            files[f"{what}_layer"],
            files[f"{what}_crs"],
            files.get(f"{what}_field"),
            files.get(f"{what}_name_field"),
        )
        for what in _FILES
        if files[what] is not None
    }
    asked = BlockBuild(
        plan=scope,
        streets=given["streets"],
        water=given.get("water"),
        rail=given.get("rail"),
        compounds=given.get("compounds"),
        classes=classes,
        scope_code=scope_code,
        tolerances=chosen_tolerances(snap_m, carriageway_m, sliver_width_m, sliver_area_m2, reach_m),
        dry_run=dry_run,
        out=out,
    )
    report = build_plan_blocks(open_database(load_settings()), asked, progress=progress())
    emit(report, as_json=as_json, text=built_text)
    finish(found=any(one.refused for one in report.files))


@blocks.command
@click.argument("scope_code", default="")
@json_option(BlocksShown)
def show(scope_code: str, as_json: bool) -> None:
    """Show the blocks of a scope: ground, people, and what their borders run along.

    Without SCOPE_CODE all blocks are counted.
    """
    from gisgov.services.block_building.showing import show_blocks

    settings = load_settings()
    shown = show_blocks(open_database(settings), scope_code, configured_crs=settings.working_crs)
    emit(shown, as_json=as_json, text=shown_text)


blocks.add_command(population)
