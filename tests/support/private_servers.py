"""Private servers looked at from outside: asked, told apart by their process, killed."""

from __future__ import annotations

import os
import signal
import time
from typing import Any

import psycopg
import pytest

from gisgov.embedded import Cluster, server
from gisgov.embedded.postmaster import read_postmaster

as_root = pytest.mark.skipif(
    os.geteuid() != 0, reason="only root may mount a small disk or become somebody else"
)


def ask(url: str, question: str) -> Any:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as session:
        answer = session.execute(question)
        return answer.fetchone()[0] if answer.description else None  # type: ignore[index]


def pid_of(cluster: Cluster) -> int:
    found = read_postmaster(cluster.place.data)
    assert found is not None
    return found.pid


def kill(cluster: Cluster) -> None:
    """End the server as the kernel does when memory runs out, and wait until it is gone."""
    pid = pid_of(cluster)
    os.kill(pid, signal.SIGKILL)
    while server.is_running(pid, cluster.place.data):
        time.sleep(0.005)
