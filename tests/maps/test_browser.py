"""Exported maps in Chromium, without a network: they open, say nothing to anyone, and do what they show."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import shapely
from map_pages import Opener

from gisgov.geometry.crs import from_wgs84
from gisgov.governance.thematic import HotspotUnit
from maps import defects, events, grids, hotspots, rating_changes, risk
from maps.assets import WebAssets
from maps.density import kernel_density
from maps.document import Document
from maps.hotspot_units import Asked
from maps.page import compose
from maps.plane import Plane

pytest.importorskip("playwright")
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


def _layer(page: Page, name: str, script: str) -> Any:
    """Evaluate a script on an unpacked layer of the page, given as ``layer``."""
    return page.evaluate(
        f"gisgov.page.then((page) => {{ const layer = page.layers.get({name!r}); return {script}; }})"
    )


def _ink(page: Page) -> int:
    """Count the pixels that the canvas has drawn."""
    return page.evaluate("""() => {
        const scene = document.querySelector("canvas.scene");
        const canvas = document.createElement("canvas");
        [canvas.width, canvas.height] = [scene.width, scene.height];
        canvas.getContext("2d", { willReadFrequently: true }).drawImage(scene, 0, 0);
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        let drawn = 0;
        for (let i = 3; i < data.length; i += 4) if (data[i]) drawn++;
        return drawn;
    }""")


def _screen(page: Page, lon: float, lat: float) -> tuple[float, float]:
    x, y = page.evaluate(
        f"""gisgov.page.then(({{ map }}) => {{
            const at = map.latLngToContainerPoint([{lat}, {lon}]);
            const box = map.getContainer().getBoundingClientRect();
            return [at.x + box.x, at.y + box.y];
        }})"""
    )
    return x, y


def _risk_documents(district: SimpleNamespace, language: str) -> Iterator[Document]:
    frames = district.buildings, district.grids
    yield risk.document(*frames, language=language, most_buildings=100)
    changed = district.buildings.assign(former_class=np.roll(district.buildings["risk_class"], 7))
    days = {"first": date(2026, 1, 1), "last": date(2026, 6, 1)}
    yield rating_changes.document(changed, district.grids, language=language, **days)
    yield hotspots.document(*frames, language=language, asked=Asked(permutations=99))
    cells = Asked(unit=HotspotUnit.CELLS, permutations=99)
    yield hotspots.document(*frames, language=language, asked=cells)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_kind_opens_and_draws(
    language: str, district: SimpleNamespace, assets: WebAssets, opened: Opener
) -> None:
    pages = (
        grids.draw(district.grids, assets=assets, language=language),
        risk.draw(district.buildings, district.grids, assets=assets, language=language),
        events.draw(district.events, district.grids, assets=assets, language=language),
        defects.draw(district.defects, district.grids, assets=assets, language=language),
        *(compose(document, assets) for document in _risk_documents(district, language)),
    )
    for html in pages:
        with opened(html) as page:
            for view in page.query_selector_all("input[name=view]"):
                view.check(force=True)
                assert _ink(page) > 10_000


def test_what_was_packed_is_what_the_page_has(
    district: SimpleNamespace, assets: WebAssets, opened: Opener
) -> None:
    with opened(risk.draw(district.buildings, district.grids, assets=assets)) as page:
        read = _layer(
            page,
            "buildings",
            """Array.from({length: layer.count}, (_, i) => [
                layer.columns.get("name").at(i), layer.columns.get("class").at(i),
                layer.columns.get("floors").at(i), layer.columns.get("grid").at(i),
                ...layer.bounds(i).flat(),
            ])""",
        )
    grid_names = dict(zip(district.grids["code"], district.grids["name"], strict=True))
    titles = {"safe": "放心", "general": "一般", "warning": "警示"}
    bounds = district.buildings.geometry.bounds
    wanted = sorted(
        (name, titles[risk_class], floors, grid_names[grid], round(box.miny, 5), round(box.minx, 5))
        for name, risk_class, floors, grid, box in zip(
            district.buildings["name"],
            district.buildings["risk_class"],
            district.buildings["floors"].tolist(),
            district.buildings["grid_code"],
            bounds.itertuples(),
            strict=True,
        )
    )
    found = sorted((*row[:4], row[4], row[5]) for row in read)
    for one, other in zip(found, wanted, strict=True):
        assert one[:4] == other[:4]
        assert one[4:] == pytest.approx(other[4:], abs=2e-5)


def test_points_grids_and_numbers_come_back(
    district: SimpleNamespace, assets: WebAssets, opened: Opener
) -> None:
    with opened(events.draw(district.events, district.grids, assets=assets)) as page:
        lon = np.sort(_layer(page, "events", "Array.from(layer.lon)"))
        km2 = _layer(
            page,
            "grids",
            "Array.from(layer.lon.subarray(0, layer.count), (_, i) => layer.columns.get('area').at(i))",
        )
        rings = _layer(page, "grids", "layer.latLngs(0)[0].map(([lat, lon]) => [lon, lat])")
    assert lon == pytest.approx(np.sort(district.events.geometry.dropna().x.to_numpy()), abs=1e-6)
    assert km2 == pytest.approx(district.grids["area_km2"].tolist(), abs=1e-3)
    corners = np.array(district.grids.geometry[0].exterior.coords)[:-1]
    assert np.sort(rings, axis=0) == pytest.approx(np.sort(corners, axis=0), abs=1e-6)


def test_names_are_shown_and_never_run(district: SimpleNamespace, assets: WebAssets, opened: Opener) -> None:
    frame = district.grids.copy()
    nasty = "<script>window.broken=1</script><img src=x onerror=window.broken=1>{{7*7}}"
    frame["name"] = nasty
    frame["staff"] = nasty
    with opened(grids.draw(frame, assets=assets, title=nasty)) as page:
        page.click("#list tbody tr:first-child")
        assert page.inner_text("h1") == nasty
        assert page.inner_text(".card h3") == nasty
        assert nasty in page.inner_text("#list tbody tr:first-child")
        assert page.title() == nasty
        assert page.evaluate("window.broken") is None


def test_an_injected_script_would_not_run(
    district: SimpleNamespace, assets: WebAssets, opened: Opener
) -> None:
    html = grids.draw(district.grids, assets=assets)
    with (
        pytest.raises(AssertionError, match="Content Security Policy"),
        opened(html.replace("<body>", "<body><script>window.broken=1</script>")) as page,
    ):
        assert page.evaluate("window.broken") is None


def test_the_card_tells_about_the_building_under_the_pointer(
    district: SimpleNamespace, assets: WebAssets, opened: Opener
) -> None:
    buildings = district.buildings[district.buildings["risk_class"] == "warning"].reset_index(drop=True)
    place = buildings.geometry.to_crs(4547).centroid.to_crs(4326)[0]
    with opened(risk.draw(buildings, district.grids, assets=assets)) as page:
        assert page.is_hidden(".card")
        page.mouse.move(*_screen(page, place.x, place.y))
        page.wait_for_selector(".card:visible")
        card = page.inner_text(".card")
        assert buildings["name"][0] in card
        assert "建成超过 30 年；疏散通道被占用" in card
        page.mouse.move(30, 30)
        page.wait_for_selector(".card", state="hidden")


def test_a_box_that_is_unticked_hides_its_class(
    district: SimpleNamespace, assets: WebAssets, opened: Opener
) -> None:
    with opened(risk.draw(district.buildings, district.grids, assets=assets)) as page:
        assert page.inner_text(".key tr:nth-child(3) .name") == "警示"
        hidden = "page.scene.masks.get('buildings')?.reduce((a, b) => a + b, 0) ?? 0"
        assert _layer(page, "buildings", hidden) == 0
        page.uncheck(".key tr:nth-child(3) input")
        assert _layer(page, "buildings", hidden) == (district.buildings["risk_class"] == "warning").sum()
        page.check("input[value=heat]", force=True)
        assert page.inner_text("[data-ticks=heat]") == "0"


def test_a_box_hides_its_class_among_squares_and_buildings(
    district: SimpleNamespace, assets: WebAssets, opened: Opener
) -> None:
    document = risk.document(district.buildings, district.grids, most_buildings=100)
    with opened(compose(document, assets)) as page:
        total = _layer(
            page,
            "squares",
            "Array.from({length: layer.count}, (_, i) => layer.columns.get('count').at(i))"
            ".reduce((a, b) => a + b)",
        )
        assert total == len(district.buildings)
        page.uncheck(".key tr:nth-child(3) input")
        hidden = "page.scene.masks.get(layer.id).reduce((a, b) => a + b, 0)"
        warning = int((district.buildings["risk_class"] == "warning").sum())
        assert _layer(page, "buildings", hidden) == warning
        assert 0 < _layer(page, "squares", hidden) <= warning


def test_the_heat_is_that_of_the_print(district: SimpleNamespace, assets: WebAssets, opened: Opener) -> None:
    warning = district.buildings[district.buildings["risk_class"] == "warning"]
    with opened(risk.draw(warning, district.grids, assets=assets)) as page:
        page.check("input[value=heat]", force=True)
        ours = _layer(page, "buildings", "page.view.draws.find((draw) => draw.as === 'heat').field.highest")
        assert page.inner_text("[data-ticks=heat]").split()[0] == "0"
    bounds = warning.geometry.bounds
    plane = Plane.of(tuple(district.grids.total_bounds))
    x, y = from_wgs84(
        ((bounds["minx"] + bounds["maxx"]) / 2).to_numpy(),
        ((bounds["miny"] + bounds["maxy"]) / 2).to_numpy(),
        plane.system,
    )
    printed = kernel_density(x, y, risk.BANDWIDTH_M, box=plane.ground).highest
    assert ours == pytest.approx(printed, rel=2e-3)


def test_a_stray_event_neither_moves_the_map_nor_stops_it(
    district: SimpleNamespace, assets: WebAssets, opened: Opener
) -> None:
    stray = district.events.copy()
    stray.loc[10, "geometry"] = shapely.Point(0, 0)
    with opened(events.draw(stray, district.grids, assets=assets)) as page:
        page.check("input[value=heat]", force=True)
        west, south, east, north = page.evaluate("gisgov.page.then(({ data }) => data.bounds)")
        assert (west, south, east, north) == pytest.approx(tuple(district.grids.total_bounds), abs=1e-9)
        assert _layer(page, "events", "page.view.draws.find((draw) => draw.as === 'heat').field.highest") > 0
        assert _ink(page) > 10_000


def test_the_list_sorts_searches_and_leads_to_its_feature(
    district: SimpleNamespace, assets: WebAssets, opened: Opener
) -> None:
    areas = district.defects["area_m2"].sort_values(ascending=False)
    with opened(defects.draw(district.defects, district.grids, assets=assets)) as page:
        rows = "[...document.querySelectorAll('#list tbody tr')].map((row) => row.cells[0].textContent)"
        count = len(district.defects)
        assert page.evaluate(rows) == [str(i + 1) for i in range(count)]
        page.click("#list th[data-key=number] button")
        assert page.evaluate(rows) == [str(count - i) for i in range(count)]
        page.click("#list th[data-key=area] button")
        assert page.evaluate(rows)[0] == "1"
        assert page.get_attribute("#list th[data-key=area]", "aria-sort") == "descending"
        before = page.evaluate("gisgov.page.then(({ map }) => map.getZoom())")
        page.click("#list tbody tr:first-child")
        assert page.evaluate("gisgov.page.then(({ map }) => map.getZoom())") > before
        assert f"{areas.iloc[0]:,.2f}" in page.inner_text(".card")
        page.fill("#search", "空白")
        assert len(page.evaluate(rows)) == (district.defects["kind"] == "gap").sum()
        page.fill("#search", "没有这样的")
        assert page.is_visible("#no-rows")
        page.fill("#search", "")
        page.uncheck(".key tr:first-child input")
        assert len(page.evaluate(rows)) == count - (district.defects["kind"] == "gap").sum()
        page.focus("#list tbody tr:first-child")
        page.keyboard.press("Enter")
        assert page.is_visible(".card")


def test_chinese_stands_where_chinese_is_asked_for(
    district: SimpleNamespace, assets: WebAssets, opened: Opener
) -> None:
    with opened(risk.draw(district.buildings, district.grids, assets=assets, facts=district.facts)) as page:
        assert page.evaluate("document.documentElement.lang") == "zh-CN"
        assert (
            page.inner_text(".head p")
            == "2026-03-01 现行 · 方案 2026 年网格划分方案 · 评级规则 2026-01（示例）"
        )
        assert "Leaflet" not in page.inner_text("body")
        assert page.inner_text(".leaflet-control-scale-line").endswith("m")
        assert page.evaluate("document.querySelectorAll('.leaflet-control-attribution').length") == 0
    with opened(risk.draw(district.buildings, district.grids, assets=assets, language="en")) as page:
        shown = page.inner_text(".panel section:nth-child(2)")
        assert shown.isascii(), shown


@pytest.mark.parametrize("width", [360, 390])
def test_a_phone_shows_map_and_sheet(
    width: int, district: SimpleNamespace, assets: WebAssets, opened: Opener
) -> None:
    html = risk.draw(district.buildings, district.grids, assets=assets)
    with opened(html, width=width, height=780, touch=True) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        panel = page.locator(".panel").bounding_box()
        assert panel is not None
        assert panel["y"] > 300
        page.tap("#handle")
        page.wait_for_function("document.querySelector('.panel').getBoundingClientRect().height < 60")
        page.tap(".leaflet-control-zoom-in")


def test_a_browser_that_cannot_read_the_page_says_so(
    browser: Browser, district: SimpleNamespace, assets: WebAssets, tmp_path: Path
) -> None:
    file = tmp_path / "map.html"
    file.write_text(grids.draw(district.grids, assets=assets), encoding="utf-8")
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.add_init_script("delete window.DecompressionStream")
    page.goto(file.as_uri())
    page.wait_for_selector("#failure:visible")
    assert "浏览器版本过旧" in page.inner_text("#failure")
    context.close()


def test_printing_fits_the_map_to_the_sheet(
    browser: Browser, district: SimpleNamespace, assets: WebAssets, opened: Opener
) -> None:
    with opened(risk.draw(district.buildings, district.grids, assets=assets)) as page:
        pdf = page.pdf(prefer_css_page_size=True, print_background=True)
        assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") + pdf.count(b"/Type/Page/") == 1
        assert page.evaluate("document.body.classList.contains('printing')") is False
