"""Areas coloured by a measure of their warning buildings: values, classes, legend, drawing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd

from gisgov.governance.thematic import RiskMeasure
from gisgov.types import Floats, Json
from maps import areas, palette
from maps.classing import Choice, Classes, classify
from maps.document import Heading, Section
from maps.layers import Column
from maps.steps import step_keys
from maps.words import Words

_TITLES: Final = {
    RiskMeasure.SHARE: "warning-share-of-grid",
    RiskMeasure.COUNT: "warning-count-of-grid",
    RiskMeasure.PER_1000: "warning-per-1000-of-grid",
}
_NONE: Final = {
    RiskMeasure.SHARE: "no-building",
    RiskMeasure.COUNT: "no-building",
    RiskMeasure.PER_1000: "no-population",
}


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """A measure of areas, parted into classes.

    Attributes
    ----------
    measure : RiskMeasure
        Which.
    values : (n,) array of float
        NaN where it cannot be said.
    classes : Classes
        Its classes.
    """

    measure: RiskMeasure
    values: Floats
    classes: Classes

    @classmethod
    def of(cls, by_grid: pd.DataFrame, measure: RiskMeasure, choice: Choice) -> Measured:
        """Measure areas counted by `maps.counts.risk_by_grid`."""
        values = measured_values(by_grid, measure)
        return cls(measure, values, classify(values, choice))

    def column(self) -> Column:
        """Return the class of each area: a page rounds numbers, and none may change its class by that."""
        limits = np.asarray(self.classes.breaks)
        place = np.searchsorted(limits, self.values, side="right")
        codes = np.where(np.isfinite(self.values), place, -1).astype(np.int64)
        return Column("step", "", "code", codes, values=tuple(str(i) for i in range(len(limits) + 1)))

    def draw(self) -> Json:
        """Return the drawing of the areas by class, the last colour for those without a value."""
        return {
            "as": "fill",
            "layer": "grids",
            "column": "step",
            "colours": [*areas.sequence(len(self.classes.breaks) + 1), palette.NOTHING],
            "line": palette.LINE,
            "width": 1,
        }

    def section(self, words: Words) -> Section:
        """Return the legend: classes with how many areas are in each, and how they were made."""
        return Section(
            words(_TITLES[self.measure]),
            keys=step_keys(
                self.values,
                self.classes.breaks,
                self.classes.digits,
                words,
                none=words(_NONE[self.measure]),
                is_share=self.measure is RiskMeasure.SHARE,
            ),
            note=self.classes.told(words) if self.classes.breaks else "",
            views=(self.measure.value,),
        )

    def headings(self, words: Words) -> tuple[Heading, ...]:
        """Return the heads of the columns beside the counts of buildings."""
        if self.measure is RiskMeasure.PER_1000:
            return (Heading("per_1000", words("per-1000")),)
        return (Heading("share", words("warning-share")),)


def measured_values(by_grid: pd.DataFrame, measure: RiskMeasure) -> Floats:
    """Return a measure of areas counted by `maps.counts.risk_by_grid`; a count is of areas with buildings.

    Returns
    -------
    (n,) array of float
        ``share``: 0..1; ``count``: buildings; ``per-1000``: buildings per 1,000 people. NaN without a
        building (share, count), or without people (per 1,000).
    """
    if measure is RiskMeasure.SHARE:
        return by_grid["warning_share"].to_numpy(dtype=np.float64)
    if measure is RiskMeasure.PER_1000:
        return by_grid["warning_per_1000"].to_numpy(dtype=np.float64)
    counts = by_grid["warning"].to_numpy(dtype=np.float64)
    return np.where(by_grid["buildings"].to_numpy() > 0, counts, np.nan)


def measure_columns(by_grid: pd.DataFrame, words: Words) -> list[Column]:
    """Return the share and, where people are on record, the number per 1,000 of them as columns."""
    share, per_1000 = (by_grid[name].to_numpy() for name in ("warning_share", "warning_per_1000"))
    style: Literal["share"] = "share"
    columns = [Column("share", words("warning-share"), "number", share, digits=4, format=style)]
    if np.isfinite(per_1000).any():
        columns.append(Column("per_1000", words("per-1000-people"), "number", per_1000, digits=2))
    return columns
