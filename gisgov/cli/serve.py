"""``gisgov serve``: the HTTP service; beyond this machine only with TLS or behind a proxy that has it."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import structlog

from gisgov.cli.listening import Listening, listening_of, loopback_of
from gisgov.cli.preparing import prepare_tiles
from gisgov.cli.progress import notice, notices_to
from gisgov.cli.session import load_settings, open_database
from gisgov.config import Settings
from gisgov.errors import ConflictError, UnavailableError
from gisgov.logs import configure_logging
from gisgov.paths import add_rooms, web_assets
from gisgov.services.accounts import is_managed

if TYPE_CHECKING:
    import uvicorn

_GRACE_S = 10
"""How long answers that are on their way may take when the service ends."""

_HUNG_S = 20
"""A process that says nothing for so long is ended, and another started."""

__all__ = ["base_url", "check_free", "log_notices", "loopback_of", "run_service", "serve"]

_log: structlog.stdlib.BoundLogger = structlog.get_logger("gisgov.serve")


@click.command
@click.option("--host", help="Address to listen on.  [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on.  [default: 8000]")
@click.option(
    "--tls-cert", type=click.Path(path_type=Path), help="Certificate (PEM, with its chain): speak https."
)
@click.option("--tls-key", type=click.Path(path_type=Path), help="Private key of the certificate (PEM).")
@click.option("--workers", type=click.IntRange(1, 64), help="How many processes answer.  [default: 1]")
def serve(
    host: str | None, port: int | None, tls_cert: Path | None, tls_key: Path | None, workers: int | None
) -> None:
    """Serve the HTTP API and its pages until ctrl-C; the private database is started if need be.

    An address that other machines reach takes a certificate (--tls-cert, --tls-key) or a proxy before the
    service (GISGOV_BEHIND_PROXY), and the names that it is asked for by (GISGOV_HOSTS).
    """
    given = {"host": host, "port": port, "tls_cert": tls_cert, "tls_key": tls_key, "workers": workers}
    settings = load_settings().model_copy(
        update={name: value for name, value in given.items() if value is not None}
    )
    listening = listening_of(settings)
    check_free(listening.host, listening.port)
    log_notices(settings)
    database = open_database(settings)  # started and migrated before anything is promised
    if not is_managed(database):
        _invite(settings, "Nobody can sign in yet: gisgov account add NAME --role administrator")
    database.dispose()
    if not (web_assets() / "pages" / "index.html").is_file():
        _invite(settings, "The pages are not built: run `make web`. The API works without them.")
    base = base_url(listening)
    os.environ["GISGOV_WORKERS"] = str(settings.workers)  # the processes read their settings themselves
    if settings.prepare_tiles:
        prepare_tiles()
    _invite(settings, f"map {base}/", f"API {base}/docs", "ctrl-C ends it.")
    run_service(listening, settings.workers)


def log_notices(settings: Settings) -> None:
    """Write what this process tells beside the log as lines of it where programs read them: of a service.

    In a terminal, or where the log is text, people read them.
    """
    # with several processes this one writes lines too: of those that it starts, and that die
    configure_logging(settings.log_level, settings.log_format)
    if settings.log_format == "json" and not sys.stderr.isatty():
        notices_to(_log.info)


def _invite(settings: Settings, *lines: str) -> None:
    """Tell people on stdout where the service is; or the log, where nobody looks at a terminal."""
    if settings.log_format == "json" and not sys.stdout.isatty():
        for line in lines:
            _log.info(line)
    else:
        click.echo("\n".join(lines))


def check_free(host: str, port: int) -> None:
    """Make sure that a port can be listened on.

    Raises
    ------
    ConflictError
        Something else listens there, or the machine has no such address.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        # of a name that is not known, the number is one of getaddrinfo's own
        reason = error.strerror if isinstance(error, socket.gaierror) else os.strerror(error.errno or 0)
        raise ConflictError(
            f"Port {port} of {host} cannot be used: {reason}.",
            hint="Choose another with --port.",
        ) from error


def base_url(listening: Listening) -> str:
    """Return the URL that pages and routes hang on, without a slash at its end."""
    scheme = "http" if listening.tls is None else "https"
    host, port = listening.shown_as, f":{listening.port}"
    return f"{scheme}://{f'[{host}]' if ':' in host else host}{port}"


def run_service(listening: Listening, workers: int = 1) -> None:
    """Serve until ctrl-C.

    Parameters
    ----------
    listening : Listening
        Where.
    workers : int
        How many processes answer; more than one are watched over by this one, which starts another for each
        that dies.

    Raises
    ------
    UnavailableError
        The service did not start.
    """
    import uvicorn

    from gisgov.cli.slow_clients import BoundedHeads

    add_rooms()
    cert, key = listening.tls or (None, None)
    # as a string: the command line knows where the service is, not what it is
    config = uvicorn.Config(
        "api.main:app",
        host=listening.host,
        port=listening.port,
        workers=workers,
        loop="uvloop",
        http=BoundedHeads,
        ws="none",
        ssl_certfile=cert,
        ssl_keyfile=key,
        log_config=None,
        server_header=False,
        access_log=False,
        # whose headers are believed is a setting, which `api.proxies` follows
        proxy_headers=False,
        timeout_graceful_shutdown=_GRACE_S,
        timeout_worker_healthcheck=_HUNG_S,
    )
    has_started = _serve_together(config) if workers > 1 else _serve_alone(config)
    if not has_started:
        raise UnavailableError("The service did not start.", hint="The lines above say why.")
    notice("The service has ended.")


def _serve_alone(config: uvicorn.Config) -> bool:
    import uvicorn

    server = uvicorn.Server(config)
    with contextlib.suppress(KeyboardInterrupt):  # raised once more after the service has ended in order
        server.run()
    return server.started


def _serve_together(config: uvicorn.Config) -> bool:
    from uvicorn.config import STARTUP_FAILURE
    from uvicorn.supervisors.multiprocess import Multiprocess

    with config.bind_socket() as shared:
        processes = Multiprocess(config, sockets=[shared])
        processes.run()
    return all(one.exitcode != STARTUP_FAILURE for one in processes.processes)
