from datetime import date
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from gisgov.governance.thematic import RatingChange
from maps import palette, rating_changes
from maps.balance import Balance
from maps.class_changes import ORDER, Changes, changes_by_grid
from maps.words import Words

DAYS = {"first": date(2026, 3, 1), "last": date(2026, 9, 1)}


@pytest.fixture
def changed(district: SimpleNamespace) -> gpd.GeoDataFrame:
    """The buildings, of which some were rated otherwise before."""
    buildings = district.buildings.copy()
    former = buildings["risk_class"].to_numpy(dtype=object).copy()
    warning = np.flatnonzero(former == "warning")
    safe = np.flatnonzero(former == "safe")
    former[warning[:5]] = "general"
    former[warning[5:7]] = None
    former[safe[:9]] = "warning"
    former[safe[9:12]] = "unclassified"
    buildings["former_class"] = former
    buildings.loc[safe[12], "risk_class"] = None
    return buildings


def test_every_change_has_a_name() -> None:
    frame = pd.DataFrame(
        [
            *(("safe", "general"), ("general", "warning"), ("safe", "safe"), ("warning", "safe")),
            *((None, "warning"), ("unclassified", "safe"), ("safe", None), (None, "unclassified")),
        ],
        columns=["former_class", "risk_class"],
    )
    changes = Changes.of(frame)
    assert [ORDER[kind].value for kind in changes.kinds] == [
        *("worse", "worse", "same", "better", "new", "new", "none", "none")
    ]
    assert changes.became_warning.tolist() == [1, 4]


def test_numbers_of_the_legend_add_up(changed: gpd.GeoDataFrame, district: SimpleNamespace) -> None:
    document = rating_changes.document(changed, district.grids, facts=district.facts, **DAYS)
    kinds, matrix, balance = document.sections
    counts = {key.name: int(key.figures[0].replace(",", "")) for key in kinds.keys}
    assert (counts["变差"], counts["变好"]) == (5, 9)
    assert (counts["新评级"], counts["无等级"]) == (5, 1)
    assert sum(counts.values()) == len(changed)
    rows = [[int(figure.replace(",", "")) for figure in key.figures] for key in matrix.keys[1:]]
    assert [sum(row[:-1]) for row in rows] == [row[-1] for row in rows]
    assert rows[1][2] == 5  # general to warning
    assert rows[2][0] == 9  # warning to safe
    assert [sum(column) for column in zip(*rows, strict=True)] == [
        int(figure.replace(",", "")) for figure in matrix.total.figures
    ]
    assert sum(int(key.figures[0]) for key in balance.keys) == len(district.grids)
    assert "2026-03-01 至 2026-09-01" in document.headline
    assert "评级规则 2026-01（示例）" in document.headline


def test_those_that_became_warning_are_listed(changed: gpd.GeoDataFrame, district: SimpleNamespace) -> None:
    document = rating_changes.document(changed, district.grids, language="en", **DAYS)
    became = next(layer for layer in document.layers if layer.id == "became")
    former = became.column("former")
    assert sorted(former.values[code] for code in former.data) == ["General"] * 5 + ["No class"] * 2
    assert document.tables == ("grids", "became")
    assert document.listing.layer == "became"


def test_areas_are_balanced(changed: gpd.GeoDataFrame, district: SimpleNamespace) -> None:
    changes = Changes.of(changed)
    table = changes_by_grid(changed, district.grids, changes)
    assert table[[kind.value for kind in RatingChange]].sum(axis=1).tolist() == table["buildings"].tolist()
    assert (table["worse"].sum(), table["better"].sum()) == (5, 9)
    assert np.nansum(table["balance"]) == -4
    empty = changes_by_grid(changed.iloc[:0], district.grids, Changes.of(changed.iloc[:0]))
    assert empty["balance"].isna().all()


def test_many_buildings_are_added_up_and_those_that_changed_stay(
    changed: gpd.GeoDataFrame, district: SimpleNamespace
) -> None:
    document = rating_changes.document(changed, district.grids, most_buildings=100, **DAYS)
    layers = {layer.id: layer for layer in document.layers}
    assert int(np.asarray(layers["squares"].column("count").data).sum()) == len(changed)
    assert len(layers["buildings"].shapes) == 5 + 9 + 2
    assert document.sections[0].keys[0].switch == ("squares buildings", "change", 4)
    assert "米方格合计" in document.sections[0].note


def test_buildings_without_a_place_are_counted(changed: gpd.GeoDataFrame, district: SimpleNamespace) -> None:
    changed.loc[:2, "geometry"] = None
    assert "未上图 3 条：无坐标" in rating_changes.document(changed, district.grids, **DAYS).notes


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ([0.0, 0.0], ["0"]),
        ([1.0, 0.0, np.nan], ["+1 及以上", "0", "−1 及以下", "无楼栋"]),
        (
            [-1.0, -8, 3, 1, 0],
            ["+8 及以上", "+3 至 +7", "+1 至 +2", "0", "−2 至 −1", "−7 至 −3", "−8 及以下"],
        ),
    ],
)
def test_a_balance_is_parted_around_zero(values: list[float], names: list[str]) -> None:
    balance = Balance.of(np.array(values))
    keys = balance.keys(Words("zh"), none="无楼栋")
    assert [key.name for key in keys] == names
    assert sum(int(key.figures[0]) for key in keys) == len(values)
    number, step, text = balance.columns("净变差")
    colours = [balance.draw()["colours"][code] for code in step.data]
    for value, colour in zip(values, colours, strict=True):
        blue, orange = palette.DEVIATION[:3], palette.DEVIATION[4:]
        assert colour in {-1: blue, 0: palette.DEVIATION[3:4], 1: orange}.get(np.sign(value), palette.NOTHING)
    assert [one for one in text.data if one is not None] == [
        f"{'+' if value > 0 else '−' if value < 0 else ''}{abs(value):.0f}"
        for value in values
        if value == value
    ]
    assert number.data is balance.values
