"""The pages in a real browser: what people see, and that nothing is fetched from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import numpy as np
import pytest
import shapely
from planted_layers import plant
from service_pages import DESKTOP, PHONE, Visit, launched, served, session_of, shows

from api.app import create_app
from gisgov.paths import root, web_assets
from gisgov.store.database import Database
from gisgov.testing import areas_from_grid

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with launched() as opened:
        yield opened


def drawn(picture: str, cell: float = 0.01) -> dict[str, shapely.Geometry]:
    names, shapes = areas_from_grid(picture, cell_m=1)
    in_degrees = shapely.transform(shapes, lambda xy: np.round(xy * cell + (114.0, 22.5), 7))
    return dict(zip(names, in_degrees, strict=True))


@pytest.fixture(scope="module")
def database(module_database_url: str) -> Iterator[Database]:
    opened = Database(module_database_url)
    yield opened
    opened.dispose()


@pytest.fixture(scope="module")
def address(
    database: Database, module_database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Serve a small district and one drawn map, which nobody here changes; the address of the service."""
    plant(database, "street", drawn("AAABBB\nAAABBB"), names={"A": "南山街道", "B": "桃源街道"})
    plant(
        database,
        "grid",
        drawn("112334\n112344"),
        parent="street",
        names={"1": "一号网格", "2": "二号网格", "3": "三号网格", "4": "四号网格"},
        parents={"1": ["A"], "2": ["A"], "3": ["B"], "4": ["B"]},
        staff={"1": [("网格长", "王"), ("专职网格员", "李")]},
    )
    plant(database, "beat", drawn("P"), parent="street", valid_from=date(2030, 1, 1))
    folder = tmp_path_factory.mktemp("served")
    (folder / "risk.html").write_text(
        "<!doctype html><title>楼栋风险</title><p id=out></p><script>out.textContent='drawn'</script>",
        encoding="utf-8",
    )
    (folder / "risk.pdf").write_bytes(b"%PDF-1.4")
    with served(module_database_url, folder) as base:
        yield base


@pytest.fixture(scope="module")
def session(address: str, module_database_url: str) -> str:
    """The session of an administrator."""
    return session_of(module_database_url)


@pytest.fixture(scope="module")
def operations() -> list[dict[str, Any]]:
    """What the service says of each of its operations."""
    return [one for path in create_app().openapi()["paths"].values() for one in path.values()]


@pytest.fixture
def visit(browser: Any, address: str, session: str) -> Iterator[Callable[..., Visit]]:
    """Visit the service as one who is signed in; at the end nothing may have gone wrong."""
    visits: list[Visit] = []

    def opened(size: tuple[int, int] = DESKTOP, locale: str = "zh-CN") -> Visit:
        visits.append(Visit(browser, address, size, locale, session))
        return visits[-1]

    yield opened
    for one in visits:
        one.context.close()
        assert one.wrong == []


def click_map(page: Any, east: float = 0.5, south: float = 0.5) -> None:
    box = page.locator("#map").bounding_box()
    page.mouse.click(box["x"] + box["width"] * east, box["y"] + box["height"] * south)


def chain(page: Any) -> list[str]:
    page.wait_for_selector("#answer .chain li")
    return page.locator("#answer .chain .name").all_inner_texts()  # type: ignore[no-any-return]


def test_the_page_is_chinese_and_answers_a_click(visit: Callable[..., Visit]) -> None:
    page = visit(locale="en-US").open()
    page.wait_for_selector("#layers label")
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    assert page.locator("h1").inner_text() == "网格治理"
    shows(page, "#place", "南山街道、桃源街道")
    layers = page.locator("#layers label").all_inner_texts()
    assert [text.split() for text in layers] == [
        ["street层", "2", "个"],
        ["grid层", "4", "个"],
        ["beat层", "当日无方案"],
    ]
    click_map(page, east=0.2)
    assert chain(page) == ["南山街道", "一号网格"]
    assert page.locator("#answer .staff").inner_text().split("\n") == ["网格长 王", "专职网格员 李"]
    assert "lon=114.0" in page.url
    assert page.locator("#answer").inner_text().count("距边界") == 2


def test_english_is_one_click_away_and_stays(visit: Callable[..., Visit]) -> None:
    page = visit().open()
    page.wait_for_selector("#layers label")
    page.get_by_role("button", name="EN", exact=True).click()
    assert page.locator("h1").inner_text() == "Grid governance"
    assert page.locator("html").get_attribute("lang") == "en"
    shows(page, "#layers label:nth-of-type(2)", "Grid4 areas")
    base = page.url.partition("#")[0]
    page.goto("about:blank")
    page.goto(base + "docs")
    page.wait_for_selector("details.operation")
    assert page.locator("h1").inner_text() == "API"


def test_an_address_can_be_sent_to_someone(visit: Callable[..., Visit]) -> None:
    page = visit(PHONE).open("/#lang=en&layer=street&at=2026-03-01&lon=114.02&lat=22.515&crs=bd09")
    assert chain(page) == ["南山街道", "一号网格"]
    assert page.locator("#layers input:checked").get_attribute("value") == "street"
    assert page.locator("#at").input_value() == "2026-03-01"
    assert "BD-09" in page.locator("#answer .where").inner_text()


def test_search_finds_areas_by_keyboard(visit: Callable[..., Visit]) -> None:
    page = visit().open("/#layer=street")
    page.wait_for_selector("#layers label")
    page.locator("#query").press_sequentially("号网格")
    page.wait_for_selector("#found li")
    assert page.locator("#found li").count() == 4
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.locator("#found [aria-selected=true]").inner_text().startswith("二号网格")
    page.keyboard.press("Enter")
    page.wait_for_selector("#answer .facts")
    answer = page.locator("#answer").inner_text()
    assert "二号网格" in answer
    assert "南山街道" in answer, "its parent"
    assert "一号网格 2.21\xa0km" in answer, "its neighbour, with the length of the border"
    assert page.locator("#layers input:checked").get_attribute("value") == "grid"
    page.get_by_role("button", name="南山街道").click()
    shows(page, "#answer .chain strong", "南山街道")
    assert page.locator("#layers input:checked").get_attribute("value") == "street"


def test_a_coordinate_can_be_typed_in(visit: Callable[..., Visit]) -> None:
    page = visit().open()
    page.wait_for_selector("#layers label")
    page.locator("#query").fill("114.02，22.505")
    page.keyboard.press("Enter")
    assert chain(page) == ["南山街道", "一号网格"]
    shows(page, "#answer .note", "在边界上")
    page.locator("#query").fill("120.5 30.25")
    page.keyboard.press("Enter")
    page.wait_for_selector("#answer .outside")
    assert "最近：桃源街道（B）" in page.locator("#answer").inner_text()


def test_what_is_wrong_is_told(visit: Callable[..., Visit]) -> None:
    one = visit()
    page = one.open()
    page.wait_for_selector("#layers label")
    page.locator("#query").fill("22.505,114.02")
    page.keyboard.press("Enter")
    page.wait_for_selector("#answer [role=alert]")
    assert "坐标有误" in page.locator("#answer").inner_text()
    assert "Swapped" in page.locator("#answer").inner_text()
    (only,) = one.wrong  # the browser's own line about the status of the answer
    assert "422" in only
    one.wrong.clear()
    page.locator("#query").fill("没有这个地方")
    page.keyboard.press("Enter")
    shows(page, "#answer-body", "没有这个地方")


def test_the_map_answers_to_the_keyboard(visit: Callable[..., Visit]) -> None:
    page = visit().open()
    shows(page, "#place", "南山街道、桃源街道")
    page.locator("#map").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert page.locator("#cross").is_visible()
    page.keyboard.press("Enter")
    assert chain(page)[0] == "南山街道"
    click_map(page)
    assert not page.locator("#cross").is_visible()


def test_layers_and_days_can_be_changed(visit: Callable[..., Visit]) -> None:
    page = visit().open("/#lon=114.005&lat=22.505")
    assert chain(page) == ["南山街道", "一号网格"]
    page.locator("#layers input[value=street]").check()
    page.locator("#at").fill("2030-06-01")
    shows(page, "#answer-body", "beat P")
    assert chain(page) == ["南山街道", "一号网格", "beat P"]
    page.locator("#at").fill("2020-01-01")
    shows(page, "#answer-body", "当日没有方案")
    assert page.locator("#layers input:enabled").count() == 0


@pytest.mark.parametrize("size", [DESKTOP, PHONE, (320, 600)])
def test_nothing_sticks_out_sideways(visit: Callable[..., Visit], size: tuple[int, int]) -> None:
    one = visit(size)
    for place in ("/#lang=en&lon=114.02&lat=22.505", "/docs#lang=en"):
        page = one.open(place)
        page.wait_for_selector("#answer .chain li, details.operation")
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_a_drawn_map_runs_but_cannot_ask_the_service(visit: Callable[..., Visit]) -> None:
    one = visit()
    page = one.open()
    shows(page, "#maps li", "楼栋风险 · PDF")
    page.get_by_role("link", name="楼栋风险").click()
    page.wait_for_selector("text=drawn")
    assert page.url.endswith("/maps/risk.html")
    blocked = page.evaluate("fetch('/v1/service').then(() => 'asked', () => 'refused')")
    assert blocked == "refused"
    one.wrong.clear()


def test_the_docs_ask_and_show_the_answer(
    visit: Callable[..., Visit], operations: list[dict[str, Any]]
) -> None:
    one = visit()
    page = one.open("/docs#resolve_coordinate")
    operation = page.locator("#resolve_coordinate")
    operation.locator("form").wait_for()
    assert "某个坐标由谁负责" in operation.inner_text()
    operation.locator("input[name=lon]").fill("114.005")
    operation.locator("input[name=lat]").fill("22.505")
    operation.get_by_role("button", name="发送").click()
    operation.locator("pre").wait_for()
    assert '"name": "一号网格"' in operation.locator("pre").inner_text()
    assert "200 application/json" in operation.inner_text()
    page.get_by_role("button", name="EN", exact=True).click()
    assert page.locator("h1").inner_text() == "API"
    assert "Who is responsible for a coordinate" in operation.inner_text()
    changing = page.locator("details.operation", has_text="Do an operation on a draft")
    changing.locator("summary").first.click()
    changing.get_by_text("application/json").first.click()
    assert "move-border" in changing.inner_text()
    changing.locator("input[name=If-Match]").fill('"7"')
    changing.get_by_role("button", name="Send").click()
    changing.locator("pre").wait_for()
    # without the header it would be 428; a body is not sent from here
    assert "415 application/problem+json" in changing.inner_text()
    assert [message for message in one.wrong if "status of 415" not in message] == []
    one.wrong.clear()
    assert page.locator("details.operation").count() == len(operations)


def test_every_operation_has_its_words_in_chinese(operations: list[dict[str, Any]]) -> None:
    written = (root() / "web" / "pages" / "docs" / "words.ts").read_text(encoding="utf-8")
    chinese = written.partition("  en: {")[0]
    for operation in operations:
        assert f"    of_{operation['operationId']}: " in chinese, operation["summary"]
        assert all(f"    {tag}: " in chinese for tag in operation["tags"])


def test_every_page_that_has_a_source_was_built() -> None:
    sources = sorted(file.name for file in (root() / "web" / "pages").glob("*.html"))
    assert len(sources) > 10
    for name in sources:
        built = (web_assets() / "pages" / name).read_text(encoding="utf-8")
        loaded = re.findall(r'(?:src|href)="/static/(assets/[^"]+)"', built)
        assert any(file.endswith(".js") for file in loaded), f"{name}: run `make web`"
        assert [file for file in loaded if not (web_assets() / file).is_file()] == [], name
