from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from gisgov.embedded.postmaster import Postmaster, is_postmaster_of, processes_in, read_postmaster

_LINES = ["4711", "/data", "1763762000", "54320", "/sockets", "127.0.0.1", "  5432001    32768", "ready   "]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path


def _write(data: Path, lines: list[str]) -> None:
    (data / "postmaster.pid").write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_a_server_that_takes_connections(data: Path) -> None:
    _write(data, _LINES)

    found = read_postmaster(data)

    assert found == Postmaster(4711, 54320, "/sockets", "127.0.0.1", ready=True)
    assert found.socket == "/sockets/.s.PGSQL.54320"


@pytest.mark.parametrize("lines", [_LINES[:7], [*_LINES[:7], "starting"]])
def test_a_server_that_is_starting(data: Path, lines: list[str]) -> None:
    _write(data, lines)

    found = read_postmaster(data)

    assert found is not None
    assert not found.ready


@pytest.mark.parametrize(
    "lines", [[], ["4711"], ["4711", "/data", "1763762000", "5"], ["what?", *_LINES[1:]]]
)
def test_a_file_that_is_not_written_to_its_end(data: Path, lines: list[str]) -> None:
    _write(data, lines)

    assert read_postmaster(data) is None


def test_no_file(data: Path) -> None:
    assert read_postmaster(data) is None


def test_nobody_answers_on_a_socket_that_is_not_there() -> None:
    assert not Postmaster(4711, 54320, "/nowhere", "", ready=True).answers()


def test_a_process_is_known_by_its_folder(data: Path) -> None:
    with subprocess.Popen(["sleep", "60"], cwd=data) as process:
        try:
            assert is_postmaster_of(process.pid, data)
            assert not is_postmaster_of(process.pid, Path("/"))
            assert not is_postmaster_of(os.getpid(), data)
            assert process.pid in processes_in(data)
        finally:
            process.kill()
    assert not is_postmaster_of(process.pid, data)
    assert processes_in(data) == ()


def test_where_there_is_no_proc_the_command_line_is_asked(data: Path) -> None:
    nowhere = Path("/nowhere")
    command = ["sh", "-c", "read end", "postgres", "-D", str(data)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        try:
            assert is_postmaster_of(process.pid, data, nowhere)
            assert not is_postmaster_of(process.pid, Path("/other"), nowhere)
        finally:
            process.kill()
    assert not is_postmaster_of(process.pid, data, nowhere)
    assert processes_in(data, nowhere) == ()
