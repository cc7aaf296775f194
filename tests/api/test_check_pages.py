"""The page of a check in a real browser: a form, its progress, and what was found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import geopandas
import pytest
from service_pages import DESKTOP, PHONE, Visit, launched, served, session_of, shows

from gisgov.testing import areas_from_grid

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(module_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(module_database_url, tmp_path_factory.mktemp("service")) as base:
        yield base


@pytest.fixture(scope="module")
def session(module_database_url: str) -> str:
    return session_of(module_database_url, role="viewer")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with launched() as opened:
        yield opened


@pytest.fixture
def visit(browser: Any, address: str, session: str) -> Iterator[Callable[..., Visit]]:
    """Visit the service signed in; at the end nothing may have gone wrong that was not expected."""
    visits: list[Visit] = []

    def opened(size: tuple[int, int] = DESKTOP) -> Visit:
        visits.append(Visit(browser, address, size, "en-US", session))
        return visits[-1]

    yield opened
    for one in visits:
        one.context.close()
        assert one.wrong == []


@pytest.fixture
def grids(tmp_path: Path) -> Path:
    codes, shapes = areas_from_grid("AAA\nA.A\nAAB", cell_m=100, origin=(500_000, 2_490_000))
    geopandas.GeoDataFrame({"code": codes}, geometry=list(shapes), crs=4547).to_file(tmp_path / "网格.gpkg")
    return tmp_path / "网格.gpkg"


def test_a_file_is_checked_and_its_defects_are_shown(visit: Callable[..., Visit], grids: Path) -> None:
    visiting = visit()
    page = visiting.open("/check")
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    shows(page, "#limit", "512 MB")
    page.set_input_files("#file", str(grids))
    page.fill("#code_field", "code")
    page.get_by_role("button", name="开始检查").click()
    page.wait_for_url("**/checks/*")
    shows(page, "#job h2", "网格.gpkg")
    shows(page, ".verdict", "发现 1 处问题")
    assert page.locator("tr.some").all_inner_texts() == ["空白\t1\t10,000"]
    shows(page, "#job .facts >> nth=0", "未给范围")
    page.get_by_role("button", name="EN", exact=True).click()
    shows(page, ".verdict", "Defects found: 1")
    assert page.locator("tr.some").all_inner_texts() == ["Gap\t1\t10,000"]
    with page.expect_popup() as opening:
        page.get_by_role("link", name="Map of the defects").click()
    opening.value.wait_for_selector("text=Gap")
    with page.expect_download() as downloading:
        page.get_by_role("link", name="GeoPackage").click()
    assert downloading.value.suggested_filename == "网格-defects.gpkg"
    page.reload()
    shows(page, ".verdict", "Defects found: 1")
    page.get_by_role("button", name="Remove the result").click()
    shows(page, ".alarm", "Not found")
    page.get_by_role("button", name="Check another file").click()
    assert page.locator("#form").is_visible()
    assert page.url.endswith("/check")
    assert [text for text in visiting.wrong if "404" not in text] == []
    visiting.wrong.clear()


def test_what_cannot_be_checked_is_told(visit: Callable[..., Visit], tmp_path: Path) -> None:
    visiting = visit(PHONE)
    page = visiting.open("/check")
    shows(page, "#limit", "512 MB")
    (tmp_path / "grids.gpkg").write_text("hello", encoding="utf-8")
    page.set_input_files("#file", str(tmp_path / "grids.gpkg"))
    page.get_by_role("button", name="开始检查").click()
    shows(page, ".alarm", "文件无法读取")
    shows(page, ".alarm", "grids.gpkg 不是")
    assert page.locator("#form").is_visible(), "to be mended"
    (tmp_path / "grids.geojson").write_text('{"type": "FeatureCollection", "features": []}', encoding="utf-8")
    page.set_input_files("#file", str(tmp_path / "grids.geojson"))
    page.get_by_role("button", name="开始检查").click()
    page.wait_for_url("**/checks/*")
    shows(page, ".state", "未能完成")
    shows(page, ".alarm", "坐标系有误")
    assert page.locator(".alarm code").inner_text() == "crs"
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE[0]
    assert [text for text in visiting.wrong if "422" not in text] == []
    visiting.wrong.clear()


def test_further_options_are_named_in_both_languages(visit: Callable[..., Visit]) -> None:
    page = visit().open("/check")
    page.get_by_text("更多选项").click()
    for language in ("zh", "en"):
        page.locator(f"#language button[data-language={language}]").click()
        labels = page.locator("#further label").all_inner_texts()
        hints = page.locator("#further p").all_inner_texts()
        assert len(labels) == len(set(labels)) == 12
        assert not any("_" in text for text in (*labels, *hints)), "a key without words"
