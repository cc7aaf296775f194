"""Names and addresses of machines as settings give them."""

from __future__ import annotations

import ipaddress
import re
from typing import Final
from urllib.parse import urlsplit

LOOPBACK_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})

_NAME = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*")


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a name or address.

    Examples
    --------
    >>> is_loopback("localhost"), is_loopback("127.5.5.5"), is_loopback("0.0.0.0"), is_loopback("example.org")
    (True, True, False, False)
    """
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False  # another name: it may lead anywhere


def host_names(text: str) -> tuple[str, ...]:
    """Return the names of a list, as requests carry them.

    Parameters
    ----------
    text : str
        Separated by commas or spaces.

    Raises
    ------
    ValueError
        One is no name of a machine: it has a scheme, a port or a path.

    Examples
    --------
    >>> host_names("Grid.Example.org, 192.0.2.7 [2001:db8::1]")
    ('grid.example.org', '192.0.2.7', '2001:db8::1')
    """
    return tuple(_host_name(word) for word in _words(text))


def _host_name(word: str) -> str:
    name = word.lower().removesuffix(".")
    try:
        return str(ipaddress.ip_address(name.strip("[]")))
    except ValueError:
        pass
    if not _NAME.fullmatch(name):
        raise ValueError(
            f"{word!r} is no name of a machine; write it without scheme and port: grid.example.org"
        )
    return name


def networks(text: str) -> tuple[str, ...]:
    """Return the addresses and networks of a list.

    Parameters
    ----------
    text : str
        Separated by commas or spaces.

    Raises
    ------
    ValueError
        One is neither.

    Examples
    --------
    >>> networks("10.0.0.7, 172.18.0.0/16")
    ('10.0.0.7', '172.18.0.0/16')
    """
    words = _words(text)
    for word in words:
        try:
            ipaddress.ip_network(word)
        except ValueError as error:
            raise ValueError(
                f"{word!r} is no address and no network; write 10.0.0.7 or 10.0.0.0/24"
            ) from error
    return words


def is_private_enough(url: str) -> bool:
    """Whether nobody between can read what is asked of a URL: it is https, or leads to this machine.

    Examples
    --------
    >>> is_private_enough("https://sso.example.org"), is_private_enough("http://sso.example.org")
    (True, False)
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host)))


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in re.split(r"[,\s]+", text) if word)
