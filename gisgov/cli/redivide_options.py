"""The options of ``gisgov redivide``, and the request that they make."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from gisgov.cli.coverage_options import day_of, is_file
from gisgov.cli.shares import SHARE
from gisgov.errors import InputError
from gisgov.services.ground_files import GroundFile
from gisgov.services.redividing import HowMany, Kept, RedivisionRequest, SeatsFile, Sought
from gisgov.services.redividing.block_groups import read_block_groups
from gisgov.zoning import Aims

Function = TypeVar("Function", bound=Callable[..., Any])

_PATH = click.Path(path_type=Path)
_DAY = click.DateTime(["%Y-%m-%d"])
_USUAL: Final = Aims()
_SOUGHT: Final = (*("band", "limit", "compactness", "streets", "movement", "max_moved_share", "effort"),)


def ground_options(function: Function) -> Function:
    """Give a command the options that say which ground is divided."""
    return _with(
        function,
        click.option("--plan", required=True, metavar="NAME", help="The draft to make."),
        click.option("--layer", metavar="NAME", help="Layer of a draft that starts from no plan."),
        click.option(
            "--from",
            "source",
            metavar="PLAN",
            help="Start from the areas of this plan and change little; the draft itself in place.",
        ),
        click.option(
            "--scope", default="", metavar="CODE", help="Ground of a new draft.  [default: all blocks]"
        ),
        click.option(
            "--blocks-of",
            metavar="CODE",
            help="Scope that the blocks are stored under.  [default: --scope, or the blocks of --from]",
        ),
        click.option(
            "--at",
            type=_DAY,
            metavar="DATE",
            help="Day whose areas of the layer above count.  [default: today]",
        ),
    )


def count_options(function: Function) -> Function:
    """Give a command the options that say how many areas are made."""
    return _with(
        function,
        click.option(
            "--how-many",
            type=click.Choice(["rule", "current"]),
            help="As many as the load asks for, or as there are.  [default: current with --from, else rule]",
        ),
        click.option(
            "--weight",
            multiple=True,
            metavar="NAME=W[:TARGET]",
            help="Let an attribute of blocks join the load, such as households=0.2:1800, events, "
            "warning_buildings, visits_due; may be repeated.",
        ),
        click.option(
            "--count", multiple=True, metavar="PARENT=K", help="Areas of a parent; may be repeated."
        ),
        click.option("--total", type=int, metavar="N", help="Areas in all, shared out by load."),
        click.option(
            "--population-target",
            type=float,
            metavar="N",
            help="People of an area on average, whose ground --area-cap limits.",
        ),
        click.option("--area-cap", type=float, metavar="KM2", help="Most ground of an area on average."),
        click.option(
            "--one-more", metavar="PARENT", help="One area more in this parent, with few people moved."
        ),
        click.option("--one-fewer", metavar="PARENT", help="One area fewer in this parent, likewise."),
    )


def kept_options(function: Function) -> Function:
    """Give a command the options that say what is kept."""
    return _with(
        function,
        click.option(
            "--parents",
            multiple=True,
            metavar="CODE",
            help="Divide only this parent; areas in others stay as they are; may be repeated.",
        ),
        click.option(
            "--locked", multiple=True, metavar="CODE", help="Keep this area as it is; may be repeated."
        ),
        click.option(
            "--together",
            metavar="FILE|FIELD",
            help="Keep blocks together: polygons of compounds, or an attribute of blocks that names a group.",
        ),
        click.option(
            "--together-crs", metavar="CRS", help="System of that file, where it does not state it."
        ),
        click.option("--together-layer", metavar="NAME", help="Layer of that file, where it has several."),
        click.option(
            "--apart",
            metavar="FILE|FIELD",
            help="Keep blocks apart: a table with their codes row by row, or an attribute that they share.",
        ),
        click.option(
            "--seats",
            type=_PATH,
            metavar="FILE",
            help="Service points, at most one in each area: points or a table.",
        ),
        click.option("--seats-crs", metavar="CRS", help="System of that file, where it does not state it."),
        click.option("--seats-layer", metavar="NAME", help="Layer or sheet of that file."),
    )


def sought_options(function: Function) -> Function:
    """Give a command the options that say what is sought."""
    return _with(
        function,
        click.option(
            "--band",
            type=SHARE,
            default="5%",
            show_default=True,
            help="Loads may be off by this at no price.",
        ),
        click.option(
            "--limit", type=SHARE, default="10%", show_default=True, help="Loads beyond this are explained."
        ),
        click.option(
            "--compactness",
            type=float,
            metavar="W",
            help=f"Weight of compact areas.  [default: {_USUAL.compactness:g}]",
        ),
        click.option(
            "--streets",
            type=float,
            metavar="W",
            help=f"Weight of borders along streets and water.  [default: {_USUAL.streets:g}]",
        ),
        click.option(
            "--movement",
            type=float,
            metavar="W",
            help=f"Weight of few people moved, with --from; 0 divides anew.  [default: {_USUAL.movement:g}]",
        ),
        click.option("--max-moved-share", type=SHARE, help="Most people that may change their area."),
        click.option(
            "--effort",
            type=click.Choice(["standard", "quality"]),
            default="standard",
            show_default=True,
            help="How long to search.",
        ),
    )


def run_options(function: Function) -> Function:
    """Give a command the options that say how it is computed and what is stored."""
    return _with(
        function,
        click.option("--seed", type=int, default=0, show_default=True, help="Same seed, same areas."),
        click.option(
            "--alternatives",
            type=int,
            default=1,
            show_default=True,
            metavar="N",
            help="Compute so many different plans.",
        ),
        click.option(
            "--keep",
            metavar="K|all|none",
            help="Store the alternative K as NAME, or all as NAME-1 … NAME-N.  [default: all]",
        ),
        click.option("--threads", type=int, metavar="N", help="Threads; of no influence on the result."),
        click.option(
            "--policy",
            type=_PATH,
            metavar="FILE",
            help="Targets, visits due, prices of borders.  [default: shipped]",
        ),
        click.option(
            "--given",
            multiple=True,
            metavar="SEGMENT=DIGITS",
            help="Digits of new codes that no parent gives.",
        ),
        click.option("--author", metavar="TEXT", help="Who divides."),
        click.option(
            "--out",
            type=_PATH,
            multiple=True,
            metavar="FILE",
            help="Write the areas: .gpkg, .geojson …, their figures: .xlsx, .csv, or maps: .html, .pdf, "
            ".png; may be repeated.",
        ),
        click.option(
            "--language",
            type=click.Choice(["zh", "en"]),
            default="zh",
            show_default=True,
            help="Language of maps.",
        ),
    )


def request_of(asked: dict[str, Any]) -> RedivisionRequest:
    """Return the request that options make.

    Raises
    ------
    InputError, FileError
        One cannot be read.
    """
    return RedivisionRequest(
        plan=asked["plan"],
        layer=asked["layer"],
        source=asked["source"],
        scope=asked["scope"],
        blocks_of=asked["blocks_of"],
        at=day_of(asked["at"]),
        how_many=HowMany(
            by=asked["how_many"],
            weights=asked["weight"],
            counts=_counts(asked["count"]),
            total=asked["total"],
            population_target=asked["population_target"],
            area_cap_km2=asked["area_cap"],
            one_more=asked["one_more"],
            one_fewer=asked["one_fewer"],
        ),
        kept=_kept(asked),
        sought=Sought(**{name: asked[name] for name in _SOUGHT}),
        seed=asked["seed"],
        alternatives=asked["alternatives"],
        keep=_keep(asked["keep"]),
        threads=asked["threads"],
        code_digits=dict(_pairs(asked["given"], "given")),
        author=asked["author"],
    )


def _kept(asked: dict[str, Any]) -> Kept:
    together: str | GroundFile | None = asked["together"]
    if isinstance(together, str) and is_file(together):
        together = GroundFile(Path(together), asked["together_layer"], asked["together_crs"])
    apart = asked["apart"]
    if apart is not None and Path(apart).suffix:
        apart = read_block_groups(Path(apart))
    seats = asked["seats"]
    if seats is not None:
        seats = SeatsFile(str(seats), asked["seats_crs"], asked["seats_layer"])
    return Kept(asked["parents"], asked["locked"], together, apart, seats)


def _counts(texts: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for parent, number in _pairs(texts, "count"):
        if not (number.isascii() and number.isdigit()):
            raise InputError(f"--count {parent}={number} names no number of areas.", field="count")
        counts[parent] = int(number)
    return counts


def _keep(text: str | None) -> Any:
    if text is None or text in ("all", "none"):
        return text
    if text.isascii() and text.isdigit():
        return int(text)
    raise InputError(f"--keep {text}: say all, none or the number of an alternative.", field="keep")


def _pairs(texts: Iterable[str], option: str) -> Iterable[tuple[str, str]]:
    for text in texts:
        name, equals, value = text.partition("=")
        if not (name and equals and value):
            raise InputError(f"--{option} {text}: write it as NAME=VALUE.", field=option)
        yield name, value


def _with(function: Function, *options: Callable[[Function], Function]) -> Function:
    for option in reversed(options):
        function = option(function)
    return function
