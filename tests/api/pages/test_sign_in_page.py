"""The sign-in page and the head of every page, in a real browser, against answers that are made up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from faked_accounts import NOBODY, SOMEBODY, Faked, refusal
from service_pages import PHONE, shows

pytestmark = pytest.mark.browser


Opened = tuple[Any, Faked]

WAYS_BACK = {
    "/jobs?x=1": "/jobs?x=1",
    "//evil.example/x": "/",
    r"/\evil.example": "/",
    "/\t/evil.example": "/",
    "https://evil.example/": "/",
    "javascript:alert(1)": "/",
    "/.//evil.example": "/",
    "/sign-in?next=/jobs": "/",
}


def sign_in(page: Any, password: str) -> None:
    page.fill("#account", "wang")
    page.fill("#password", password)
    page.get_by_role("button", name="登录", exact=True).click()


def accepting(faked: Faked) -> Callable[[Any], tuple[int, Any]]:
    """Return an answer that signs in whoever knows the password."""

    def answer(asked: Any) -> tuple[int, Any]:
        given = asked["password"]
        if given == "one-time" and "new_password" not in asked:
            return refusal("password-expired", 403)
        if given not in ("one-time", "right"):
            return refusal("sign-in-refused", 401)
        faked.session = SOMEBODY
        return 200, SOMEBODY

    return answer


def test_the_right_password_leads_back_to_where_one_came_from(visit: Callable[..., Opened]) -> None:
    page, faked = visit("/check", NOBODY)
    shows(page, "#job", "请先登录")
    assert not page.locator("#form").is_visible()
    page.get_by_role("link", name="登录").first.click()
    page.wait_for_url("**/sign-in?next=%2Fcheck")
    faked.give("POST", "/v1/session", accepting(faked))
    sign_in(page, "right")
    page.wait_for_url("**/check")
    shows(page, "#who summary", "wang")
    shows(page, "#form", "开始检查")
    assert page.locator("#who summary").get_attribute("title") == "调度员 · street A"
    assert faked.changes == [("POST", "/v1/session", {"account": "wang", "password": "right"}, None)]


def test_a_one_time_password_is_changed_at_once(visit: Callable[..., Opened]) -> None:
    page, faked = visit("/sign-in?next=%2Fdocs%23layers", NOBODY, PHONE)
    faked.give("POST", "/v1/session", accepting(faked))
    sign_in(page, "one-time")
    shows(page, "#renewal", "请设置新密码")
    assert page.evaluate("document.activeElement.id") == "new_password"
    button = page.get_by_role("button", name="设置新密码并登录")
    button.click()
    shows(page, "#trouble", "请填写两次新密码")
    page.fill("#new_password", "short")
    button.click()
    shows(page, "#trouble", "新密码太短")
    page.fill("#new_password", "correct horse battery")
    page.fill("#again", "correct horse batteri")
    button.click()
    shows(page, "#trouble", "两次输入的新密码不一致")
    assert page.evaluate("document.activeElement.id") == "again"
    assert page.locator("#again").get_attribute("aria-invalid") == "true"
    page.fill("#again", "correct horse battery")
    page.keyboard.press("Enter")
    page.wait_for_url("**/docs#layers")
    sent = {"account": "wang", "password": "one-time", "new_password": "correct horse battery"}
    assert faked.changes[-1] == ("POST", "/v1/session", sent, None)
    assert len(faked.changes) == 2, "nothing is sent that is wrong on its face"


def test_what_is_refused_is_told_in_words(visit: Callable[..., Opened]) -> None:
    page, faked = visit("/sign-in", NOBODY)
    faked.give("POST", "/v1/session", accepting(faked))
    page.get_by_role("button", name="登录", exact=True).click()
    shows(page, "#trouble", "请填写账号和密码")
    sign_in(page, "wrong")
    shows(page, "#trouble", "账号或密码不正确")
    assert page.locator("#password").input_value() == ""
    assert page.evaluate("document.activeElement.id") == "password"
    faked.give("POST", "/v1/session", lambda _: refusal("account-locked", 429))
    sign_in(page, "wrong")
    shows(page, "#trouble", "账号已暂时锁定")
    shows(page, "#trouble", "请在 15 分钟后再试")
    faked.give("POST", "/v1/session", lambda _: refusal("too-many-requests", 429))
    sign_in(page, "wrong")
    shows(page, "#trouble", "请求过于频繁")
    page.get_by_role("button", name="EN", exact=True).click()
    shows(page, "#trouble", "Asked too often")
    shows(page, "#trouble", "Try again in 15 minutes.")


def test_another_sign_on_is_offered_and_its_failure_told(visit: Callable[..., Opened]) -> None:
    ways = [{"title": "市统一身份认证", "href": "/v1/session/oidc"}]
    page, _ = visit("/sign-in?next=%2Fjobs&problem=sign-in-refused", {**NOBODY, "sign_on": ways})
    shows(page, "#notice", "账号或密码不正确")
    link = page.get_by_role("link", name="用“市统一身份认证”登录")
    assert link.get_attribute("href").endswith("/v1/session/oidc?next=%2Fjobs")
    page, _ = visit("/sign-in?problem=constructor", NOBODY)
    shows(page, "#notice", "出错了")


def test_the_way_back_never_leads_elsewhere(visit: Callable[..., Opened], address: str) -> None:
    from urllib.parse import quote

    page, _ = visit("/sign-in", SOMEBODY)
    for asked, led in WAYS_BACK.items():
        page.goto(f"{address}/sign-in?next={quote(asked, safe='')}")
        shows(page, "#notice", "您已用账号 wang 登录。")
        assert page.get_by_role("link", name="继续").get_attribute("href") == address + led, asked


def test_signing_out_leads_to_the_sign_in(visit: Callable[..., Opened]) -> None:
    page, faked = visit("/check", SOMEBODY)

    def leave(_: Any) -> tuple[int, Any]:
        faked.session = NOBODY
        return 204, None

    faked.give("DELETE", "/v1/session", leave)
    page.locator("#who summary").click()
    shows(page, "#who", "调度员 · street A")
    page.keyboard.press("Escape")
    assert not page.get_by_role("button", name="退出登录").is_visible()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="退出登录").click()
    shows(page, "#notice", "您已退出登录。")
    assert page.url.endswith("/sign-in?left=yes")
    assert faked.changes == [("DELETE", "/v1/session", None, "token-of-wang")]


def test_a_session_that_ended_is_told_where_it_matters(visit: Callable[..., Opened]) -> None:
    page, faked = visit("/checks/none", SOMEBODY)
    faked.give("GET", "/v1/checks/none", lambda _: refusal("not-signed-in", 401))
    faked.session = NOBODY
    page.reload()
    shows(page, "#job", "请先登录")
    shows(page, "#who", "登录")
    page.locator("#job a", has_text="登录").click()
    page.wait_for_url("**/sign-in?next=%2Fchecks%2Fnone")


def test_a_token_that_is_out_of_date_is_fetched_anew_for_the_same_account(
    visit: Callable[..., Opened],
) -> None:
    page, faked = visit("/account", SOMEBODY)
    shows(page, "#who-i-am", "调度员")
    faked.session = {**SOMEBODY, "csrf_token": "newer"}
    tokens = iter([refusal("csrf", 403), (204, None)])
    faked.give("PUT", "/v1/session/password", lambda _: next(tokens))
    for field in ("old", "fresh", "again"):
        page.fill(f"#{field}", "right" if field == "old" else "correct horse battery")
    page.get_by_role("button", name="修改密码", exact=True).click()
    shows(page, "#trouble", "密码已修改")
    assert [token for *_, token in faked.changes] == ["token-of-wang", "newer"]
    faked.session = {**SOMEBODY, "account": "li", "csrf_token": "of-li"}
    faked.give("PUT", "/v1/session/password", lambda _: (204, None))
    for field in ("old", "fresh", "again"):
        page.fill(f"#{field}", "right" if field == "old" else "correct horse battery")
    page.get_by_role("button", name="修改密码", exact=True).click()
    shows(page, "#trouble", "登录状态已变化")
    assert len(faked.changes) == 2, "nothing is done as somebody else"


@pytest.mark.parametrize("size", [(320, 600), (861, 600)])
def test_nothing_sticks_out_sideways(
    visit: Callable[..., Opened], address: str, size: tuple[int, int]
) -> None:
    long = {**SOMEBODY, "account": "a.very.long.name.of.an.account@example", "rights": ["accounts.manage"]}
    page, faked = visit("/", long, size)
    for session in (long, NOBODY):
        faked.session = session
        for place in ("/sign-in", "/account", "/jobs", "/accounts", "/check"):
            page.goto(f"{address}{place}#lang=en")
            page.wait_for_selector("#who summary", state="attached")
            page.wait_for_load_state("networkidle")
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= size[0], f"{place}, {session['kind']}: {wide} pixels wide"
