"""Passwords that everybody would try first are refused; nothing else is asked of them but length."""

from __future__ import annotations

import unicodedata
from typing import Final

LEAST: Final = 10
"""Characters that a password has at least."""
MOST: Final = 1000
"""… and at most: what is longer only keeps the hash busy."""

_FEWEST_DIFFERENT = 5
_WORDS: Final = frozenset(
    """
    account adminadmin admin administrator asdf asdfgh asdfghjkl beijing changeme change china
    computer default demo dragon football gisgov grid grids guanliyuan guest hello helloworld
    iloveyou letmein login master mima mimamima monkey nihao nihaoma pass passw password
    passwordpassword princess qazwsx qazwsxedc qwert qwerty qwertyuiop root rootroot secret shanghai
    shenzhen sunshine superman system temp temporary test testtest trustno user wangge welcome
    welcometo wodemima woaini woainima woaizhongguo xinmima yonghu zhongguo zxcvbn zxcvbnm
    """.split()  # noqa: SIM905 - a list of words reads as one
)
"""Words that are no password, whatever digits and signs stand around them."""
_ROWS: Final = ("0123456789" * 2, "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")
_RUNS: Final = tuple(run for row in _ROWS for run in (row, row[::-1]))
_LETTERS: Final = str.maketrans("@$!01345", "asioieas")
"""Letters that people write as signs and digits."""
_FIRST_TRIED = "is one of the first that anybody would try"


def normalized(password: str) -> str:
    """Return a password as it is hashed: of one form, however a keyboard composes its characters."""
    return unicodedata.normalize("NFKC", password)


def weakness(password: str, *, name: str) -> str | None:
    """Say why a password cannot be taken; None if it can.

    Parameters
    ----------
    password : str
        As typed.
    name : str
        Name of the account.

    Examples
    --------
    >>> weakness("Passw0rd1234", name="wang")
    'is one of the first that anybody would try'
    >>> weakness("下班路上买三斤橘子回家", name="wang") is None
    True
    """
    taken = normalized(password)
    if len(taken) < LEAST:
        return f"is shorter than {LEAST} characters"
    if len(taken) > MOST:
        return f"is longer than {MOST} characters"
    plain = taken.casefold()
    stems = {_stem(plain), _stem(_stem(plain).translate(_LETTERS)), _stem(plain.translate(_LETTERS))}
    if name.casefold() in {plain, *stems} or _stem(name.casefold()) in stems - {""}:
        return "is the name of the account"
    if stems & _WORDS or len(set(plain)) < _FEWEST_DIFFERENT or any(plain in run for run in _RUNS):
        return _FIRST_TRIED
    return None


def _stem(text: str) -> str:
    """Return a text without the digits and signs around it."""
    kept = [at for at, character in enumerate(text) if character.isalpha()]
    return text[kept[0] : kept[-1] + 1] if kept else ""
