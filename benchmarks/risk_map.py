"""The risk map of 30,254 buildings as a page: gisgov's packed layer against folium's own GeoJson layer.

Both pages show the same buildings with the same ten attributes, on canvas, and carry everything they need:
Leaflet is inlined in both, so that what differs is how the data travel and are drawn. Chromium opens each in
a fresh profile without a network; the time is from the start of the navigation to the second frame after the
buildings are drawn. Classes, names and boxes that the two pages hold are compared first.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from benchmarks.bars import QUICK, Bar, show
from fixtures.district import generate
from fixtures.shipped import risk_rules
from gisgov.governance.risk import rate
from gisgov.paths import web_assets
from maps import palette, risk
from maps.assets import WebAssets

_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
_RUNS = 2 if QUICK else 3
_NEED_SIZE, _NEED_TIME = (5.0, 1.2) if QUICK else (10.0, 2.0)  # Leaflet is most of a small page
_AGREE_DEG = 3e-6
_FIELDS = (
    *("name", "class", "reasons", "points", "use", "floors", "built", "households", "population", "grid"),
)

_DRAWN = (
    "new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(() => go(performance.now()))))"
)

_OUR_ROWS = """gisgov.page.then((page) => {
    const layer = page.layers.get("buildings");
    return Array.from({ length: layer.count }, (_, i) => {
        const [[south, west], [north, east]] = layer.bounds(i);
        return [layer.columns.get("name").at(i), layer.columns.get("class").at(i), west, south, east, north];
    });
})"""

_PEER_ROWS = """(() => {
    const layer = Object.values(window).find((one) => one instanceof L.GeoJSON);
    return layer.getLayers().map((one) => {
        const box = one.getBounds();
        const { name, class: kind } = one.feature.properties;
        return [name, kind, box.getWest(), box.getSouth(), box.getEast(), box.getNorth()];
    });
})()"""


@dataclass(frozen=True, slots=True, eq=False)
class District:
    """Rated buildings, and the areas that own them."""

    buildings: gpd.GeoDataFrame
    grids: gpd.GeoDataFrame


def rated_district(scale: float) -> District:
    """Generate the demo district, rate its buildings by the real rules, and find their communities."""
    made = generate(scale=scale)
    rules = risk_rules()
    frame = made.buildings
    facts = pd.concat([frame, made.counts], axis=1)
    ratings = rate(rules, {fact.name: facts[fact.name].to_numpy(dtype=object) for fact in rules.facts})
    explained = rules.explanations("zh")
    places = shapely.point_on_surface(frame.geometry.to_numpy())
    communities = made.communities
    point, area = shapely.STRtree(communities.geometry.to_numpy()).query(places, predicate="intersects")
    owner = np.full(len(frame), None, dtype=object)
    owner[point] = communities["code"].to_numpy(dtype=object)[area]
    reasons = np.empty(len(frame), dtype=object)
    reasons[:] = [tuple(explained[reason] for reason in of_one) for of_one in ratings.reasons]
    buildings = frame.assign(
        risk_class=ratings.classes, risk_points=ratings.points, risk_reasons=reasons, grid_code=owner
    )
    return District(buildings, communities)


def peer_page(district: District, assets: WebAssets) -> str:
    """Return the map as folium itself draws it, with Leaflet inlined and the other libraries left out."""
    ours = risk.document(district.buildings, district.grids).layers[-1]
    columns = {name: _values(ours, name) for name in _FIELDS}
    frame = gpd.GeoDataFrame(columns, geometry=ours.shapes, crs=4326)
    titles = dict(zip(("放心", "一般", "警示", "未评定"), palette.RISK.values(), strict=True))
    west, south, east, north = frame.total_bounds
    drawn = folium.Map(tiles=None, prefer_canvas=True, attribution_control=False)
    folium.GeoJson(
        frame,
        style_function=lambda feature: {
            "fillColor": titles[feature["properties"]["class"]],
            "color": palette.LINE,
            "weight": 0.5,
            "fillOpacity": 1,
        },
        tooltip=folium.GeoJsonTooltip(fields=list(_FIELDS)),
    ).add_to(drawn)
    drawn.fit_bounds([[south, west], [north, east]])
    page = re.sub(r"<script src=[^>]*></script>|<link [^>]*>", "", drawn.get_root().render())
    inlined = f"<style>{assets.leaflet_css}</style><script>{assets.leaflet_js}</script></head>"
    return page.replace("</head>", inlined, 1)


def _values(layer: Any, name: str) -> list[object]:
    column = layer.column(name)
    if column.kind == "code":
        return [column.values[code] for code in column.data]  # noqa: PD011  a column of ours
    if column.kind == "number":
        return [
            None if np.isnan(value) else int(value) for value in np.asarray(column.data, dtype=np.float64)
        ]
    return list(column.data)


def opened(browser: Any, file: Path, ready: str, rows: str | None = None) -> tuple[float, Any]:
    """Open a page without a network; return milliseconds until it is drawn, and its rows if asked for."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, offline=True)
    page = context.new_page()
    page.goto(file.as_uri())
    page.wait_for_function(ready)
    milliseconds = float(page.evaluate(_DRAWN))
    found = page.evaluate(rows) if rows else None
    context.close()
    return milliseconds, found


def agree(ours: list[list[Any]], theirs: list[list[Any]]) -> bool:
    """Whether both pages hold the same buildings: names, classes and boxes."""
    if len(ours) != len(theirs):
        return False
    pairs = zip(sorted(ours), sorted(theirs), strict=True)
    return all(
        one[:2] == other[:2] and np.allclose(one[2:], other[2:], rtol=0, atol=_AGREE_DEG)
        for one, other in pairs
    )


def best(measure: Callable[[], float]) -> float:
    """Return the least of several measurements."""
    return min(measure() for _ in range(_RUNS))


def main() -> int:
    """Print the bars; 1 when the pages do not agree, 2 when there is no Chromium."""
    from playwright.sync_api import sync_playwright

    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        print("Chromium is not installed.", file=sys.stderr)
        return 2
    assets = WebAssets.read(web_assets())
    district = rated_district(0.1 if QUICK else 1.0)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        ours, theirs = Path(folder, "ours.html"), Path(folder, "theirs.html")
        ours.write_text(risk.draw(district.buildings, district.grids, assets=assets), encoding="utf-8")
        theirs.write_text(peer_page(district, assets), encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=program, args=list(_FLAGS))
        our_ready, their_ready = "document.documentElement.dataset.state === 'ready'", "document.readyState"
        if not agree(
            opened(browser, ours, our_ready, _OUR_ROWS)[1],
            opened(browser, theirs, their_ready, _PEER_ROWS)[1],
        ):
            print("The two pages hold different buildings.", file=sys.stderr)
            return 1
        our_ms = best(lambda: opened(browser, ours, our_ready)[0])
        their_ms = best(lambda: opened(browser, theirs, their_ready)[0])
        browser.close()
        sizes = ours.stat().st_size / 1e6, theirs.stat().st_size / 1e6
    name = f"risk-map-{len(district.buildings)}"
    show(Bar(f"{name}-open", our_ms / 1000, "folium-geojson", their_ms / 1000, need=_NEED_TIME))
    ratio = sizes[1] / sizes[0]
    print(
        f"bar {name}-size ours={sizes[0]:.2f}MB peer=folium-geojson:{sizes[1]:.2f}MB ratio={ratio:.2f} "
        f"need={_NEED_SIZE:g} {'ok' if ratio >= _NEED_SIZE else 'short'}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
