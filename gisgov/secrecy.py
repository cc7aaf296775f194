"""What is never written down: passwords, keys, cookies and tokens, in whatever text they turn up.

Two ways lead to the same end. Values that are known to be secret are looked for as they are, in any text; and
what looks like a secret, or stands under the name of one, is taken out though nobody knew of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final
from urllib.parse import quote, unquote, urlsplit

HIDDEN: Final = "***"

_SHORTEST = 6  # a shorter value is part of ordinary words; its name or form gives it away all the same
_NAMES = (
    r"(?:[a-z]+[_-])?password|passwd|pgpassword|(?:[a-z]+[_-])*secret|(?:[a-z]+[_-])*token|authorization|"
    r"proxy-authorization|(?:set-)?cookie|api[_-]?key|gisgov_key|code_verifier|nonce"
)
_NAME: Final = re.compile(_NAMES, re.IGNORECASE)
# name=value, name: value, "name": "value", ('name', b'value'), and the same escaped once more
_NAMED: Final = re.compile(
    rf"""(?<![a-z])(?P<name>{_NAMES})(?P<between>\\*["']\s*,\s*|\\*["']?\s*[:=]\s*)"""
    r"""(?:b?(?P<quote>\\*["'])(?:(?!(?P=quote)).)*|(?:(?:bearer|basic)\s+)?[^\s"'&;,)}\]\\]+)""",
    re.IGNORECASE | re.DOTALL,
)
_FORMS: Final = (
    (re.compile(r"\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{6,}", re.IGNORECASE), rf"\1 {HIDDEN}"),
    (re.compile(r"\b(ggk_[A-Za-z0-9]+_)[A-Za-z0-9_-]+"), rf"\1{HIDDEN}"),
    (re.compile(r"\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)?"), HIDDEN),
    (re.compile(r"(__Host-[A-Za-z0-9_-]+=)[^;\s\"']+"), rf"\1{HIDDEN}"),
    (re.compile(r"([a-z][a-z0-9+.-]*://[^\s/:@]*:)[^\s/@]+@", re.IGNORECASE), rf"\1{HIDDEN}@"),
    # the answer of a sign-on; elsewhere a code is that of an area
    (re.compile(r"(oidc[^\s\"'?]*\?)[^\s\"']+"), rf"\1{HIDDEN}"),
)

_known: set[str] = set()
_of_now: ContextVar[set[str] | None] = ContextVar("secrets", default=None)


def keep_secret(*values: str) -> None:
    """Look for values in all that is written from now on; within `secrets_of_a_request`, until its end."""
    found = {form for one in values if len(one) >= _SHORTEST for form in (one, quote(one, safe=""))}
    of_now = _of_now.get()
    (_known if of_now is None else of_now).update(found)


def keep_secret_in(document: Any) -> None:
    """Keep secret what stands under the name of a secret in a document, wherever in it."""
    if isinstance(document, dict):
        for name, value in document.items():
            if isinstance(value, str) and _NAME.fullmatch(str(name)):
                keep_secret(value)
            else:
                keep_secret_in(value)
    elif isinstance(document, list):
        for one in document:
            keep_secret_in(one)


def keep_password_of(url: str) -> None:
    """Keep the password in a URL secret."""
    try:
        password = urlsplit(url).password
    except ValueError:
        return
    if password:
        keep_secret(password, unquote(password))


@contextmanager
def secrets_of_a_request() -> Iterator[None]:
    """Forget at the end of the block what was to be kept secret in it."""
    before = _of_now.set(set())
    try:
        yield
    finally:
        _of_now.reset(before)


def redacted(text: str) -> str:
    """Return a text without its secrets.

    Examples
    --------
    >>> redacted("postgresql://gisgov:hunter2@db/town did not answer")
    'postgresql://gisgov:***@db/town did not answer'
    >>> redacted("Authorization: Bearer ggk_7f_abcdef, password='x y'")
    "Authorization: ***, password='***'"
    >>> redacted("GET /v1/areas?code=440305")
    'GET /v1/areas?code=440305'
    """
    for value in sorted(_known | (_of_now.get() or set()), key=len, reverse=True):
        text = text.replace(value, HIDDEN)
    for form, instead in _FORMS:
        text = form.sub(instead, text)
    return _NAMED.sub(lambda found: f"{found['name']}{found['between']}{found['quote'] or ''}{HIDDEN}", text)


def without_known(text: str) -> str:
    """Return a text without the values that are known to be secret; of what merely looks so, it has none."""
    for value in _known:
        if value in text:
            text = text.replace(value, HIDDEN)
    return text


def redacted_value(value: Any, name: str = "") -> Any:
    """Return a value of a log line without its secrets; of a mapping and a sequence, those of its members."""
    if isinstance(value, dict):
        return {key: redacted_value(one, str(key)) for key, one in value.items()}
    if value is not None and _NAME.fullmatch(name):
        return HIDDEN
    if isinstance(value, list | tuple | set | frozenset):
        return [redacted_value(one) for one in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return redacted(value if isinstance(value, str) else str(value))
