"""Where the service may listen: on loopback as it is, for others only where nobody between can read along."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path

from gisgov.config import Settings
from gisgov.errors import InputError
from gisgov.hosts import is_loopback


@dataclass(frozen=True, slots=True)
class Listening:
    """Where a service listens.

    Attributes
    ----------
    host, port : str, int
        Address and port.
    shown_as : str
        The name that people open it under.
    tls : tuple of pathlib.Path, optional
        Certificate and key; None where it speaks http.
    """

    host: str
    port: int
    shown_as: str
    tls: tuple[Path, Path] | None = None


def loopback_of(settings: Settings) -> Listening:
    """Return where to listen for this machine alone, by plain http.

    Raises
    ------
    InputError
        Others could reach the address of the settings.
    """
    if not is_loopback(settings.host):
        raise InputError(
            f"The demo answers on loopback only, not on {settings.host!r}: its district is made up.",
            hint="Unset GISGOV_HOST; `gisgov serve` is for others.",
            field="host",
        )
    return Listening(settings.host, settings.port, settings.host)


def listening_of(settings: Settings) -> Listening:
    """Return where to listen, when it is safe to.

    Raises
    ------
    InputError
        Others could reach the address, and there is neither TLS nor a proxy, or no name for it; or the files
        of TLS cannot be used.
    """
    tls = _tls_of(settings)
    if settings.behind_proxy and not settings.proxy_addresses:
        raise InputError(
            "GISGOV_BEHIND_PROXY needs GISGOV_PROXY_ADDRESSES: whose headers are to be believed?",
            hint="Name the proxy's address or network, such as 127.0.0.1.",
            field="proxy_addresses",
        )
    beyond = not is_loopback(settings.host)
    if beyond and tls is None and not settings.behind_proxy:
        raise InputError(
            f"On {settings.host!r} others reach the service, and could read passwords on their way to it.",
            hint="Give --tls-cert and --tls-key, or set GISGOV_BEHIND_PROXY=true with a proxy that speaks "
            "https; --host 127.0.0.1 is for this machine alone.",
            field="host",
        )
    if (beyond or settings.behind_proxy) and not settings.hosts:
        raise InputError(
            "GISGOV_HOSTS is to name what the service is asked for by, such as grid.example.org.",
            hint="Requests under other names are turned away.",
            field="hosts",
        )
    shown_as = settings.host
    if settings.hosts and (beyond or tls is not None):
        shown_as = settings.hosts[0]
    return Listening(settings.host, settings.port, shown_as, tls)


def _tls_of(settings: Settings) -> tuple[Path, Path] | None:
    cert, key = settings.tls_cert, settings.tls_key
    if cert is None and key is None:
        return None
    if cert is None or key is None:
        given, missing = ("key", "certificate") if cert is None else ("certificate", "key")
        raise InputError(
            f"TLS takes a certificate and its key; the {missing} is missing beside the {given}.",
            hint="Give both --tls-cert and --tls-key.",
            field="tls_cert" if cert is None else "tls_key",
        )
    for file, what in ((cert, "certificate"), (key, "key")):
        _refuse_unreadable(file, what)
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(cert, key, password=_no_password)
    except (ssl.SSLError, ValueError) as error:
        mismatch = "MISMATCH" in str(error).upper()
        reason = (
            f"{key} is not the key of {cert}"
            if mismatch
            else f"{cert} and {key} are no certificate and key in PEM, or the key has a password"
        )
        raise InputError(f"TLS cannot be spoken: {reason}.", field="tls_cert") from error
    return cert, key


def _no_password() -> str:
    """Answer OpenSSL, which would ask the terminal otherwise."""
    raise ValueError("the key has a password")


def _refuse_unreadable(file: Path, what: str) -> None:
    try:
        with file.open("rb"):
            pass
    except OSError as error:
        raise InputError(
            f"The {what} {file} cannot be read: {error.strerror}.",
            field="tls_key" if what == "key" else "tls_cert",
        ) from error
