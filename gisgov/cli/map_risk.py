"""``gisgov map risk``, ``risk-change``, ``risk-hotspots``: how buildings are rated, and how that changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import click

from gisgov.cli.map_drawing import Drawing, Sheet, sheet_options
from gisgov.errors import InputError
from gisgov.governance.thematic import ClassingMethod, Contiguity, HotspotUnit, RiskMeasure
from gisgov.services.days import parse_day

Function = TypeVar("Function", bound=Callable[..., Any])

_MEASURE = click.option(
    "--measure",
    type=click.Choice([one.value for one in RiskMeasure]),
    default=RiskMeasure.SHARE.value,
    show_default=True,
    help="What of the warning buildings: their share of all, their number, or per 1,000 people.",
)
_MOST = click.option(
    "--most",
    type=click.IntRange(min=1),
    default=50_000,
    show_default=True,
    metavar="N",
    help="More buildings are added up in squares, the ones that matter still drawn close up.",
)
_RATED = click.option("--rated", metavar="DATE", help="Classes as of the end of this day.  [default: now]")


@click.command
@_MEASURE
@click.option(
    "--classify",
    "method",
    type=click.Choice([one.value for one in ClassingMethod]),
    default=ClassingMethod.ROUNDED.value,
    show_default=True,
    help="How areas are parted into classes; rounded: natural breaks at round numbers.",
)
@click.option(
    "--classes", type=int, default=5, show_default=True, metavar="N", help="Classes of areas, from 2 to 7."
)
@click.option("--breaks", metavar="LIST", help="Rising limits for --classify manual: 0.02,0.05,0.1.")
@click.option(
    "--bandwidth",
    type=float,
    default=300.0,
    show_default=True,
    metavar="METRES",
    help="Of the density: standard deviation of its Gaussian kernel.",
)
@_MOST
@_RATED
@sheet_options
def risk(
    measure: str,
    method: str,
    classes: int,
    breaks: str | None,
    bandwidth: float,
    most: int,
    rated: str | None,
    **asked: Any,
) -> None:
    """Draw buildings by risk class, a measure of the warning ones by area, and their density."""
    given = () if breaks is None else _numbers(breaks)
    drawing = Drawing("risk", Sheet(**asked))
    from gisgov.work import map_questions

    drawing.finish(
        map_questions.risk(
            drawing.ground,
            measure=RiskMeasure(measure),
            method=ClassingMethod(method),
            classes=classes,
            breaks=given,
            bandwidth_m=bandwidth,
            most=most,
            rated=_day(drawing, rated),
        )
    )


@click.command(name="risk-change")
@click.option("--from", "first", required=True, metavar="DATE", help="The earlier day.")
@click.option("--to", "last", metavar="DATE", help="The later day.  [default: today]")
@_MOST
@sheet_options
def risk_change(first: str, last: str | None, most: int, **asked: Any) -> None:
    """Draw what became of the classes of buildings between two days, and list the new warning ones."""
    drawing = Drawing("risk-change", Sheet(**asked))
    from gisgov.work import map_questions

    zone = drawing.ground.zone
    days = parse_day(first, zone, field="from"), parse_day(last, zone, field="to")
    drawing.finish(map_questions.risk_change(drawing.ground, *days, most=most))


@click.command(name="risk-hotspots")
@_MEASURE
@click.option(
    "--over",
    "unit",
    type=click.Choice([one.value for one in HotspotUnit]),
    default=HotspotUnit.AREAS.value,
    show_default=True,
    help="What is tested: the areas of the layer, or square cells that hold a building.",
)
@click.option(
    "--cell", type=float, default=500.0, show_default=True, metavar="METRES", help="Side of a cell."
)
@click.option(
    "--neighbours",
    "contiguity",
    type=click.Choice([one.value for one in Contiguity]),
    default=Contiguity.QUEEN.value,
    show_default=True,
    help="Neighbours have a common side (rook), or at least a common corner (queen).",
)
@click.option(
    "--alpha", type=float, default=0.05, show_default=True, metavar="RATE", help="Rate of false discoveries."
)
@click.option(
    "--permutations", type=int, default=9999, show_default=True, metavar="N", help="Of the values around."
)
@click.option("--seed", type=int, default=1, show_default=True, metavar="N", help="Of the permutations.")
@_RATED
@sheet_options
def risk_hotspots(
    measure: str,
    unit: str,
    cell: float,
    contiguity: str,
    alpha: float,
    permutations: int,
    seed: int,
    rated: str | None,
    **sheet: Any,
) -> None:
    """Draw where warning buildings gather: Getis-Ord Gi*, with the rate of false discoveries held down."""
    drawing = Drawing("risk-hotspots", Sheet(**sheet))
    from gisgov.work import map_questions
    from maps.hotspot_units import Asked

    asked = Asked(
        unit=HotspotUnit(unit),
        measure=RiskMeasure(measure),
        contiguity=Contiguity(contiguity),
        cell_m=cell,
        alpha=alpha,
        permutations=permutations,
        seed=seed,
    )
    drawing.finish(map_questions.hotspots(drawing.ground, asked, rated=_day(drawing, rated)))


def _day(drawing: Drawing, rated: str | None) -> date | None:
    return None if rated is None else parse_day(rated, drawing.ground.zone, field="rated")


def _numbers(text: str) -> tuple[float, ...]:
    try:
        return tuple(float(part) for part in text.split(","))
    except ValueError as error:
        raise InputError(
            f"{text!r} is no list of numbers.", hint="Write it as 0.02,0.05,0.1.", field="breaks"
        ) from error
