from __future__ import annotations

import io

import pytest

from gisgov.cli import progress as module
from gisgov.cli.progress import notice, progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds that the clock will say, one after the other; the last one for ever."""
    seconds = [0.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: seconds.pop(0) if len(seconds) > 1 else seconds[0])
    return seconds


def test_short_steps_say_nothing_outside_a_terminal(clock: list[float]) -> None:
    out = io.StringIO()

    assert list(progress(out)(range(3), label="reading")) == [0, 1, 2]
    assert out.getvalue() == ""


def test_a_long_step_says_that_it_runs_and_that_it_is_done(clock: list[float]) -> None:
    clock[:] = [0.0, 1.0, 2.5, 7.0]
    out = io.StringIO()

    list(progress(out)(range(3), label="reading"))

    assert out.getvalue() == "reading: 2 of 3 …\nreading: 3 in 7.0 s\n"


def test_a_step_of_unknown_length(clock: list[float]) -> None:
    clock[:] = [0.0, 3.0]
    out = io.StringIO()

    list(progress(out)(iter("ab"), label="reading"))

    assert out.getvalue() == "reading: 1 …\nreading: 2 in 3.0 s\n"


def test_a_step_that_only_ends_late(clock: list[float]) -> None:
    clock[:] = [0.0, 1.0, 4.0]
    out = io.StringIO()

    list(progress(out)([1], label="packing", total=1))

    assert out.getvalue() == "packing: 1 in 4.0 s\n"


def test_a_terminal_gets_a_bar() -> None:
    out = Terminal()
    show = progress(out)

    assert [(a, b) for a in show([1, 2], label="outer") for b in show([3], label="inner", total=1)] == [
        (1, 3),
        (2, 3),
    ]

    assert "outer" in out.getvalue()
    assert "inner" in out.getvalue()


def test_a_bar_goes_away_when_the_step_is_left() -> None:
    out = Terminal()
    show = progress(out)

    for _ in show([0, 1], label="left"):
        break

    assert list(show([1], label="again")) == [1]


def test_progress_goes_to_stderr(capsys: pytest.CaptureFixture[str], clock: list[float]) -> None:
    clock[:] = [0.0, 3.0]

    list(progress()([1], label="reading"))
    notice("making the database")

    said = capsys.readouterr()
    assert said.out == ""
    assert "reading" in said.err
    assert said.err.endswith("making the database\n")
