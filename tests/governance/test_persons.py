"""Names of fields that tell of persons, and those that only look like it."""

from __future__ import annotations

import pytest

from gisgov.governance.persons import names_person, without_persons


@pytest.mark.parametrize(
    "name",
    [
        "first_name", "lastName", "LAST NAME", "fullname", "contact-name", "Caller", "caller_id",
        "reporterName", "phone", "Phone Number", "phone2", "mobile no", "email", "e-mail",
        "emailAddress", "ID card", "id_card_no", "date of birth", "DOB", "home_address",
        "reported_by", "owner_name", "wechat", "resident_name", "姓名", "联系人", "联系人姓名",
        "联系电话", "电话1", "手机号", "手机号码", "身份证", "身份证号码", "来电号码", "举报人",
        "投诉人信息", "报警人电话", " 邮箱 ", "家庭住址", "微信号", "联系电话（必填）", "*姓名：",
        "姓 名", "身份证号(18位)", "电话*", "【电话】", "phone (home)", "ＰＨＯＮＥ", "phonenumber",
        "emails", "user_name",
    ],
)  # fmt: skip
def test_names_that_tell_of_persons(name: str) -> None:
    assert names_person(name)


@pytest.mark.parametrize(
    "name",
    [
        "", "name", "building_name", "agency name", "depth_cm", "residents", "reporter_count",
        "total callers", "phone_booth", "mobile_team", "address", "contact_count", "births", "2026",
        "no", "名称", "楼栋名称", "上报人数", "当事人数", "电话亭编号", "手机店", "地址", "部门",
        "名称（电话）", "booth (phone)", "()",
    ],
)  # fmt: skip
def test_names_that_do_not(name: str) -> None:
    assert not names_person(name)


def test_persons_are_left_out_at_any_depth_and_nothing_else() -> None:
    told = {"a/b": {"phone": 1, "~": {"姓名": 2}}, "list": [1, [{"email": 3, "kept": None}]], "n": 0.5}
    kept, left_out = without_persons(told)
    assert kept == {"a/b": {"~": {}}, "list": [1, [{"kept": None}]], "n": 0.5}
    assert left_out == ("/a~1b/phone", "/a~1b/~0/姓名", "/list/1/0/email")
    assert without_persons(kept) == (kept, ())
