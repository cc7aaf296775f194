"""Passwords that are refused, each for its reason, and those that are good enough."""

from __future__ import annotations

import pytest

from gisgov.governance.access.passwords import LEAST, MOST, normalized, weakness

FIRST = "is one of the first that anybody would try"


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("short", f"is shorter than {LEAST} characters"),
        ("x" * (MOST + 1), f"is longer than {MOST} characters"),
        ("wang-lin-2026", None),
        ("wang.lin", f"is shorter than {LEAST} characters"),
        ("1234567890", FIRST),
        ("0987654321", FIRST),
        ("abcdefghijkl", FIRST),
        ("qwertyuiop", FIRST),
        ("aaaaaaaaaaaa", FIRST),
        ("abababababab", FIRST),
        ("password1234", FIRST),
        ("P@ssw0rd2026!", FIRST),
        ("!!zhongguo888", FIRST),
        ("wanglin2026", "is the name of the account"),
        ("a quiet river bend", None),
        ("下班路上买三斤橘子回家", None),
        ("9471-5520-3386", None),
    ],
)
def test_what_is_wrong_with_a_password(password: str, reason: str | None) -> None:
    assert weakness(password, name="wanglin") == reason


def test_a_name_of_digits_is_no_password_either() -> None:
    assert weakness("4403050012", name="4403050012") == "is the name of the account"


def test_one_password_however_it_is_composed() -> None:
    assert normalized("caf\u00e9 bar") == normalized("cafe\u0301 bar")
