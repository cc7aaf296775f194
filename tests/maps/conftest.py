"""A small district for maps: grids, buildings, events and defects, all by seed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from map_pages import browser, opened  # noqa: F401  fixtures

from gisgov import paths
from maps.assets import WebAssets
from maps.facts import MapFacts

_STREETS = ("临江街道", "北山街道", "文苑街道", "西渡街道", "东湖街道", "南岭街道")
_COMMUNITIES = (
    *("和平", "新华", "建设", "朝阳", "团结", "胜利", "青年", "幸福", "光明", "曙光", "长虹"),
    *("红旗", "望江", "桃园", "柳林", "荷塘", "梅园", "松岗", "竹苑", "兰亭", "菊园"),
)
_SURNAMES = "王李张刘陈杨黄赵周吴徐孙"
_SOURCES = ("grid-patrol", "hotline", "camera", "petition", "qr-code")
_SOURCE_TITLES = ("网格巡查", "12345 热线", "视频监控", "信访", "扫码上报")
_CATEGORIES = (
    "乱堆杂物",
    "占道经营",
    "违规停车",
    "电动车进楼",
    "消防通道堵塞",
    "房屋漏水",
    "噪声扰民",
    "井盖缺损",
)
_M_LON, _M_LAT = 96486.0, 110852.0


def make_district(
    seed: int = 7, *, grids: int = 40, buildings: int = 600, events: int = 300, width_m: float = 6000.0
) -> SimpleNamespace:
    """Draw a district around 114.3°E 30.5°N."""
    rng = np.random.default_rng(seed)
    outline = _outline(rng, width_m)
    centres = _spread(rng, outline, grids, 4)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(centres), extend_to=outline))
    cells = np.array([cell for cell in shapely.intersection(cells, outline) if cell.area > 0], dtype=object)
    middle = shapely.centroid(cells)
    cells = cells[np.lexsort((shapely.get_x(middle), -shapely.get_y(middle)))]
    frame = _grid_frame(rng, cells, outline)
    made = _building_frame(rng, frame, cells, buildings)
    happened = _event_frame(rng, frame, cells, outline, events)
    facts = MapFacts(
        at=date(2026, 3, 1),
        plan="2026 年网格划分方案",
        rules_version="2026-01",
        rules_are_example=True,
        first=date(2025, 3, 1),
        last=date(2026, 2, 28),
        measured_in="CGCS2000 / 3-degree Gauss-Kruger CM 114E（EPSG:4547）",
    )
    return SimpleNamespace(
        grids=frame, buildings=made, events=happened, defects=_defect_frame(rng, frame, cells), facts=facts
    )


def _lonlat(shapes: np.ndarray) -> np.ndarray:
    return shapely.transform(shapes, lambda xy: np.round(xy / [_M_LON, _M_LAT] + [114.3, 30.5], 7))


def _outline(rng: np.random.Generator, width: float) -> shapely.Polygon:
    angle = np.linspace(0, 2 * np.pi, 240, endpoint=False)
    radius = 1 + sum(rng.normal(0, 0.22 / k) * np.sin(k * angle + rng.uniform(0, 6)) for k in range(2, 9))
    return shapely.Polygon(np.c_[np.cos(angle) * radius * 0.5, np.sin(angle) * radius * 0.4] * width)


def _spread(rng: np.random.Generator, outline: shapely.Polygon, count: int, rounds: int) -> np.ndarray:
    west, south, east, north = outline.bounds
    points = np.empty((0, 2))
    while len(points) < count:
        x, y = (
            rng.normal(0, 0.55, count) * (east - west) / 2,
            rng.normal(0, 0.55, count) * (north - south) / 2,
        )
        points = np.vstack([points, np.c_[x, y][shapely.contains_xy(outline, x, y)]])
    points = points[:count]
    for _ in range(rounds):
        cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points), extend_to=outline))
        middle = shapely.centroid(shapely.intersection(cells, outline))
        points = np.c_[shapely.get_x(middle), shapely.get_y(middle)]
    return points


def _grid_frame(rng: np.random.Generator, cells: np.ndarray, outline: shapely.Polygon) -> gpd.GeoDataFrame:
    middle = shapely.centroid(cells)
    x, y = shapely.get_x(middle), shapely.get_y(middle)
    count = max(2, len(cells) // 9)
    heads = _spread(rng, outline, count, 2)
    community = ((x[:, None] - heads[:, 0]) ** 2 + (y[:, None] - heads[:, 1]) ** 2).argmin(axis=1)
    names = [
        f"{_COMMUNITIES[i % len(_COMMUNITIES)]}{'' if i < len(_COMMUNITIES) else '二'}社区"
        for i in range(count)
    ]
    within: dict[int, int] = {}
    rows = []
    for i, c in enumerate(community.tolist()):
        within[c] = within.get(c, 0) + 1
        people = int(rng.lognormal(8.2, 0.6))
        staff = 1 + int(rng.integers(1, 4))
        rows.append(
            {
                "code": f"420106{1 + c % 6:03d}{1 + c // 6:03d}{within[c]:03d}",
                "name": f"{names[c]}第{within[c]:02d}网格",
                "parent_code": f"420106{1 + c % 6:03d}{1 + c // 6:03d}",
                "parent_name": names[c],
                "street_name": _STREETS[c % 6],
                "population": people,
                "households": people // 3,
                "area_km2": cells[i].area / 1e6,
                "staff": f"网格长 {_SURNAMES[i % 12]}某；专职网格员 {_SURNAMES[(i * 5 + 3) % 12]}某",
                "staff_count": staff,
            }
        )
    return gpd.GeoDataFrame(rows, geometry=_lonlat(cells), crs=4326)


def _building_frame(
    rng: np.random.Generator, grids: gpd.GeoDataFrame, cells: np.ndarray, count: int
) -> gpd.GeoDataFrame:
    weight = grids["population"].to_numpy() / grids["population"].sum()
    owner = np.sort(rng.choice(len(cells), count, p=weight))
    west, south, east, north = shapely.bounds(cells).T
    x, y = np.empty(count), np.empty(count)
    left = np.arange(count)
    while len(left):
        own = owner[left]
        x[left], y[left] = rng.uniform(west[own], east[own]), rng.uniform(south[own], north[own])
        left = left[~shapely.contains_xy(cells[own], x[left], y[left])]
    angle = np.pi * ((owner * 7) % 12) / 24 + rng.normal(0, 0.03, count)
    long, short = rng.uniform(12, 55, count), rng.uniform(9, 16, count)
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) / 2
    local = corners[None] * np.c_[long, short][:, None]
    turned = np.stack(
        [
            local[..., 0] * np.cos(angle)[:, None] - local[..., 1] * np.sin(angle)[:, None] + x[:, None],
            local[..., 0] * np.sin(angle)[:, None] + local[..., 1] * np.cos(angle)[:, None] + y[:, None],
        ],
        axis=-1,
    )
    danger = rng.uniform(0, 1, count) + 0.35 * (rng.random(len(cells)) < 0.15)[owner]
    classes = np.where(danger > 0.96, "warning", np.where(danger > 0.84, "general", "safe")).astype(object)
    reasons = {
        "safe": (),
        "general": ("建成超过 30 年",),
        "warning": ("建成超过 30 年", "疏散通道被占用"),
    }
    floors = rng.integers(1, 33, count)
    households = floors * rng.integers(2, 6, count)
    return gpd.GeoDataFrame(
        {
            "external_id": [f"B{i:06d}" for i in range(count)],
            "name": [
                f"{_COMMUNITIES[o % len(_COMMUNITIES)]}{'花园苑里'[o % 4]}{1 + i % 40}栋"
                for i, o in enumerate(owner.tolist())
            ],
            "use": np.array(["住宅", "商住", "出租屋"], dtype=object)[rng.integers(0, 3, count)],
            "floors": floors,
            "built_year": rng.integers(1978, 2024, count),
            "households": households,
            "population": households * 3,
            "risk_class": classes,
            "risk_points": np.select([classes == "safe", classes == "general"], [10, 45], 80),
            "risk_reasons": [reasons[name] for name in classes],
            "grid_code": grids["code"].to_numpy()[owner],
        },
        geometry=_lonlat(shapely.polygons(turned)),
        crs=4326,
    )


def _event_frame(
    rng: np.random.Generator,
    grids: gpd.GeoDataFrame,
    cells: np.ndarray,
    outline: shapely.Polygon,
    count: int,
) -> gpd.GeoDataFrame:
    spots = _spread(rng, outline, 25, 0)
    at = spots[rng.integers(0, 25, count)] + rng.normal(0, 1, (count, 2)) * rng.uniform(60, 500, (count, 1))
    points = shapely.points(at)
    tree = shapely.STRtree(cells)
    owner = np.full(count, -1)
    inside, cell = tree.query(points, predicate="within")
    owner[inside] = cell
    codes = np.append(grids["code"].to_numpy(), None)
    source = rng.choice(5, count, p=(0.5, 0.25, 0.15, 0.06, 0.04))
    level = np.array(["1", "2", "3", None], dtype=object)[rng.choice(4, count, p=(0.06, 0.24, 0.65, 0.05))]
    shapes = _lonlat(points)
    problem = np.full(count, None, dtype=object)
    problem[: count // 60] = "no-coordinate"
    shapes[: count // 60] = None
    start = datetime(2025, 3, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
    return gpd.GeoDataFrame(
        {
            "external_id": [f"E{i:06d}" for i in range(count)],
            "source": np.array(_SOURCES, dtype=object)[source],
            "source_title": np.array(_SOURCE_TITLES, dtype=object)[source],
            "category": np.array(_CATEGORIES, dtype=object)[rng.integers(0, 8, count)],
            "level": level,
            "level_title": pd.Series(level).map({"1": "一级", "2": "二级", "3": "三级"}),
            "state": np.array(["已结案", "办理中", "待受理"], dtype=object)[
                rng.choice(3, count, p=(0.8, 0.15, 0.05))
            ],
            "occurred_at": [start + timedelta(minutes=int(m)) for m in rng.integers(0, 365 * 1440, count)],
            "problem": problem,
            "grid_code": codes[owner],
        },
        geometry=shapes,
        crs=4326,
    )


def _defect_frame(rng: np.random.Generator, grids: gpd.GeoDataFrame, cells: np.ndarray) -> gpd.GeoDataFrame:
    kinds = ("gap", "overlap", "outside", "crosses-parent", "several-parts")
    rows, shapes = [], []
    for n, i in enumerate(rng.choice(len(cells), min(23, len(cells)), replace=False).tolist()):
        ring = shapely.get_coordinates(cells[i])
        a, b = ring[0], ring[1]
        width = float(rng.uniform(0.3, 25))
        along = (b - a) / np.hypot(*(b - a))
        across = np.array([-along[1], along[0]]) * width
        shapes.append(shapely.Polygon([a, b, b + across * 0.3, (a + b) / 2 + across, a + across * 0.2]))
        rows.append(
            {
                "kind": kinds[n % 5],
                "area_m2": shapes[-1].area,
                "areas": (grids["code"][i], grids["code"][(i + 1) % len(cells)]),
            }
        )
    frame = gpd.GeoDataFrame(rows, geometry=_lonlat(np.array(shapes, dtype=object)), crs=4326)
    middle = shapely.point_on_surface(frame.geometry.to_numpy())
    return frame.assign(lon=shapely.get_x(middle), lat=shapely.get_y(middle))


@pytest.fixture(scope="session")
def district() -> SimpleNamespace:
    return make_district()


@pytest.fixture(scope="session")
def assets() -> WebAssets:
    return WebAssets.read(paths.web_assets())
