"""Which fields tell of persons: gisgov keeps counts of people and never persons, so these are left out.

It goes by the names of fields, in Chinese and English, as forms and hotlines have them. What people write
into a description nobody can tell by its name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

_CHINESE: Final = (
    "姓名", "联系人", "联系方式", "电话", "手机", "身份证", "证件", "护照", "报告人", "上报人",
    "举报人", "投诉人", "反映人", "诉求人", "来电人", "来电", "主叫", "报警人", "报案人", "申请人",
    "当事人", "户主", "业主", "邮箱", "电子邮件", "微信", "出生日期", "生日", "家庭住址",
    "家庭地址", "住址",
)  # fmt: skip
_CHINESE_END: Final = re.compile(r"(?:号码|号|信息|[\d_\W])+$")
_ASIDE: Final = re.compile(r"(?<=\w)\s*[(\[【][^()\[\]【】]*[)\]】]")
"""What forms say of a field beside its name: (必填), (home)."""

_LONGEST: Final = 80
_ROLES: Final = frozenset({
    "caller", "complainant", "informant", "reporter", "requester", "applicant", "resident",
    "householder", "tenant", "victim", "patient",
})  # fmt: skip
"""Wherever one of them stands in a name, it tells of that person."""

_LAST: Final = frozenset({
    "phone", "telephone", "tel", "mobile", "cellphone", "email", "mail", "surname", "firstname",
    "lastname", "fullname", "forename", "birthday", "birthdate", "dob", "passport", "ssn", "idcard",
    "wechat", "phones", "telephones", "emails", "username", "phonenumber", "phoneno", "telno",
    "mobilephone", "mobilenumber", "mobileno", "emailaddress", "idcardno", "contactname",
    "contactphone", "homeaddress",
})  # fmt: skip
_PAIRS: Final = frozenset({
    "first_name", "last_name", "full_name", "given_name", "family_name", "middle_name", "contact_name",
    "contact_person", "person_name", "citizen_name", "owner_name", "cell_phone", "e_mail", "id_card",
    "identity_card", "birth_date", "of_birth", "home_address", "reported_by", "customer_name",
    "user_name",
})  # fmt: skip
_COUNTS: Final = frozenset({"count", "counts", "total"})
_AFTER: Final = frozenset({"number", "no", "nr", "address"})
"""What may stand behind the name of something personal: its phone *number*."""

_WORDS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


@lru_cache(maxsize=4096)
def names_person(name: str) -> bool:
    """Whether a field tells of a person, by its name.

    Examples
    --------
    >>> [names_person(name) for name in ("phone", "callerName", "联系电话（必填）", "身份证号码")]
    [True, True, True, True]
    >>> [names_person(name) for name in ("name", "reporter_count", "上报人数", "phone_booth", "楼栋名称")]
    [False, False, False, False, False]
    """
    plain = _ASIDE.sub("", unicodedata.normalize("NFKC", name))
    words = [word.lower() for word in _WORDS.findall(plain)]
    if words and not _COUNTS & set(words):
        if _ROLES & set(words) or "_".join(words[-2:]) in _PAIRS:
            return True
        while len(words) > 1 and (words[-1] in _AFTER or words[-1].isdigit()):
            words.pop()
        if words[-1] in _LAST or "_".join(words[-2:]) in _PAIRS:
            return True
    return _CHINESE_END.sub("", "".join(plain.split())[-_LONGEST:]).endswith(_CHINESE)


def without_persons(fields: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Leave out what tells of persons, at any depth.

    Parameters
    ----------
    fields : mapping
        Names and values, as JSON has them.

    Returns
    -------
    kept : dict
        All others.
    left_out : tuple of str
        JSON pointers to those that were left out, in their order.

    Examples
    --------
    >>> without_persons({"depth_cm": 30, "caller": {"phone": "1"}, "seen": [{"姓名": "x", "at": 5}]})
    ({'depth_cm': 30, 'seen': [{'at': 5}]}, ('/caller', '/seen/0/姓名'))
    """
    left_out: list[str] = []
    return _kept(fields, "", left_out), tuple(left_out)


def _kept(value: Any, pointer: str, left_out: list[str]) -> Any:
    if isinstance(value, Mapping):
        kept = {}
        for name, one in value.items():
            own = f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}"
            if names_person(name):
                left_out.append(own)
            else:
                kept[name] = _kept(one, own, left_out)
        return kept
    if isinstance(value, list):
        return [_kept(one, f"{pointer}/{i}", left_out) for i, one in enumerate(value)]
    return value
