"""Signing in and what is seen then: the pages in a browser, with the service and its database behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import shapely
import sqlalchemy as sa
from service_pages import COOKIE, DESKTOP, PHONE, Visit, launched, served, session_of, shows

from gisgov.governance.access import Grant, Role
from gisgov.services.accounts import create_account, end_session
from gisgov.services.accounts.attempts import FREE
from gisgov.store.database import Database
from gisgov.store.tables import job, job_progress

pytestmark = pytest.mark.browser

OWN = "下班路上买三斤橘子回家"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with launched() as opened:
        yield opened


@pytest.fixture
def address(database_url: str, plant: Callable[..., None], tmp_path: Path) -> Iterator[str]:
    """Serve a district of one street; the address of the service."""
    plant("street", {"S": shapely.box(114.0, 22.5, 114.01, 22.51)}, names={"S": "南山街道"})
    with served(database_url, tmp_path, serve_worker=False) as base:
        yield base


@pytest.fixture
def visit(browser: Any, address: str) -> Iterator[Callable[..., Visit]]:
    """Visit the service; at the end nothing may have gone wrong but what was refused."""
    visits: list[Visit] = []

    def opened(session: str | None = None, size: tuple[int, int] = DESKTOP) -> Visit:
        visits.append(Visit(browser, address, size, session=session))
        return visits[-1]

    yield opened
    for one in visits:
        one.context.close()
        assert [text for text in one.wrong if "the server responded with a status of 4" not in text] == []


def sign_in(page: Any, account: str, password: str) -> None:
    page.fill("#account", account)
    page.fill("#password", password)
    page.get_by_role("button", name="登录", exact=True).click()


def test_a_new_account_signs_in_and_out(database: Database, visit: Callable[..., Visit]) -> None:
    made = create_account(database, "wang", grants=[Grant(Role.DISPATCHER, "street", "S")])
    assert made.one_time_password is not None
    one = visit(size=PHONE)
    page = one.open("/#lon=114.005&lat=22.505")
    page.wait_for_url("**/sign-in?next=*")
    sign_in(page, "wang", "not-my-password")
    shows(page, "#trouble", "账号或密码不正确")
    sign_in(page, "wang", made.one_time_password)
    page.fill("#new_password", "passw0rd1234")
    page.fill("#again", "passw0rd1234")
    page.get_by_role("button", name="设置新密码并登录").click()
    shows(page, "#trouble", "新密码不符合要求")
    page.fill("#new_password", OWN)
    page.fill("#again", OWN)
    page.get_by_role("button", name="设置新密码并登录").click()
    shows(page, "#answer .chain", "南山街道")
    (cookie,) = one.context.cookies()
    assert (cookie["name"], cookie["httpOnly"], cookie["secure"]) == (COOKIE, True, True)
    page.locator("#who summary").click()
    shows(page, "#who", "调度员 · street S")
    page.get_by_role("button", name="退出登录").click()
    shows(page, "#notice", "您已退出登录")
    assert one.context.cookies() == []
    sign_in(page, "wang", OWN)
    page.wait_for_url(f"{one.base}/")


def test_a_password_is_changed_and_the_browser_stays_signed_in(
    database: Database, visit: Callable[..., Visit]
) -> None:
    from playwright.sync_api import expect

    made = create_account(database, "wang")
    page = visit().open("/sign-in?next=/account")
    sign_in(page, "wang", str(made.one_time_password))
    page.fill("#new_password", OWN)
    page.fill("#again", OWN)
    page.keyboard.press("Enter")
    shows(page, "#who-i-am", "还没有角色")
    for old, fresh in ((OWN, OWN + "了"), (OWN + "了", OWN)):
        page.fill("#old", old)
        page.fill("#fresh", fresh)
        page.fill("#again", fresh)
        page.get_by_role("button", name="修改密码", exact=True).click()
        expect(page.locator("#old")).to_have_value("")
        shows(page, "#trouble", "密码已修改")


def test_too_many_wrong_passwords_lock_and_say_for_how_long(visit: Callable[..., Visit]) -> None:
    page = visit().open("/sign-in")
    shows(page, "#send", "登录")
    for _ in range(FREE):
        with page.expect_response("**/v1/session"):
            sign_in(page, "nobody-of-that-name", "wrong")
        shows(page, "#trouble", "账号或密码不正确")
        page.locator("#password:focus").wait_for()
    sign_in(page, "nobody-of-that-name", "wrong")
    shows(page, "#trouble", "密码输错次数过多，账号已暂时锁定")
    shows(page, "#trouble", "后再试")


def test_a_session_that_ended_leads_back_to_the_sign_in(
    database: Database, database_url: str, visit: Callable[..., Visit]
) -> None:
    token = session_of(database_url)
    page = visit(token).open("/")
    shows(page, "#who summary", "wang")
    page.wait_for_selector("#layers label")
    end_session(database, token)
    page.fill("#query", "南山")
    page.keyboard.press("Enter")
    shows(page, "#answer", "请先登录")
    shows(page, "#who", "登录")
    page.locator("#answer a", has_text="登录").click()
    page.wait_for_url("**/sign-in")


def test_checking_is_offered_to_whoever_may(database_url: str, visit: Callable[..., Visit]) -> None:
    page = visit().open("/check")
    shows(page, "#job", "请先登录")
    assert page.locator("#form").is_hidden()
    page = visit(session_of(database_url, role="viewer")).open("/check")
    shows(page, "#limit", "512 MB")
    assert page.locator("#form").is_visible()


def test_maps_are_not_offered_to_those_who_may_not_see_them(
    database: Database, visit: Callable[..., Visit]
) -> None:
    from gisgov.services.accounts import open_session

    create_account(database, "li", grants=[Grant(Role.VIEWER, "street", "S")])
    session = open_session(database, "li", client="127.0.0.1")
    page = visit(session.token).open("/")
    page.wait_for_selector("#layers label")
    assert page.locator("#maps").is_hidden()


def test_an_account_is_added_on_the_page(database_url: str, visit: Callable[..., Visit]) -> None:
    page = visit(session_of(database_url)).open("/accounts")
    page.get_by_text("新建账号").click()
    page.fill("#name", "zhang")
    page.get_by_label("范围").first.select_option(label="在street层")
    page.get_by_label("区域编码或名称").fill("南山街道")
    shows(page, "#adding .role span", "南山街道")
    page.get_by_role("button", name="建立账号").click()
    shows(page, "#accounts .once", "zhang 的一次性密码")
    password = page.locator(".once input").input_value()
    page.get_by_text("新建密钥").first.click()
    page.get_by_label("查询网层、现行方案与责任网格").check()
    page.get_by_role("button", name="新建密钥").click()
    shows(page, "#accounts", "zhang 的新密钥")
    shows(page, ".keys", "查询网层、现行方案与责任网格")
    page = visit().open("/sign-in")
    sign_in(page, "zhang", password)
    shows(page, "#renewal", "请设置新密码")


def tell(database: Database, label: str, done: int) -> None:
    """Let the one job run and say how far it is, as a worker does."""
    with database.begin() as connection:
        (job_id,) = connection.scalars(sa.select(job.c.id))
        connection.execute(job.update().values(state="running", started=sa.func.now()))
        connection.execute(job_progress.delete())
        values = {"job_id": job_id, "label": label, "done": done, "total": 8}
        connection.execute(job_progress.insert().values(**values))


def test_a_job_is_watched_and_cancelled(
    database: Database, database_url: str, visit: Callable[..., Visit], tmp_path: Path
) -> None:
    page = visit(session_of(database_url, role="planner")).open("/check")
    (tmp_path / "grids.geojson").write_text('{"type": "FeatureCollection", "features": []}', encoding="utf-8")
    page.set_input_files("#file", str(tmp_path / "grids.geojson"))
    page.get_by_role("button", name="开始检查").click()
    page.wait_for_url("**/checks/*")
    page.get_by_role("link", name="任务日志").click()
    page.wait_for_url("**/jobs/*")
    shows(page, ".job h2", "检查 · grids.geojson")
    shows(page, ".job .badge", "排队中")
    page.get_by_role("link", name="全部任务").click()
    page.wait_for_url("**/jobs")
    tell(database, "comparing neighbours", 2)
    shows(page, "#jobs", "正在比较相邻区域 2 / 8")
    assert page.locator("progress").evaluate("bar => bar.position") == 0.25
    tell(database, "untangling borders", 4)
    shows(page, "#jobs", "正在理清边界 4 / 8")
    page.get_by_role("button", name="取消").click()
    shows(page, "#jobs .badge", "已取消")
    assert page.locator("progress").count() == 0
    page.get_by_role("button", name="删除").click()
    shows(page, "#trouble", "没有任务")
