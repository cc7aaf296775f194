"""The pages of one's own account and of all accounts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from faked_accounts import SOMEBODY, Faked, refusal
from service_pages import PHONE, shows

from gisgov.governance.access import Extent, rights_table
from gisgov.paths import root

pytestmark = pytest.mark.browser

Opened = tuple[Any, Faked]

MANAGING = {**SOMEBODY, "rights": ["accounts.manage"]}
LAYERS = [{"name": "street", "title_zh": "街道", "title_en": "Street"}]
HOTLINE: dict[str, Any] = {"account": "hotline", "kind": "client", "roles": [], "disabled": False}
STREET = {"code": "S1", "name": "南山街道", "layer": "street", "title_zh": "街道", "title_en": "Street"}
FOUND = {"type": "FeatureCollection", "features": [{"properties": STREET}]}


def test_ones_own_roles_are_shown_with_their_places(visit: Callable[..., Opened]) -> None:
    area = {**STREET, "code": "A"}
    found = {"type": "FeatureCollection", "features": [{"properties": area}]}
    page, _ = visit("/account", SOMEBODY, areas=found)
    shows(page, "#who-i-am", "街道 南山街道 (A)")
    shows(page, "#who-i-am", "调度员")
    page.get_by_role("button", name="EN", exact=True).click()
    shows(page, "#who-i-am", "Street 南山街道 (A)")


def test_the_password_is_changed(visit: Callable[..., Opened]) -> None:
    page, faked = visit("/account", SOMEBODY)
    shows(page, "#who-i-am", "wang")
    faked.give("PUT", "/v1/session/password", lambda _: refusal("sign-in-refused", 401))
    page.get_by_label("原密码").fill("wrong")
    page.get_by_label("新密码", exact=True).fill("wrong")
    button = page.get_by_role("button", name="修改密码", exact=True)
    button.click()
    shows(page, "#trouble", "新密码太短")
    page.get_by_label("新密码", exact=True).fill("correct horse battery")
    page.get_by_label("再输一次新密码").fill("correct horse battery")
    button.click()
    shows(page, "#trouble", "原密码不正确")
    faked.give("PUT", "/v1/session/password", lambda _: (204, None))
    button.click()
    shows(page, "#trouble", "密码已修改")
    assert page.get_by_label("原密码").input_value() == ""
    sent = {"password": "wrong", "new_password": "correct horse battery"}
    assert [body for _, _, body, _ in faked.changes] == [sent, sent]


def test_an_account_is_added_with_a_role_in_an_area(visit: Callable[..., Opened]) -> None:
    page, faked = visit("/accounts", MANAGING, accounts=[HOTLINE], layers=LAYERS, areas=FOUND)

    def make(asked: Any) -> tuple[int, Any]:
        roles = [{**role, "title_zh": "查看员", "title_en": "Viewer"} for role in asked["roles"]]
        return 201, {**asked, "roles": roles, "disabled": False, "one_time_password": "abcd-efgh"}

    faked.give("POST", "/v1/accounts", make)
    faked.give("GET", "/v1/accounts/zhang/keys", lambda _: (200, []))
    page.get_by_text("新建账号").click()
    form = page.locator("#adding form")
    form.get_by_role("button", name="建立账号").click()
    shows(page, "#adding", "请填写账号名")
    form.get_by_label("账号名").fill("zhang")
    form.get_by_role("button", name="建立账号").click()
    shows(page, "#adding", "请选择或填写角色所在的范围")
    form.get_by_label("范围").select_option(label="在街道")
    form.get_by_label("区域编码或名称").fill("南山街道")
    shows(page, "#adding .role span", "南山街道")
    form.get_by_role("button", name="建立账号").click()
    shows(page, "#accounts .once", "zhang 的一次性密码")
    assert page.locator(".once input").input_value() == "abcd-efgh"
    shows(page, "#accounts > details:nth-of-type(1) > summary", "查看员 · 街道 S1")
    role = {"role": "viewer", "layer": "street", "area_code": "S1"}
    asked = {"account": "zhang", "kind": "person", "roles": [role], "department": None}
    assert faked.changes == [("POST", "/v1/accounts", asked, "token-of-wang")]
    page.get_by_role("button", name="已记下，不再显示").click()
    assert page.locator(".once").count() == 0


def test_a_name_that_is_taken_is_told(visit: Callable[..., Opened]) -> None:
    page, faked = visit("/accounts", MANAGING, layers=LAYERS)
    faked.give("POST", "/v1/accounts", lambda _: refusal("name-taken", 409, "There is an account zhang."))
    page.get_by_text("新建账号").click()
    page.get_by_label("账号名").fill("zhang")
    page.get_by_label("范围").select_option(label="全部范围")
    page.get_by_role("button", name="建立账号").click()
    shows(page, "#adding .alarm", "名称已被占用")
    assert page.evaluate("document.activeElement.id") == "name"


def test_keys_are_made_rotated_and_revoked(visit: Callable[..., Opened]) -> None:
    keys: list[dict[str, Any]] = []
    page, faked = visit("/accounts", MANAGING, PHONE, accounts=[HOTLINE], layers=LAYERS)

    def make(asked: Any) -> tuple[int, Any]:
        keys.append({"id": "k1", **asked, "created": asked["expires"], "last_used": None})
        return 201, {**keys[-1], "key": "ggk_k1_secret"}

    def revoke(_: Any) -> tuple[int, Any]:
        keys.clear()
        return 204, None

    faked.give("GET", "/v1/accounts/hotline/keys", lambda _: (200, keys))
    faked.give("POST", "/v1/accounts/hotline/keys", make)
    faked.give("POST", "/v1/keys/k1/rotation", lambda _: (201, {**keys[0], "key": "ggk_k1_newer"}))
    faked.give("DELETE", "/v1/keys/k1", revoke)
    page.locator("#accounts summary").first.click()
    shows(page, "#accounts", "没有密钥")
    page.get_by_text("新建密钥").first.click()
    page.get_by_label("用途").fill("热线系统")
    page.get_by_label("有效至").fill("2030-01-31")
    page.get_by_label("查看事件").check()
    page.get_by_role("button", name="新建密钥").click()
    shows(page, "#accounts .once", "hotline 的新密钥")
    assert page.locator(".once input").input_value() == "ggk_k1_secret"
    shows(page, ".keys", "查看事件")
    page.get_by_role("button", name="更换 k1").click()
    shows(page, ".once", "旧密钥")
    assert page.locator(".once input").input_value() == "ggk_k1_newer"
    page.get_by_role("button", name="吊销 k1").click()
    shows(page, "#accounts", "没有密钥")
    assert page.locator(".once").count() == 0
    asked = faked.changes[0][2]
    assert (asked["title"], asked["scopes"]) == ("热线系统", ["events.read"])
    assert asked["expires"][:10] in ("2030-01-31", "2030-02-01"), "the end of that day, by the browser"


def test_an_account_is_disabled_and_deleted(visit: Callable[..., Opened]) -> None:
    page, faked = visit("/accounts", MANAGING, accounts=[HOTLINE], layers=LAYERS)
    faked.give("GET", "/v1/accounts/hotline/keys", lambda _: (200, []))
    faked.give("PATCH", "/v1/accounts/hotline", lambda asked: (200, {**HOTLINE, **asked}))
    faked.give("DELETE", "/v1/accounts/hotline", lambda _: (204, None))
    page.locator("#accounts summary").first.click()
    page.get_by_role("button", name="停用").click()
    shows(page, "#accounts .badge", "已停用")
    page.get_by_role("button", name="删除账号").click()
    shows(page, "[role=alertdialog]", "确定删除 hotline 吗？")
    page.get_by_role("button", name="不", exact=True).click()
    page.get_by_role("button", name="删除账号").click()
    page.get_by_role("button", name="确定").click()
    page.locator("#accounts .account").wait_for(state="detached")
    assert [change[:3] for change in faked.changes] == [
        ("PATCH", "/v1/accounts/hotline", {"disabled": True}),
        ("DELETE", "/v1/accounts/hotline", None),
    ]


def test_an_account_is_of_a_department(visit: Callable[..., Opened]) -> None:
    departments = [
        {"code": "parks", "title": "公园中心", "title_en": None, "categories": 0},
        {"code": "water", "title": "水务局", "title_en": "Water", "categories": 0},
    ]
    wang = {**HOTLINE, "department": "parks"}
    page, faked = visit("/accounts", MANAGING, accounts=[wang], layers=LAYERS, departments=departments)
    faked.give("GET", "/v1/accounts/hotline/keys", lambda _: (200, []))
    faked.give("PATCH", "/v1/accounts/hotline", lambda asked: (200, {**wang, **asked}))
    shows(page, "#accounts .badge", "公园中心")
    page.locator("#accounts summary").first.click()
    form = page.locator("#accounts form").first
    form.get_by_label("去掉此角色").click()
    form.get_by_label("所属部门").select_option(label="水务局")
    form.get_by_role("button", name="保存").click()
    shows(page, "#accounts .badge", "水务局")
    page.get_by_role("button", name="EN", exact=True).click()
    shows(page, "#accounts .badge", "Water")
    assert [body for _, _, body, _ in faked.changes] == [{"roles": [], "department": "water"}]


def test_whoever_does_not_manage_accounts_is_told(visit: Callable[..., Opened]) -> None:
    page, faked = visit("/jobs", SOMEBODY)
    faked.give("GET", "/v1/accounts", lambda _: refusal("not-allowed", 403, "wang has no right to it."))
    page.goto(page.url.replace("/jobs", "/accounts"))
    shows(page, "#trouble", "没有此项权限")
    assert page.locator("#adding").is_hidden()


def test_rights_are_called_as_the_table_calls_them() -> None:
    written = (root() / "web" / "pages" / "accounts" / "rights.ts").read_text(encoding="utf-8")
    held = [one for one in rights_table().rights.values() if one.needs_role or one.extent is Extent.SELF]
    assert held
    for right in held:
        for title in (right.title_zh, right.title_en):
            assert f'"right_{right.name}": "{title}",' in written
    assert written.count('    "right_') == 2 * len(held)
