"""Buildings and events counted per area."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gisgov.governance.risk import RiskClass
from gisgov.types import Bools, Floats, Ints
from maps import areas

CLASSES = tuple(str(name) for name in (RiskClass.SAFE, RiskClass.GENERAL, RiskClass.WARNING))
UNCLASSIFIED = str(RiskClass.UNCLASSIFIED)


def class_codes_of(buildings: pd.DataFrame) -> Ints:
    """Place of each building's class in `CLASSES`; one past the last where it is not rated."""
    codes = areas.codes_of(areas.texts(buildings, "risk_class"), CLASSES)
    return np.where(codes < 0, len(CLASSES), codes)


def risk_by_grid(buildings: pd.DataFrame, grids: pd.DataFrame) -> pd.DataFrame:
    """Count the buildings of each grid by class.

    Parameters
    ----------
    buildings : DataFrame
        Columns risk_class and grid_code. Buildings of no grid, or of a grid that is not in ``grids``, are
        not counted.
    grids : DataFrame
        Column code, each once; where known population.

    Returns
    -------
    DataFrame
        Parallel to ``grids``: safe, general, warning, unclassified, buildings (counts, which add up),
        warning_share, the part of all its buildings that is in the warning class (0..1, NaN where there is
        no building), and warning_per_1000, its warning buildings per 1,000 people (NaN where nobody lives or
        their number is not known).

    Examples
    --------
    >>> buildings = pd.DataFrame({"risk_class": ["safe", "warning", None], "grid_code": ["A", "A", "B"]})
    >>> counts = risk_by_grid(buildings, pd.DataFrame({"code": ["A", "B", "C"]}))
    >>> counts[["buildings", "warning", "warning_share"]]
       buildings  warning  warning_share
    0          2        1            0.5
    1          1        0            0.0
    2          0        0            NaN
    """
    names = (*CLASSES, UNCLASSIFIED)
    owners = areas.codes_of(areas.texts(buildings, "grid_code"), areas.texts(grids, "code").tolist())
    is_owned: Bools = owners >= 0
    table = np.zeros((len(grids), len(names)), dtype=np.int64)
    np.add.at(table, (owners[is_owned], class_codes_of(buildings)[is_owned]), 1)
    counts = pd.DataFrame(table, columns=list(names))
    counts["buildings"] = table.sum(axis=1)
    total = counts["buildings"].to_numpy(dtype=np.float64)
    counts["warning_share"] = np.divide(
        counts["warning"].to_numpy(), total, out=np.full(len(grids), np.nan), where=total > 0
    )
    people = areas.numbers(grids, "population")
    counts["warning_per_1000"] = np.divide(
        1000.0 * counts["warning"].to_numpy(), people, out=np.full(len(grids), np.nan), where=people > 0
    )
    return counts


def events_by_grid(events: pd.DataFrame, grids: pd.DataFrame) -> pd.DataFrame:
    """Count the events of each grid.

    Parameters
    ----------
    events : DataFrame
        Column grid_code, missing outside every grid.
    grids : DataFrame
        Columns code and area_km2.

    Returns
    -------
    DataFrame
        Parallel to ``grids``: events (count) and per_km2 (NaN where the area is zero or not known).

    Examples
    --------
    >>> grids = pd.DataFrame({"code": ["A", "B"], "area_km2": [0.5, 2.0]})
    >>> events_by_grid(pd.DataFrame({"grid_code": ["A", "A", None]}), grids)
       events  per_km2
    0       2      4.0
    1       0      0.0
    """
    owners = areas.codes_of(areas.texts(events, "grid_code"), areas.texts(grids, "code").tolist())
    counts = np.bincount(owners[owners >= 0], minlength=len(grids))
    km2: Floats = areas.numbers(grids, "area_km2")
    return pd.DataFrame({"events": counts, "per_km2": areas.people_per_km2(counts.astype(np.float64), km2)})
