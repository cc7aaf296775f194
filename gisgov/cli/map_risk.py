"""``gisgov map risk``, ``risk-change``, ``risk-hotspots``: how buildings are rated, and how that changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

import click

from gisgov.cli.map_drawing import Drawing, Sheet, sheet_options
from gisgov.errors import InputError
from gisgov.governance.thematic import ClassingMethod, RiskMeasure
from gisgov.services.days import parse_day

Function = TypeVar("Function", bound=Callable[..., Any])

_MEASURE = click.option(
    "--measure",
    type=click.Choice([one.value for one in RiskMeasure]),
    default=RiskMeasure.SHARE.value,
    show_default=True,
    help="What of the warning buildings: their share of all, their number, or per 1,000 people.",
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
@click.option(
    "--most",
    type=click.IntRange(min=1),
    default=50_000,
    show_default=True,
    metavar="N",
    help="More buildings are added up in squares; each warning one is still drawn close up.",
)
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
    from gisgov.services.thematic import buildings_frame
    from maps import risk as drawer
    from maps.classing import Choice

    classing = Choice(ClassingMethod(method), len(given) + 1 if given else classes, given)
    day = None if rated is None else parse_day(rated, drawing.zone, field="rated")
    buildings = buildings_frame(
        drawing.database, drawing.layer, language=drawing.sheet.language, rated=day, timezone=drawing.zone
    )
    words = drawing.words(buildings=buildings)
    words["facts"] = replace(words["facts"], rated_by=day)
    drawing.finish(
        drawer.document(
            buildings,
            drawing.grids,
            measure=RiskMeasure(measure),
            classing=classing,
            bandwidth_m=bandwidth,
            most_buildings=most,
            **words,
        )
    )


def _numbers(text: str) -> tuple[float, ...]:
    try:
        return tuple(float(part) for part in text.split(","))
    except ValueError as error:
        raise InputError(
            f"{text!r} is no list of numbers.", hint="Write it as 0.02,0.05,0.1.", field="breaks"
        ) from error
