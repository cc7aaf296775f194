"""Files of real points on real layers, against an independent join of every point."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from layer_indexes import DAY, layer_index

from gisgov.services.assigning_files import FileAssignment, FileRequest, assign_file
from gisgov.types import Floats, Texts

pytestmark = pytest.mark.realdata

BOROUGHS = {"MANHATTAN": 1, "BRONX": 2, "BROOKLYN": 3, "QUEENS": 4, "STATEN ISLAND": 5}
XIHU = {"town": "areaCode", "community": "xzqhbm", "grid": "XZQHBM"}

Areas = Mapping[str, shapely.Geometry]


def stored(path: Path, layer: str, field: str) -> Areas:
    """Areas as they are stored: on the grid of 1e-7 degrees, sound ones, the first of each code."""
    frame = geopandas.read_file(path, layer=layer).to_crs(4326)
    frame["geometry"] = shapely.transform(frame.geometry.array, lambda xy: np.round(xy, 7))
    sound = frame.geometry.is_valid & ~frame.geometry.is_empty & frame[field].fillna("").astype(str).ne("")
    frame = frame[sound].drop_duplicates(field)
    return dict(zip(frame[field].astype(str), frame.geometry, strict=True))


def joined(areas: Areas, x: Floats, y: Floats) -> tuple[Texts, int]:
    """The smallest code of all areas that cover each point, and how many points have several."""
    codes = np.array([*areas])
    known = np.isfinite(x) & np.isfinite(y)
    points = np.full(len(x), None, dtype=object)
    points[known] = shapely.points(x[known], y[known])
    point, area = shapely.STRtree(list(areas.values())).query(points, predicate="intersects")
    found = pd.Series(codes[area]).groupby(point)
    owners = np.full(len(x), None, dtype=object)
    owners[found.min().index] = found.min().to_numpy()
    return owners, int((found.size() > 1).sum())


def written(out: Path, column: str = "area_code") -> Texts:
    if out.suffix == ".csv":
        return pd.read_csv(out, dtype=object)[column].astype(object).replace({np.nan: None}).to_numpy()
    return np.array(pq.read_table(out).column(column).to_pylist(), dtype=object)


def counts(done: FileAssignment) -> tuple[int, ...]:
    return done.owned, done.border, done.outside, done.no_coordinate, done.bad_coordinate, done.unreadable


def test_both_ends_of_taxi_orders_on_streets(realdata: Path, tmp_path: Path) -> None:
    streets = stored(realdata / "cn_shenzhen_streets.gpkg", "street", "BLOCK_ID")
    layer, orders = layer_index(streets), realdata / "cn_shenzhen_taxi_orders.parquet"
    table = pd.read_parquet(orders)
    compared = 0
    for end, expected in (("pick", (8816, 0, 22, 0, 50, 0)), ("drop", (8818, 0, 19, 0, 51, 0))):
        out = tmp_path / f"{end}.parquet"
        done = assign_file(layer, FileRequest(orders, out, DAY, "wgs84", f"lon_{end}", f"lat_{end}"))
        owners, several = joined(streets, table[f"lon_{end}"].to_numpy(), table[f"lat_{end}"].to_numpy())
        assert written(out).tolist() == owners.tolist()
        assert (counts(done), several) == (expected, 0)
        compared += len(owners)
    assert compared == 17_776


def test_reports_of_new_york_and_the_district_that_the_city_wrote(realdata: Path, tmp_path: Path) -> None:
    districts = stored(realdata / "us_nyc_districts.gpkg", "community_district", "BoroCD")
    reports = realdata / "us_nyc_311_animals.csv"
    done = assign_file(layer_index(districts), FileRequest(reports, tmp_path / "out.csv", DAY, "wgs84"))
    assert (counts(done), done.guessed) == ((4902, 0, 5, 62, 0, 0), True)
    table = pd.read_csv(reports)
    owners, several = joined(districts, table["Longitude"].to_numpy(), table["Latitude"].to_numpy())
    assert written(tmp_path / "out.csv").tolist() == owners.tolist()
    assert (len(owners), several) == (4969, 0)

    said = table["community_board"].map(_board)
    both = said.notna() & pd.Series(owners).notna()
    other = both & (said != owners)
    assert (int(both.sum()), int(other.sum())) == (4900, 28)
    # 99.43 % agree. The others stand on border streets: all are within 3 m of the district that was written
    plane = geopandas.GeoSeries(districts, crs=4326).to_crs(32618)
    places = geopandas.GeoSeries.from_xy(table["Longitude"][other], table["Latitude"][other], crs=4326)
    metres = places.to_crs(32618).distance(plane.loc[said[other]].set_axis(places.index))
    assert 0 < metres.min() < metres.max() < 3
    assert (metres < 0.12).sum() == 24


def _board(text: str) -> str | None:
    number, _, borough = text.partition(" ")
    return f"{BOROUGHS[borough]}{number}" if number.isdigit() and borough in BOROUGHS else None


def test_messy_layers_give_every_point_the_owner_of_the_rule(realdata: Path, tmp_path: Path) -> None:
    compared = doubly = 0
    for name, field in XIHU.items():
        areas = stored(realdata / "cn_hangzhou_xihu.gpkg", name, field)
        vertices = np.unique(np.vstack([shapely.get_coordinates(one) for one in areas.values()]), axis=0)
        rng = np.random.default_rng(3)
        some = vertices[rng.choice(len(vertices), min(len(vertices), 8000), replace=False)]
        near = some[:2000] + rng.uniform(-1e-10, 1e-10, (len(some[:2000]), 2))
        anywhere = rng.uniform(vertices.min(axis=0), vertices.max(axis=0), (8000, 2))
        xy = np.vstack([some, near, anywhere])
        pq.write_table(pa.table({"x": xy[:, 0], "y": xy[:, 1]}), tmp_path / "points.parquet")
        out = tmp_path / f"{name}.parquet"
        done = assign_file(layer_index(areas), FileRequest(tmp_path / "points.parquet", out, DAY, "wgs84"))
        owners, several = joined(areas, xy[:, 0], xy[:, 1])
        assert written(out).tolist() == owners.tolist()
        owned = np.flatnonzero(owners.astype(bool))
        borders = shapely.boundary([areas[code] for code in owners[owned]])
        on_border = shapely.intersects(borders, shapely.points(xy[owned]))
        assert (written(out, "area_status")[owned] == np.where(on_border, "border", "owned")).all()
        assert done.outside == len(owners) - len(owned) > 0
        compared, doubly = compared + len(xy), doubly + several
    assert compared == 52_550
    assert doubly > 10_000  # vertices that neighbours share, and ground that several areas lie on
