"""Every map of building risk, drawn of real footprints: seconds, bytes, and how soon it opens.

The footprints are those of Nanshan, Shenzhen (`cn_shenzhen_nanshan_buildings.parquet`), and 300,000 of them
laid side by side. Their classes, people and areas are made up by a seed, which every map says. Nobody else
draws these maps, so nothing is compared; Chromium opens each page in a fresh profile without a network, and
the time is from the start of the navigation to the second frame after all is drawn.

    python -m benchmarks.risk_maps [FOLDER]     leaves what was drawn in a folder, to be looked at
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal

import geopandas as gpd
import numpy as np
import shapely

from benchmarks.bars import QUICK
from benchmarks.browser import launched, program
from gisgov.geometry.crs import from_wgs84_geometries, to_wgs84_geometries, working_crs
from gisgov.governance.thematic import ClassingMethod, HotspotUnit, RiskMeasure
from gisgov.paths import root, web_assets
from maps import hotspots, rating_changes, risk
from maps.assets import WebAssets
from maps.classing import Choice
from maps.document import Document
from maps.facts import MapFacts
from maps.figures import figures_file
from maps.hotspot_units import Asked
from maps.page import compose
from maps.printing import draw_print

_DRAWN = (
    "new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(() => go(performance.now()))))"
)
_MADE_UP: Final = {
    "zh": "楼栋轮廓：深圳南山（MIT）；等级、人口和网格为测试虚构",
    "en": "Footprints: Nanshan, Shenzhen (MIT). Classes, people and grids are made up for a test.",
}
_MANY: Final = 20_000 if QUICK else 300_000
_FROM, _TO = date(2026, 3, 1), date(2026, 9, 1)


@dataclass(frozen=True, slots=True, eq=False)
class Town:
    """Footprints with made-up classes on two days, and made-up areas."""

    name: str
    buildings: gpd.GeoDataFrame
    grids: gpd.GeoDataFrame


def footprints() -> gpd.GeoDataFrame | None:
    """Read the real footprints; None where they are not."""
    data = Path(os.environ.get("GISGOV_REALDATA", root().parent / "shared" / "data"))
    file = data / "cn_shenzhen_nanshan_buildings.parquet"
    return gpd.read_parquet(file) if file.is_file() else None


def enlarged(shapes: np.ndarray, count: int) -> np.ndarray:
    """Lay copies of a ground side by side in its plane until there are so many."""
    copies = -(-count // len(shapes))
    across = int(np.ceil(np.sqrt(copies)))
    west, south, east, north = shapely.total_bounds(shapes)
    laid = [
        shapely.transform(
            shapes, lambda xy, k=k: xy + np.array([k % across, k // across]) * (east - west, north - south)
        )
        for k in range(copies)
    ]
    return np.concatenate(laid)[:count]


def town(name: str, shapes: np.ndarray, cell_m: float, seed: int = 9) -> Town:
    """Make areas of square cells over footprints in metres, and classes that gather here and there."""
    rng = np.random.default_rng(seed)
    working = working_crs(113.93, 22.52)
    middle = shapely.centroid(shapes)
    x, y = shapely.get_x(middle), shapely.get_y(middle)
    west, south, east, north = shapely.total_bounds(shapes)
    columns, rows = int(np.ceil((east - west) / cell_m)), int(np.ceil((north - south) / cell_m))
    column, row = np.meshgrid(np.arange(columns), np.arange(rows))
    left, bottom = west + column.ravel() * cell_m, south + row.ravel() * cell_m
    # corners are computed one way, so that neighbours share them to the bit
    corners = [(west + (column.ravel() + 1) * cell_m), (south + (row.ravel() + 1) * cell_m)]
    boxes = np.asarray(shapely.box(left, bottom, *corners), dtype=object)
    owner = ((y - south) // cell_m).astype(int) * columns + ((x - west) // cell_m).astype(int)
    danger = np.zeros(len(shapes))
    for cx, cy in rng.uniform((west, south), (east, north), (max(4, len(shapes) // 3000), 2)):
        danger += np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * 450.0**2))
    chance = 0.02 + 0.3 * np.minimum(danger, 1)
    draw, before = rng.random(len(shapes)), rng.random(len(shapes))
    moved = rng.random(len(shapes)) < 0.08
    before = np.where(moved, before, draw)

    def classes(of: np.ndarray) -> np.ndarray:
        return np.where(of < chance / 2, "warning", np.where(of < 1.6 * chance, "general", "safe")).astype(
            object
        )

    codes = np.array([f"440305{k + 1:06d}" for k in range(columns * rows)], dtype=object)
    people = rng.integers(0, 9000, columns * rows)
    blocks = [f"{1 + r // 3:02d}{1 + c // 3:02d}" for r, c in zip(row.ravel(), column.ravel(), strict=True)]
    grids = gpd.GeoDataFrame(
        {
            "code": codes,
            "name": [f"第{k + 1}网格" for k in range(columns * rows)],
            "parent_code": blocks,
            "parent_name": [f"{block}社区" for block in blocks],
            "population": np.where(people < 600, 0, people),
            "area_km2": cell_m**2 / 1e6,
        },
        geometry=to_wgs84_geometries(boxes, working),
        crs=4326,
    )
    after = classes(draw)
    reasons = {"safe": (), "general": ("虚构：楼龄",), "warning": ("虚构：楼龄", "虚构：消防隐患")}
    buildings = gpd.GeoDataFrame(
        {
            "external_id": [f"NS{k:06d}" for k in range(len(shapes))],
            "name": None,
            "risk_class": after,
            "former_class": np.where(rng.random(len(shapes)) < 0.01, None, classes(before)),
            "risk_points": np.select([after == "safe", after == "general"], [10, 45], 80),
            "former_points": 10.0,
            "risk_reasons": [reasons[one] for one in after],
            "grid_code": codes[owner],
        },
        geometry=to_wgs84_geometries(shapes, working),
        crs=4326,
    )
    return Town(name, buildings, grids)


def documents(made: Town, language: Literal["zh", "en"]) -> Iterator[tuple[str, Any]]:
    """Yield each map with what draws it."""
    facts = MapFacts(
        at=_TO,
        plan="测试方案",
        rules_version="test",
        rules_are_example=True,
        rated=_TO,
        measured_in=working_crs(113.93, 22.52).title,
        source=_MADE_UP[language],
    )
    frames, told = (made.buildings, made.grids), {"language": language, "facts": facts}
    yield "risk", lambda: risk.document(*frames, **told)
    quantiles = Choice(ClassingMethod.QUANTILE, 7)
    yield (
        "risk-per-1000",
        lambda: risk.document(
            *frames, measure=RiskMeasure.PER_1000, classing=quantiles, bandwidth_m=150, **told
        ),
    )
    yield "change", lambda: rating_changes.document(*frames, first=_FROM, last=_TO, **told)
    yield "hotspots", lambda: hotspots.document(*frames, **told)
    cells = Asked(
        unit=HotspotUnit.CELLS, measure=RiskMeasure.COUNT, cell_m=250 if len(made.grids) < 300 else 500
    )
    yield "hotspots-cells", lambda: hotspots.document(*frames, asked=cells, **told)


def main() -> int:
    """Draw everything; 2 when there is no Chromium or no footprint."""
    if program() is None:
        print("Chromium is not installed.", file=sys.stderr)
        return 2
    assets = WebAssets.read(web_assets())
    real = footprints()
    if real is None:
        print("The footprints of Nanshan are not in GISGOV_REALDATA.", file=sys.stderr)
        return 2
    shapes = from_wgs84_geometries(
        np.asarray(real.geometry.to_numpy(), dtype=object), working_crs(113.93, 22.52)
    )
    towns = (town("nanshan", shapes, 500.0), town("enlarged", enlarged(shapes, _MANY), 1000.0))
    with tempfile.TemporaryDirectory() as scratch, launched() as browser:
        folder = Path(sys.argv[1] if len(sys.argv) > 1 else scratch)
        folder.mkdir(parents=True, exist_ok=True)
        for made in towns:
            for language in ("zh",) if QUICK else ("zh", "en"):
                for kind, make in documents(made, language):
                    _draw(made, f"{made.name}-{kind}-{language}", make, folder, assets, browser)
    return 0


def _draw(made: Town, name: str, make: Any, folder: Path, assets: WebAssets, browser: Any) -> None:
    start = time.perf_counter()
    document: Document = make()
    prepared = time.perf_counter() - start
    last = document.views[1].id
    for ending, render in (
        ("html", lambda: compose(document, assets).encode()),
        ("a3.png", lambda: draw_print(document, dpi=100)),
        (
            "a4-portrait.png",
            lambda: draw_print(document, paper="a4", portrait=True, view=last),
        ),
        ("a4.pdf", lambda: draw_print(document, format="pdf", paper="a4")),
        ("xlsx", lambda: figures_file(document, "xlsx")),
    ):
        if QUICK and ending in ("a3.png", "a4.pdf"):
            continue
        start = time.perf_counter()
        content = render()
        seconds = time.perf_counter() - start
        file = folder / f"{name}.{ending}"
        file.write_bytes(content)
        opened = f" open={_open(browser, file):.2f}s" if ending == "html" else ""
        print(
            f"note risk-maps {len(made.buildings)} {name}.{ending} prepare={prepared:.2f}s "
            f"draw={seconds:.2f}s size={len(content) / 1e6:.2f}MB{opened}",
            flush=True,
        )


def _open(browser: Any, file: Path) -> float:
    """Open a page without a network, take a picture of each view, and return seconds until it is drawn."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, offline=True)
    page = context.new_page()
    page.goto(file.as_uri())
    page.wait_for_selector("html[data-state=ready]", timeout=120_000)
    seconds = float(page.evaluate(_DRAWN)) / 1000
    for radio in page.query_selector_all("input[name=view]"):
        radio.check(force=True)
        page.evaluate(_DRAWN)
        page.screenshot(path=file.with_suffix(f".{radio.get_attribute('value')}.png"))
    context.close()
    return seconds


if __name__ == "__main__":
    sys.exit(main())
