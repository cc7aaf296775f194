from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import shapely

from maps import risk


def test_the_legend_counts_every_building(district: SimpleNamespace) -> None:
    document = risk.document(district.buildings, district.grids, facts=district.facts)
    classes = document.sections[0]
    counts = district.buildings["risk_class"].value_counts()
    assert [(key.name, key.figures[0]) for key in classes.keys] == [
        ("放心", f"{counts['safe']:,}"),
        ("一般", f"{counts['general']:,}"),
        ("警示", f"{counts['warning']:,}"),
    ]
    assert classes.total is not None
    assert classes.total.figures[0] == f"{len(district.buildings):,}"
    assert sum(share for _, share in classes.bar) == 1
    assert sum(int(key.figures[0]) for key in document.sections[1].keys) == len(district.grids)
    assert document.headline == "2026-03-01 现行 · 方案 2026 年网格划分方案 · 评级规则 2026-01（示例）"


def test_buildings_without_a_class_are_shown_as_such(district: SimpleNamespace) -> None:
    buildings = district.buildings.copy()
    buildings.loc[:9, "risk_class"] = None
    buildings.loc[10:14, "risk_class"] = "unclassified"
    document = risk.document(buildings, district.grids, language="en")
    assert [key.name for key in document.sections[0].keys] == ["Safe", "General", "Warning", "Unclassified"]
    assert document.sections[0].keys[3].figures[0] == "15"
    footprints = next(draw for draw in document.views[0].draws if draw["as"] == "footprints")
    assert len(footprints["colours"]) == len(footprints["least"]) == 4


def test_buildings_without_a_place_are_counted(district: SimpleNamespace) -> None:
    buildings = district.buildings.copy()
    buildings.loc[:2, "geometry"] = None
    document = risk.document(buildings, district.grids)
    assert "未上图 3 条：无坐标" in document.notes


def test_points_and_polygons_are_drawn_together(district: SimpleNamespace) -> None:
    buildings = district.buildings.copy()
    buildings.loc[:4, "geometry"] = shapely.centroid(buildings.geometry.to_numpy()[:5])
    layer = risk.document(buildings, district.grids).layers[-1]
    assert set(shapely.get_type_id(layer.shapes).tolist()) == {3}
    west, _, east, _ = layer.shapes[0].bounds
    assert east - west == np.float64(1e-4).round(9) or abs(east - west - 1e-4) < 1e-9
    only_points = buildings.set_geometry(shapely.centroid(district.buildings.geometry.to_numpy()), crs=4326)
    assert set(
        shapely.get_type_id(risk.document(only_points, district.grids).layers[-1].shapes).tolist()
    ) == {0}


def test_a_building_tells_what_is_known_of_it(district: SimpleNamespace) -> None:
    layer = risk.document(district.buildings, district.grids).layers[-1]
    place = int(np.flatnonzero(district.buildings["risk_class"] == "warning")[0])
    column = layer.column("reasons")
    assert column is not None
    assert column.data[place] == "建成超过 30 年；疏散通道被占用"
    bare = gpd.GeoDataFrame(geometry=district.buildings.geometry.to_numpy()[:3], crs=4326)
    layer = risk.document(bare, district.grids).layers[-1]
    assert all(column.data[0] in (None, 3) or np.isnan(column.data[0]) for column in layer.columns)


def test_no_building_at_all_is_a_map_of_grids(district: SimpleNamespace) -> None:
    document = risk.document(district.buildings.iloc[:0], district.grids)
    assert document.sections[0].total is not None
    assert document.sections[0].total.figures[0] == "0"
    assert [key.name for key in document.sections[1].keys] == ["合计", "无楼栋"]
