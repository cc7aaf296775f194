"""The page of a re-division in Chromium: from the small maps to the large ones and back, at any size."""

from __future__ import annotations

from typing import Any

import pytest
from divisions import alternative, drawn, obstacle, redivision
from map_pages import Opener

from maps import redivision as drawer
from maps.assets import WebAssets

pytest.importorskip("playwright")
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

BEFORE = "AAABB\nAACCB\nDDDCB"
PICTURES = ("AABBB\nAACCB\nDDDCB", "AAABB\nAAABB\nDDDCC", "AAABB\nAACCB\nDDCCB")


def page_of(assets: WebAssets, language: Any = "en") -> str:
    told = [
        alternative(
            i + 1,
            f"p-{i + 1}",
            obstacle("一。", "One."),
            within_band=i / 4,
            moved_population=10 + i,
            moved_share=0.1,
        )
        for i in range(3)
    ]
    frames = [drawn(text, origin="reshaped", sources="A 0.900", parent_name="West") for text in PICTURES]
    report = redivision(*told, source="p", least_moved_population=9)
    return drawer.draw(report, frames, assets=assets, present=drawn(BEFORE), language=language)


def on_map(page: Page, script: str) -> Any:
    return page.evaluate(f"gisgov.page.then(({{ map, table, scene, view, data }}) => {script})")


def cells_of(page: Page, column: int) -> list[str]:
    return page.eval_on_selector_all(
        "#list tbody tr", f"rows => rows.map((row) => row.cells[{column}].textContent)"
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_small_map_opens_the_large_one(language: str, assets: WebAssets, opened: Opener) -> None:
    html = page_of(assets, language)
    for size in ((1366, 768), (1920, 1080), (900, 700)):
        opens_the_large_one(html, size, opened)


def opens_the_large_one(html: str, size: tuple[int, int], opened: Opener) -> None:
    with opened(html, width=size[0], height=size[1]) as page:
        assert page.is_visible(".comparison")
        assert page.is_hidden(".listing")
        assert page.is_hidden("#names")
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        page.click("[data-opens='alternative-2']")
        assert page.is_hidden(".comparison")
        assert page.is_visible("#list tbody tr")
        assert page.is_visible("#names")
        assert page.is_checked("input[value='alternative-2']")
        assert on_map(page, "[view.id, table.layer.id]") == ["alternative-2", "areas-2"]
        drawn_of = on_map(page, "scene.draws.map((draw) => draw.layer)")
        assert {"areas-2", "former-2"} == set(drawn_of)
        west, south, east, north = on_map(page, "data.bounds")
        seen = on_map(
            page,
            "{ const b = map.getBounds(); return [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()] }",
        )
        assert seen[0] <= west < east <= seen[2]
        assert seen[1] <= south < north <= seen[3]
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_keys_choose_alternatives_and_the_map_stays_where_it_was(assets: WebAssets, opened: Opener) -> None:
    with opened(page_of(assets)) as page:
        page.focus("[data-opens='alternative-1']")
        page.keyboard.press("Enter")
        assert on_map(page, "view.id") == "alternative-1"
        zoom = on_map(page, "map.setZoom(map.getZoom() + 1, { animate: false }).getZoom()")
        page.keyboard.press("ArrowRight")
        assert on_map(page, "[view.id, table.layer.id, map.getZoom()]") == ["alternative-2", "areas-2", zoom]
        assert cells_of(page, 0)[0].startswith("A网格")
        page.check("input[value='compare']", force=True)
        assert page.is_visible(".comparison")
        assert page.is_hidden(".listing")


def test_the_list_sorts_by_deviation_with_its_sign(assets: WebAssets, opened: Opener) -> None:
    with opened(page_of(assets)) as page:
        page.click("[data-opens='alternative-1']")
        place = page.eval_on_selector_all(
            "#list th", "heads => heads.findIndex((th) => th.dataset.key === 'deviation')"
        )
        page.click("#list th[data-key=deviation] button")
        assert cells_of(page, place) == ["+12.0%", "+4.0%", "−4.0%", "−12.0%"]
        page.click("#list th[data-key=deviation] button")
        assert cells_of(page, place) == ["−12.0%", "−4.0%", "+4.0%", "+12.0%"]
        page.click("#list tbody tr:first-child")
        assert "90%" in page.inner_text(".card")
        page.fill("#search", "c网格")
        assert len(cells_of(page, 0)) == 1


def test_former_borders_are_dashed_and_are_no_place_to_point_at(assets: WebAssets, opened: Opener) -> None:
    with opened(page_of(assets)) as page:
        page.click("[data-opens='alternative-1']")
        dashes = page.evaluate(
            """gisgov.page.then(({ scene }) => {
                const asked = [];
                const { setLineDash } = CanvasRenderingContext2D.prototype;
                CanvasRenderingContext2D.prototype.setLineDash = function (dash) {
                    asked.push(dash);
                    setLineDash.call(this, dash);
                };
                scene.paint();
                CanvasRenderingContext2D.prototype.setLineDash = setLineDash;
                return asked;
            })"""
        )
        assert dashes == [[6, 4], []]
        box = page.locator(".folium-map").bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.wait_for_selector(".card:not([hidden])")
        assert "网格" in page.inner_text(".card h3")


def test_small_maps_are_filled(assets: WebAssets, opened: Opener) -> None:
    with opened(page_of(assets)) as page:
        boxes = page.eval_on_selector_all(
            ".small",
            "all => all.map((svg) => [svg.clientWidth, svg.querySelectorAll('path[fill^=\"#\"]').length])",
        )
        assert len(boxes) == 3
        assert all(width > 100 and paths >= 2 for width, paths in boxes)
