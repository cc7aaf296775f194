"""The administrator at work: data with faults, items of the register, risk rules, and who did all that."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from service_pages import LARGE, Visit, faults, shows

from fixtures.shipped import risk_rules
from gisgov.governance.risk import format_rules
from gisgov.services.registers.category_import import import_categories
from gisgov.services.registers.category_report import CategoriesImport
from gisgov.store.database import Database

pytestmark = pytest.mark.browser

STAFF = """网格编码,岗位,姓名,任职日期
{code},兼职网格员,陈明,2026-01-01
{code},兼职网格员,陈明,soon
nowhere,网格长,李,
"""
ITEM = "编号,事项,职能,类别,级别,部门,类型\nT001,无障碍通道被占,信息采报,公共设施,1,城市管理局,事件\n"


@pytest.fixture(scope="module")
def database(district: Any) -> Iterator[Database]:
    opened = Database(district.database_url)
    yield opened
    opened.dispose()


def choose(page: Any, field: str, path: Path) -> None:
    page.locator(f"input[name={field}]").set_input_files(path)


def test_data_with_faults_are_tried_brought_in_and_mended(
    visit: Callable[..., Visit], tmp_path: Path
) -> None:
    page = visit("administrator", LARGE).open("/admin/imports#what=staff")
    shows(page, "#import-name", "岗位人员")
    code = page.evaluate(
        "(async () => (await (await fetch('/v1/layers/subgrid/areas?limit=1&geometry=false')).json())"
        ".features[0].properties.code)()"
    )
    file = tmp_path / "岗位.csv"
    file.write_text(STAFF.format(code=code), encoding="gb18030")
    choose(page, "file", file)
    page.get_by_label("网层").select_option("subgrid")
    assert page.get_by_role("button", name="正式导入").is_disabled(), "it was not tried yet"
    page.locator("#columns-of-file option").first.wait_for(state="attached")
    known = page.locator("#columns-of-file option").evaluate_all("all => all.map(({value}) => value)")
    assert known == ["网格编码", "岗位", "姓名", "任职日期"]
    page.get_by_role("button", name="试导入").click()
    shows(page, "[data-report] h3", "未改动数据")
    figures = page.locator("[data-report] .tally").all_inner_texts()
    assert [text.split()[0] for text in figures if text.split()[1] in ("新增", "退回")] == ["1", "2"]
    assert "没有这个区域" in page.locator("[data-report] .chips").inner_text()
    assert faults(page) == []
    page.get_by_role("button", name="正式导入").click()
    shows(page, "[data-report] h3", "导入结果")
    with page.expect_download() as kept:
        page.get_by_role("link", name="下载退回的行").click()
    rejects = Path(kept.value.path()).read_text(encoding="utf-8-sig")
    assert [line.split(",")[0] for line in rejects.splitlines()[1:]] == [code, "nowhere"]


def test_an_item_is_approved_and_put_in_force(
    visit: Callable[..., Visit], database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "items.csv"
    path.write_text(ITEM, encoding="utf-8")
    assert import_categories(database, CategoriesImport(path)).inserted == 1
    page = visit("administrator").open("/admin/register#permit=proposed")
    shows(page, "g-table", "无障碍通道被占")
    page.get_by_role("checkbox").check()
    page.locator(".toolbar").get_by_role("button", name="批准", exact=True).click()
    page.get_by_label("理由").fill("区政府第三次会议")
    page.locator("dialog").get_by_role("button", name="批准").click()
    shows(page, "g-table", "没有数据")
    page.get_by_role("button", name="已批准").click()
    page.locator("g-table tbody tr").press("Enter")
    shows(page, "admin-item", "区政府第三次会议")
    assert faults(page) == []
    page.locator("admin-item").get_by_role("button", name="执行").click()
    page.locator("dialog").get_by_role("button", name="执行").click()
    shows(page, "admin-item .badge", "执行中")
    page.get_by_role("button", name="执行中").click()
    page.get_by_label("查找").fill("无障碍")
    page.wait_for_function("document.querySelectorAll('g-table tbody tr').length === 1")


def test_rules_are_proposed_looked_at_and_put_in_force(visit: Callable[..., Visit], tmp_path: Path) -> None:
    rules = {**format_rules(risk_rules()), "version": "2027-1"}
    rules["thresholds"] = {"general": 1, "warning": 2}
    path = tmp_path / "rules.yaml"
    path.write_text(yaml.safe_dump(rules, allow_unicode=True), encoding="utf-8")
    page = visit("administrator").open("/admin/rules")
    shows(page, "#rules-name", "楼栋安全风险评定规则")
    choose(page, "file", path)
    page.get_by_role("button", name="提出规则").click()
    shows(page, "#rules-name", "2027-1")
    shows(page, ".card > .scrolls caption", "2 处")
    page.get_by_role("button", name="试算影响").click()
    shows(page, "rule-preview [data-report]", "栋将改变等级")
    more = page.locator("rule-preview .tally", has_text="警示").inner_text()
    assert "+" in more, "more buildings warn by lower limits"
    assert faults(page) == []
    page.get_by_role("button", name="启用规则").click()
    page.get_by_label("依据与理由").fill("安委会会议纪要 2027-3")
    page.locator("dialog").get_by_role("button", name="启用规则").click()
    shows(page, "#content .card > .send .badge.done", "执行中")
    shows(page, "#content", "安委会会议纪要 2027-3")

    page = visit("administrator").open("/admin/audit#account=the-administrator")
    shows(page, ".entries", "/v1/risk/rules/{version}/adoption")
    shows(page, "#content [role=status]", "核验通过")
    assert faults(page) == []


def test_all_else_that_is_kept_can_be_seen_by_everybody(visit: Callable[..., Visit]) -> None:
    one = visit("administrator", locale="en")
    for subject in ("", "/layers", "/policies", "/calendar"):
        page = one.open(f"/admin{subject}")
        page.locator("html[data-ready]").wait_for(state="attached")
        page.locator(".skeleton").first.wait_for(state="detached")
        assert page.locator("nav.subjects [aria-current=page]").count() == 1
        assert page.locator(".alarm").count() == 0
        assert faults(page) == [], subject


def test_a_planner_is_told_that_this_is_not_theirs(visit: Callable[..., Visit]) -> None:
    page = visit("planner").open("/admin/audit")
    shows(page, "#content", "当前账号不能打开“审计”")
    assert page.get_attribute("#content a.door", "href") == "/admin/imports"
