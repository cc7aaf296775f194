"""Processes of one service: what one of them has at a time, and when they end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from multiprocessing import process
from pathlib import Path
from types import SimpleNamespace

import pytest

from api.siblings import Turn, end_with_parent

FAMILY = """
import multiprocessing, os, sys, time
sys.path.insert(0, sys.argv[1])
from api.siblings import end_with_parent

def child():
    end_with_parent()
    print(os.getpid(), flush=True)
    time.sleep(60)

if __name__ == "__main__":
    multiprocessing.get_context("fork").Process(target=child).start()
    time.sleep(60)
"""


@pytest.fixture
def parent(monkeypatch: pytest.MonkeyPatch) -> None:
    """This process has been started by another one of the service."""
    monkeypatch.setattr(process, "_parent_process", SimpleNamespace(pid=7))


@pytest.mark.usefixtures("parent")
def test_one_has_the_turn_until_it_gives_it_back(tmp_path: Path) -> None:
    one, other = Turn(tmp_path / "here", "worker"), Turn(tmp_path / "here", "worker")
    assert (one.take(), one.take(), other.take()) == (True, True, False)
    assert Turn(tmp_path / "here", "another").take()
    one.give_back()
    one.give_back()
    assert (other.take(), one.take()) == (True, False)


@pytest.mark.usefixtures("parent")
def test_where_nothing_can_be_written_everybody_has_a_turn(tmp_path: Path) -> None:
    (tmp_path / "taken").write_bytes(b"")
    assert all(Turn(tmp_path / "taken", "worker").take() for _ in range(2))


def test_a_process_without_siblings_always_has_the_turn_and_ends_by_itself(tmp_path: Path) -> None:
    end_with_parent()
    one, other = Turn(tmp_path, "worker"), Turn(tmp_path, "worker")
    assert (one.take(), other.take()) == (True, True)
    one.give_back()
    assert list(tmp_path.iterdir()) == []


def test_a_child_ends_when_its_parent_was_killed() -> None:
    root = str(Path(__file__).parents[2])
    with subprocess.Popen([sys.executable, "-c", FAMILY, root], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert int(parent.stdout.readline()) != parent.pid
        os.kill(parent.pid, signal.SIGKILL)
        assert parent.stdout.read() == b"", "the end of the child closes it"
