"""Kinds of jobs of the tests; processes read them from here by `WorkOrder.kinds`."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import sqlalchemy as sa

from gisgov.errors import DatabaseUnavailable, InputError
from gisgov.work.attempt import Kind, Work

TRIALS = "trial_kinds:KINDS"


def write_rows(work: Work) -> None:
    """Write some rows in several parts, with files besides, and take one's time over it."""
    parts = work.job.parameters["parts"]
    (work.scratch / "half").write_text("work", encoding="utf-8")
    for number in work.progress(range(parts), label="writing rows"):
        with work.final.begin() as connection:
            row = {"kind": "areas", "file_name": work.job.title, "sha256": str(number)}
            connection.execute(
                sa.text(
                    "INSERT INTO import_batch "
                    "(kind, file_name, sha256, rows_read, rows_imported, rows_unchanged, rows_rejected) "
                    "VALUES (:kind, :file_name, :sha256, 0, 0, 0, 0)"
                ),
                row,
            )
        (work.results / f"part-{number}.txt").write_text(str(work.job.attempt), encoding="utf-8")
        time.sleep(work.job.parameters.get("pause_s", 0.0))
    work.log(f"wrote {parts} rows")


def sleep(work: Work) -> None:
    """Leave half work and sleep, to be killed or cancelled."""
    (work.results / "half").touch()
    (work.scratch / "half").touch()
    for _ in work.progress(range(work.job.parameters.get("steps", 10_000)), label="sleeping"):
        time.sleep(0.02)


def fail(work: Work) -> None:
    """Fail for a reason that people must mend, after half of the work."""
    (work.results / "half").touch()
    with work.final.begin() as connection:
        connection.execute(sa.text("UPDATE layer SET title_en = 'half'"))
    raise InputError("Row 7 is broken.", hint="Mend it.", field="file")


def stumble(work: Work) -> None:
    """Fail for a reason that may pass, as often as is said."""
    if work.job.attempt <= work.job.parameters["times"]:
        raise DatabaseUnavailable("The database does not answer.")


def crash(work: Work) -> None:
    """Die as the kernel kills who takes too much memory, as often as is said."""
    if work.job.attempt <= work.job.parameters["times"]:
        os.kill(os.getpid(), signal.SIGKILL)


def surprise(_: Work) -> None:
    """Fail for a reason that nobody foresaw."""
    raise RuntimeError("the password is mellon")


def read_back(work: Work) -> None:
    """Tell whose rights it has, and what came with it."""
    with work.database.begin() as connection:
        who = connection.scalar(
            sa.text("SELECT current_user || ' ' || current_setting('gisgov.actor', true)")
        )
    given = {name: (work.inputs / one.stored).read_text("utf-8") for name, one in work.job.inputs.items()}
    Path(work.results / "told.txt").write_text(f"{who} {given}", encoding="utf-8")


KINDS = {
    kind.name: kind
    for kind in (
        Kind("rows", write_rows, 50),
        Kind("sleep", sleep),
        Kind("fail", fail),
        Kind("stumble", stumble, 3),
        Kind("crash", crash, 3),
        Kind("surprise", surprise),
        Kind("read-back", read_back),
    )
}
