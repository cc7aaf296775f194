"""Where the service may listen: loopback as it is, elsewhere only with TLS or behind a proxy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from certificates import self_signed
from running_services import running

from gisgov.cli.listening import listening_of, loopback_of
from gisgov.cli.serve import base_url
from gisgov.config import Settings
from gisgov.errors import InputError

ELSEWHERE = ["0.0.0.0", "::", "192.168.1.7", "example.org", ""]  # noqa: S104
LOOPBACK = ["localhost", "127.0.0.1", "127.5.5.5", "::1"]
PROXY = {"behind_proxy": True, "proxy_addresses": ("10.0.0.7",), "hosts": ("grid.example.org",)}


def settings(**given: Any) -> Settings:
    return Settings(**given)


@pytest.mark.parametrize("host", LOOPBACK)
def test_loopback_is_served_as_it_is(host: str) -> None:
    for found in (listening_of(settings(host=host)), loopback_of(settings(host=host))):
        assert (found.host, found.tls) == (host, None)
        assert base_url(found) == f"http://{f'[{host}]' if ':' in host else host}:8000"


@pytest.mark.parametrize("host", ELSEWHERE)
def test_elsewhere_takes_tls_or_a_proxy(host: str) -> None:
    with pytest.raises(
        InputError, match=r"could read passwords on their way.*--tls-cert.*GISGOV_BEHIND_PROXY"
    ):
        listening_of(settings(host=host, hosts=("grid.example.org",)))
    with pytest.raises(InputError, match="The demo answers on loopback only"):
        loopback_of(settings(host=host, **PROXY))
    assert listening_of(settings(host=host, **PROXY)).host == host


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])  # noqa: S104
def test_a_proxy_is_named_and_so_is_what_it_serves(host: str) -> None:
    with pytest.raises(InputError, match="GISGOV_BEHIND_PROXY needs GISGOV_PROXY_ADDRESSES"):
        listening_of(settings(host=host, **{**PROXY, "proxy_addresses": ()}))
    with pytest.raises(InputError, match="GISGOV_HOSTS is to name"):
        listening_of(settings(host=host, **{**PROXY, "hosts": ()}))


def test_tls_beyond_loopback_is_opened_by_its_name(tmp_path: Path) -> None:
    cert, key = self_signed(tmp_path, "grid.example.org")
    tls = {"tls_cert": cert, "tls_key": key}
    with pytest.raises(InputError, match="GISGOV_HOSTS is to name"):
        listening_of(settings(host="::", **tls))
    found = listening_of(settings(host="::", hosts=("grid.example.org",), **tls))
    assert (found.tls, base_url(found)) == ((cert, key), "https://grid.example.org:8000")
    assert base_url(listening_of(settings(**tls))) == "https://127.0.0.1:8000"


def test_files_of_tls_that_cannot_be_used_are_told_in_one_line(
    tmp_path: Path, cli_without_database: Callable[..., Any]
) -> None:
    cert, key = self_signed(tmp_path, "one.example")
    _, other = self_signed(tmp_path, "two.example")
    _, locked = self_signed(tmp_path, "three.example", password=b"secret")
    text = tmp_path / "text.pem"
    text.write_text("no certificate", encoding="ascii")
    for files, says in (
        ((cert, None), "the key is missing beside the certificate"),
        ((None, key), "the certificate is missing beside the key"),
        ((tmp_path / "none.pem", key), "The certificate .*none.pem cannot be read: No such file"),
        ((cert, tmp_path), "The key .* cannot be read: Is a directory"),
        ((cert, other), "two.example.key is not the key of .*one.example.pem"),
        ((text, key), "are no certificate and key in PEM"),
        ((cert, locked), "or the key has a password"),
    ):
        options = [
            word
            for option, file in zip(("--tls-cert", "--tls-key"), files, strict=True)
            if file is not None
            for word in (option, file)
        ]
        ran = cli_without_database("serve", *options)
        assert ran.status == 2
        (line,) = ran.stderr.splitlines()
        assert line.startswith("gisgov: ")
        with pytest.raises(InputError, match=says):
            listening_of(settings(tls_cert=files[0], tls_key=files[1]))


def test_it_speaks_https_with_a_certificate_under_its_name(tmp_path: Path, database_url: str) -> None:
    cert, key = self_signed(tmp_path, "grid.test")
    options = ("--host", "0.0.0.0", "--tls-cert", str(cert), "--tls-key", str(key))  # noqa: S104
    with running(database_url, *options, trusted=cert, hosts="grid.test") as service:
        ours = service.ask("/healthz", host=f"grid.test:{service.port}")
        assert ours.status == 200
        assert ours.headers["strict-transport-security"] == "max-age=31536000"
        assert "strict-transport-security" not in service.ask("/healthz").headers
        assert service.ask("/healthz", host="evil.test").status == 421
        change = {"method": "DELETE", "host": "grid.test"}
        for origin, refused in (("https://grid.test", False), ("http://grid.test", True)):
            said = service.ask("/v1/checks/0", Origin=origin, **change).body.decode()
            assert ("cross-origin" in said) is refused, said


def test_what_a_proxy_says_is_believed_from_the_proxy_alone(database_url: str) -> None:
    said = {"X_Forwarded_For": "203.0.113.9", "X_Forwarded_Proto": "https", "X_Forwarded_Host": "grid.test"}
    with running(
        database_url, hosts="grid.test", behind_proxy="true", proxy_addresses="127.0.0.0/8"
    ) as service:
        ours = service.ask("/healthz?from=proxy", host="127.0.0.1", **said)
        assert ours.headers["strict-transport-security"] == "max-age=31536000"
        assert (
            service.ask("/healthz", host="localhost", X_Forwarded_Host="evil.test, grid.test").status == 200
        )
        assert service.ask("/healthz", host="localhost", X_Forwarded_Host="evil.test").status == 421
        log = service.end()
    assert any('"client": "203.0.113.9"' in line for line in log)

    for distrusting in ({}, {"behind_proxy": "true", "proxy_addresses": "10.0.0.7"}):
        with running(database_url, hosts="grid.test", **distrusting) as service:
            forged = service.ask("/healthz", host="grid.test", **said)
            assert forged.status == 200
            assert "strict-transport-security" not in forged.headers
            assert service.ask("/healthz", host="evil.test", X_Forwarded_Host="grid.test").status == 421
            log = service.end()
        assert not any("203.0.113.9" in line for line in log)
        assert any('"client": "127.0.0.1"' in line for line in log)
