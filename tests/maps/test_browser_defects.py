"""The page of defects in Chromium: from its list to a centimetre, from a badge to its row, at any size."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from map_pages import Opener

from maps import defects, repairs
from maps.assets import WebAssets
from maps.proof import CheckFacts

pytest.importorskip("playwright")
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

CHECK = CheckFacts(certified=False, certificate="3f-9c over 12 edges")
NUMBERS = "[...document.querySelectorAll('#list tbody tr')].map((row) => Number(row.cells[0].textContent))"
LON, LAT = 96486.0, 110852.0  # metres to a degree


def slivers(count: int, *, width_m: float = 0.01, length_m: float = 40.0) -> gpd.GeoDataFrame:
    """Place slivers in a square raster, 60 m apart; the wider and larger the later."""
    side = int(np.ceil(np.sqrt(count)))
    x, y = np.arange(count) % side * 60.0, np.arange(count) // side * 60.0
    width = width_m + 0.001 * np.arange(count)
    west, south = 114.3 + x / LON, 30.5 + y / LAT
    shapes = shapely.box(west, south, west + length_m / LON, south + width / LAT)
    return gpd.GeoDataFrame(
        {
            "number": np.arange(count) + 1,
            "kind": np.where(np.arange(count) % 2, "sliver", "vertex-mismatch"),
            "area_m2": width * length_m,
            "width_m": width,
            "cover": 0,
            "areas": [f"A{i:05d}, A{i + 1:05d}" for i in range(count)],
            "lon": west + length_m / 2 / LON,
            "lat": south + width / 2 / LAT,
        },
        geometry=shapes,
        crs=4326,
    )


def on_map(page: Page, script: str) -> Any:
    return page.evaluate(f"gisgov.page.then(({{ map, table, scene }}) => {script})")


def test_a_sliver_of_a_centimetre_is_reached_and_seen(assets: WebAssets, opened: Opener) -> None:
    frame = slivers(30)
    with opened(defects.draw(frame, assets=assets, checks=[CHECK], language="en")) as page:
        assert "Not proved. Faults: 15." in page.inner_text(".verdict")
        assert "3f-9c over 12 edges" in page.inner_text(".verdict")
        drawn = on_map(page, "scene.draws.find((draw) => draw.as === 'badges').discs.length")
        assert drawn == 30  # each has a badge, at the farthest zoom too
        page.click("#list tbody tr:first-child")
        whole = on_map(page, "map.getZoom()")
        page.click("#list tbody tr:first-child")
        assert on_map(page, "map.getZoom()") == 26 > whole
        pixels = on_map(
            page,
            "map.latLngToContainerPoint([30.5, 114.3])"
            f".distanceTo(map.latLngToContainerPoint([{30.5 + 0.01 / LAT}, 114.3]))",
        )
        assert pixels > 4
        assert page.inner_text(".leaflet-control-scale-line") == "20 cm"
        size = on_map(page, "map.getSize()")
        centre = on_map(page, f"map.latLngToContainerPoint([{frame['lat'][0]}, {frame['lon'][0]}])")
        assert (centre["x"], centre["y"]) == pytest.approx((size["x"] / 2, size["y"] / 2), abs=2)


def test_the_list_is_used_by_keys_alone(assets: WebAssets, opened: Opener) -> None:
    with opened(defects.draw(slivers(30), assets=assets, checks=[CHECK])) as page:
        page.focus("#list tbody tr:first-child")
        for key in ("ArrowDown", "ArrowDown", "ArrowUp", "Enter"):
            page.keyboard.press(key)
        assert page.inner_text(".chosen td:first-child") == "2"
        assert page.inner_text(".card h3") == "2 · 细缝（空白）"
        first = on_map(page, "map.getZoom()")
        page.keyboard.press(" ")
        assert on_map(page, "map.getZoom()") > first
        assert page.evaluate("document.activeElement.classList.contains('chosen')")


def test_every_column_sorts_both_ways(assets: WebAssets, opened: Opener) -> None:
    rising = list(range(1, 21))
    with opened(defects.draw(slivers(20).sample(frac=1, random_state=3), assets=assets)) as page:
        for key in ("number", "kind", "area", "width", "areas"):
            page.click(f"#list th[data-key={key}] button")
            one = page.evaluate(NUMBERS)
            page.click(f"#list th[data-key={key}] button")
            other = page.evaluate(NUMBERS)
            if key == "kind":
                kinds = sorted([n % 2 for n in numbers] for numbers in (one, other))
                assert kinds == [sorted(kinds[0]), sorted(kinds[0], reverse=True)]
            else:
                assert sorted([one, other]) == [rising, rising[::-1]], key


def test_ten_thousand_are_made_as_they_are_seen(assets: WebAssets, opened: Opener) -> None:
    with opened(defects.draw(slivers(10_000), assets=assets, language="en")) as page:
        assert page.evaluate(NUMBERS) == list(range(1, 101))
        assert page.inner_text("#more-rows") == "first 100 of 10,000"
        page.evaluate("document.getElementById('more-rows').scrollIntoView()")
        page.locator("#list tbody tr").nth(199).wait_for(state="attached")
        page.fill("#search", "a09998")
        assert page.evaluate(NUMBERS) == [9998, 9999]
        assert page.is_hidden("#more-rows")
        page.fill("#search", "")
        page.uncheck(".key tr:first-child input")
        assert on_map(page, "table.order.length") == 5000


def test_a_badge_leads_to_its_row(assets: WebAssets, opened: Opener) -> None:
    with opened(defects.draw(slivers(10_000), assets=assets, language="en")) as page:
        on_map(page, "map.setView([30.5, 114.3], 19, { animate: false }) && 0")
        place = on_map(
            page,
            """{
                const { discs } = scene.draws.find((draw) => draw.as === "badges");
                const [, x, y] = discs.find(([i]) => i === 101);
                const box = map.getContainer().getBoundingClientRect();
                const lon = x / 256 * 360 - 180;
                const lat = Math.atan(Math.sinh((128 - y) * Math.PI / 128)) * 180 / Math.PI;
                const point = map.latLngToContainerPoint([lat, lon]);
                return [point.x + box.x, point.y + box.y];
            }""",
        )
        page.mouse.click(*place)
        assert page.inner_text(".chosen td:first-child") == "102"
        assert page.inner_text(".card h3") == "102 · Sliver (gap)"
        assert page.evaluate(NUMBERS)[0] == 82
        page.click("#rows-before button")
        assert page.evaluate(NUMBERS)[0] == 1
        assert page.is_hidden("#rows-before")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_proposals_open_and_say_what_changes(
    language: Any, district: SimpleNamespace, assets: WebAssets, opened: Opener
) -> None:
    frame = district.defects.assign(
        number=range(len(district.defects)), decision="give", reason="x", width_m=1.0
    )
    frame["to"] = district.grids["code"][0]
    changes = district.grids[["code"]].assign(before_m2=10.0, after_m2=12.0)
    check = CheckFacts(certified=True, certificate="0-0 over 12 edges")
    html = repairs.draw(
        frame, district.grids, changes=changes, checks=[check], assets=assets, language=language
    )
    with opened(html, width=1366, height=768) as page:
        assert page.inner_text(".verdict").startswith({"zh": "修复后已证明", "en": "Proved after"}[language])
        assert page.locator(".long .key tr").count() == 21
        page.click("#list tbody tr:first-child")
        assert page.is_visible(".card")
        assert page.evaluate("document.documentElement.scrollWidth") <= 1366
        table, panel = page.locator("#list").bounding_box(), page.locator(".panel").bounding_box()
        assert table is not None
        assert panel is not None
        assert table["width"] <= panel["width"]
