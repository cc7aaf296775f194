"""``gisgov blocks population``: people and households onto the blocks of a scope."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from gisgov.cli.blocks_population_texts import population_text
from gisgov.cli.import_texts import FILE
from gisgov.cli.output import emit, finish, json_option
from gisgov.cli.progress import progress
from gisgov.cli.session import load_settings, open_database
from gisgov.services.block_population.reports import BlockPopulation
from gisgov.services.block_population.requests import BuildingFile, CountFile, PopulationRequest, Weights

_STORED = "stored"


@click.command
@click.option("--scope", required=True, metavar="CODE", help="Code of the ground that the blocks make up.")
@click.option(
    "--buildings",
    is_flag=False,
    flag_value=_STORED,
    metavar="[FILE|stored]",
    help="Buildings that people live in: those of a file, or the imported ones.",
)
@click.option("--buildings-crs", metavar="NAME", help="Its coordinate system; required unless it states it.")
@click.option("--buildings-layer", metavar="NAME", help="Its layer or sheet, if it has several.")
@click.option(
    "--building-field",
    multiple=True,
    metavar="WHAT=NAME",
    help="Its column of floors, use, population, households, id, lon or lat; several times. An empty name "
    "leaves a column unread.  [default: columns of usual names]",
)
@click.option("--census", type=FILE, metavar="FILE", help="Areas with numbers of people, to be spread.")
@click.option("--census-crs", metavar="NAME", help="Its coordinate system; required unless it states it.")
@click.option("--census-layer", metavar="NAME", help="Its layer, if it has several.")
@click.option(
    "--weights",
    type=click.Choice([one.value for one in Weights]),
    help="What the people of an area are spread by.  [default: buildings with --buildings, else area]",
)
@click.option("--given", type=FILE, metavar="FILE", help="Numbers of people by the codes of blocks.")
@click.option("--given-layer", metavar="NAME", help="Its layer or sheet, if it has several.")
@click.option("--code-field", metavar="NAME", help="Field of the code.  [default for --given: code]")
@click.option(
    "--population-field", metavar="NAME", help="Field of the number of people.  [default: by its usual names]"
)
@click.option(
    "--households-field",
    metavar="NAME",
    help="Field of the number of households; '' is none.  [default: by its usual names]",
)
@click.option(
    "--round",
    "rounded",
    is_flag=True,
    help="Round decimal numbers of people so that their sum is kept, instead of refusing their rows.",
)
@click.option(
    "--policy",
    type=FILE,
    metavar="FILE",
    help="Table of how many people live in what.  [default: the shipped one]",
)
@click.option("--dry-run", is_flag=True, help="Count and report, and store nothing.")
@json_option(BlockPopulation)
def population(
    scope: str,
    weights: str | None,
    policy: Path | None,
    dry_run: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Put people and households onto the blocks of a scope, in whole numbers that add up.

    People come from buildings (known residents, and floor area for the rest), from census areas by the ground
    or the dwellings that they share with blocks, or as given. What falls to ground in no block, and what
    nothing is known to spread by, is left over and told area by area. The same again changes nothing.
    """
    from gisgov.services.block_population.placing import place_population

    asked = PopulationRequest(
        scope_code=scope,
        buildings=_building_file(options),
        stored_buildings=options["buildings"] == _STORED,
        census=_count_file("census", options),
        weights=None if weights is None else Weights(weights),
        given=_count_file("given", options),
        policy=policy,
        dry_run=dry_run,
    )
    settings = load_settings()
    report = place_population(
        open_database(settings), asked, configured_crs=settings.working_crs, progress=progress()
    )
    emit(report, as_json=as_json, text=population_text)
    finish(found=bool(report.refused))


def _building_file(options: dict[str, Any]) -> BuildingFile | None:
    if options["buildings"] in (None, _STORED):
        return None
    fields = {}
    for told in options["building_field"]:
        what, is_told, column = told.partition("=")
        if not is_told:
            raise click.BadParameter(f"{told!r} is not WHAT=NAME.", param_hint="--building-field")
        fields[what.strip()] = column.strip()
    return BuildingFile(
        Path(options["buildings"]), options["buildings_layer"], options["buildings_crs"], fields
    )


def _count_file(what: str, options: dict[str, Any]) -> CountFile | None:
    if options[what] is None:
        return None
    return CountFile(
        path=options[what],
        layer=options[f"{what}_layer"],
        crs=options.get(f"{what}_crs"),
        code_field=options["code_field"],
        population_field=options["population_field"],
        households_field=options["households_field"],
        rounded=options["rounded"],
    )
