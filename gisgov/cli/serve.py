"""``gisgov serve``: the HTTP service, on this machine alone."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import socket

import click

from gisgov.cli.progress import notice
from gisgov.cli.session import load_settings, open_database
from gisgov.errors import ConflictError, InputError, UnavailableError
from gisgov.paths import add_rooms, web_assets


@click.command
@click.option("--host", help="Loopback address to listen on.  [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on.  [default: 8000]")
def serve(host: str | None, port: int | None) -> None:
    """Serve the HTTP API and its pages until ctrl-C; the private database is started if need be."""
    settings = load_settings()
    address = check_loopback(host or settings.host)
    chosen = port or settings.port
    check_free(address, chosen)
    open_database(settings).dispose()  # started and migrated before anything is promised
    click.echo(_invitation(address, chosen))
    run_service(address, chosen)


def check_loopback(host: str) -> str:
    """Return the address if only this machine can reach it.

    Raises
    ------
    InputError
        Others could reach it.
    """
    try:
        if host == "localhost" or ipaddress.ip_address(host).is_loopback:
            return host
    except ValueError:
        pass  # another name: it may lead anywhere
    raise InputError(
        f"The service answers on loopback only, not on {host!r}: it has no accounts, and those come first.",
        hint="Use --host 127.0.0.1; from elsewhere, an SSH tunnel leads to it.",
        field="host",
    )


def check_free(host: str, port: int) -> None:
    """Make sure that a port can be listened on.

    Raises
    ------
    ConflictError
        Something else listens there.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise ConflictError(
                f"Port {port} of {host} cannot be used: {os.strerror(error.errno or 0)}.",
                hint="Choose another with --port.",
            ) from error


def base_url(host: str, port: int) -> str:
    """Return the URL that pages and routes hang on, without a slash at its end."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def _invitation(host: str, port: int) -> str:
    base = base_url(host, port)
    lines = [
        f"map {base}/",
        f"API {base}/docs",
        "ctrl-C ends it.",
    ]
    if not (web_assets() / "pages" / "index.html").is_file():
        lines.insert(0, "The pages are not built: run `make web`. The API works without them.")
    return "\n".join(lines)


def run_service(host: str, port: int) -> None:
    """Serve until ctrl-C.

    Raises
    ------
    UnavailableError
        The service did not start.
    """
    import uvicorn

    add_rooms()
    # as a string: the command line knows where the service is, not what it is
    config = uvicorn.Config("api.main:app", host=host, port=port, log_config=None, server_header=False)
    server = uvicorn.Server(config)
    with contextlib.suppress(KeyboardInterrupt):  # raised once more after the service has ended in order
        server.run()
    if not server.started:
        raise UnavailableError("The service did not start.", hint="The lines above say why.")
    notice("The service has ended.")
