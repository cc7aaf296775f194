"""The map of two plans: what is drawn and said of ground that changes hands."""

from __future__ import annotations

from typing import Any

import geopandas
import numpy as np
import pytest
import shapely

from gisgov.testing import areas_from_grid
from maps.assets import WebAssets
from maps.plan_changes import document, draw


def areas(picture: str) -> geopandas.GeoDataFrame:
    codes, cells = areas_from_grid(picture, cell_m=1)
    shapes = shapely.transform(cells, lambda xy: np.round(xy * 0.001 + (120.0, 30.0), 7))
    return geopandas.GeoDataFrame(
        {"code": codes, "name": [f"{c}网格" for c in codes]}, geometry=list(shapes), crs=4326
    )


def changes(*rows: tuple[str | None, str | None, float, shapely.Geometry | None]) -> geopandas.GeoDataFrame:
    columns: dict[str, list[Any]] = {
        "from_code": [row[0] for row in rows],
        "from_name": [row[0] and f"{row[0]}网格" for row in rows],
        "to_code": [row[1] for row in rows],
        "to_name": [row[1] and f"{row[1]}网格" for row in rows],
        "is_recoded": [row[0] == "C" for row in rows],
        "ground_m2": [row[2] for row in rows],
        **{name: [7] * len(rows) for name in ("people", "blocks", "buildings", "open_events", "staff_posts")},
    }
    return geopandas.GeoDataFrame(columns, geometry=[row[3] for row in rows], crs=4326)


BOX = shapely.box(120.001, 30, 120.002, 30.001)
FOUND = changes(("A", "B", 50.0, BOX), (None, "B", 80.0, BOX), ("A", None, 5.0, None), ("C", "D", 90.0, BOX))


def test_changes_are_numbered_by_ground_over_both_borders() -> None:
    made = document(
        FOUND, areas("AAB"), areas("ABB"),
        fates={"kept": 2}, origins={"kept": 1, "new": 1}, language="en",
    )  # fmt: skip
    layers = {layer.id: layer for layer in made.layers}
    assert set(layers) == {"grids", "changes", "former"}
    assert layers["former"].shapes[0].wkt == "LINESTRING (120.002 30, 120.002 30.001)"
    shown = layers["changes"]
    told = {key: list(shown.column(key).data) for key in ("number", "from", "to", "to_code", "area")}  # type: ignore[union-attr]
    assert told == {
        "number": [1, 2, 3],
        "from": ["C网格", "none", "A网格"],
        "to": ["D网格", "B网格", "B网格"],
        "to_code": ["D", "B", "B"],
        "area": [90.0, 80.0, 50.0],
    }
    hands, totals, became, came = made.sections
    assert [key.name for key in hands.keys] == [
        "Goes to another grid", "New in the plan", "Only the code changes", "New borders",
        "Former borders, where they change",
    ]  # fmt: skip
    assert [key.figures for key in totals.keys][:2] == [("225",), ("28",)]  # with what has no ground to draw
    assert [(key.name, key.figures) for key in (*became.keys, *came.keys)] == [
        ("Kept", ("2",)), ("Kept", ("1",)), ("New", ("1",)),
    ]  # fmt: skip
    assert any("1 not on the map" in note for note in made.notes)


def test_two_plans_that_are_the_same(assets: WebAssets) -> None:
    same = changes(("A", "B", 1.0, BOX)).iloc[:0]
    page = draw(same, areas("AB"), areas("AB"), assets=assets, fates={"kept": 2}, origins={"kept": 2})
    assert "没有地块变更归属" in page
    assert "方案对照图" in page


def test_what_is_not_in_degrees_is_refused() -> None:
    with pytest.raises(Exception, match="EPSG:4326"):
        document(FOUND.to_crs(4549), areas("AB"), areas("AB"), fates={}, origins={})


def test_figures_that_are_not_told_are_not_on_the_map() -> None:
    untold = FOUND.drop(columns=["buildings", "open_events"])
    made = document(untold, areas("AAB"), areas("ABB"), fates={}, origins={}, language="en")
    totals = made.sections[1]
    assert [key.name for key in totals.keys] == ["Area (m²)", "People", "Blocks", "Posts"]
    (shown,) = (layer for layer in made.layers if layer.id == "changes")
    assert not {"buildings", "open_events"} & {column.key for column in shown.columns}
