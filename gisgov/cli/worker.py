"""``gisgov worker``: does the jobs that services were asked for."""

from __future__ import annotations

import click

from gisgov.cli.progress import notice
from gisgov.cli.session import load_settings, open_database
from gisgov.paths import add_rooms, web_assets


@click.command
@click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    metavar="N",
    help="How many jobs to do at a time.  [default: GISGOV_JOB_PROCESSES]",
)
def worker(jobs: int | None) -> None:
    """Do the jobs that the service was asked for, until ctrl-C; what runs then waits for another worker.

    Any number of workers may run, on this machine and on others, as long as all of them and the service see
    the same database and the same GISGOV_JOBS_DIR.
    """
    settings = load_settings()
    database = open_database(settings)
    url = database.engine.url.render_as_string(hide_password=False)
    database.dispose()
    add_rooms()
    from dataclasses import replace

    from gisgov.logs import configure_logging
    from gisgov.work.orders import WorkOrder
    from gisgov.work.place import job_place
    from gisgov.work.worker import work

    configure_logging(settings.log_level, settings.log_format)
    order = WorkOrder.of(settings, place=job_place(settings, url), database_url=url, assets=web_assets())
    order = replace(order, processes=jobs or order.processes)
    notice(f"Doing up to {order.processes} jobs at a time; their files are in {order.place.folder}.")
    work(order)
    notice("The worker has ended.")
