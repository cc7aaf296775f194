import numpy as np
import pandas as pd

from maps.counts import class_codes_of, events_by_grid, risk_by_grid


def test_counts_add_up_and_strangers_are_not_counted() -> None:
    buildings = pd.DataFrame(
        {
            "risk_class": ["safe", "general", "warning", "warning", "unclassified", None, "safe"],
            "grid_code": ["A", "A", "A", "B", "B", "B", "elsewhere"],
        }
    )
    counts = risk_by_grid(buildings, pd.DataFrame({"code": ["B", "A", "C"]}))
    assert counts["buildings"].tolist() == [3, 3, 0]
    assert counts[["safe", "general", "warning", "unclassified"]].to_numpy().tolist() == [
        [0, 0, 1, 2],
        [1, 1, 1, 0],
        [0, 0, 0, 0],
    ]
    assert counts["warning_share"].round(4).tolist()[:2] == [0.3333, 0.3333]
    assert np.isnan(counts["warning_share"][2])


def test_a_class_that_is_not_known_is_unclassified() -> None:
    assert class_codes_of(pd.DataFrame({"risk_class": ["warning", None, "?"]})).tolist() == [2, 3, 3]
    assert class_codes_of(pd.DataFrame({"name": ["a"]})).tolist() == [3]


def test_events_per_km2() -> None:
    grids = pd.DataFrame({"code": ["A", "B", "C"], "area_km2": [2.0, 0.0, None]})
    counts = events_by_grid(pd.DataFrame({"grid_code": ["A", "A", "B", None]}), grids)
    assert counts["events"].tolist() == [2, 1, 0]
    assert counts["per_km2"].tolist()[0] == 1.0
    assert counts["per_km2"].isna().tolist() == [False, True, True]
