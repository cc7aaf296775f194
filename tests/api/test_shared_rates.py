"""How often somebody may ask several processes together."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from api import rates, shared_rates
from api.rates import MovingWindow, Rates
from api.shared_rates import SharedWindow
from gisgov.config import Settings
from gisgov.errors import TooManyRequests

_ASK = """
import sys
from pathlib import Path
from api.shared_rates import SharedWindow
window = SharedWindow(500, Path(sys.argv[1]), 2)
print(sum(window.count("account 7") == 0 for _ in range(400)))
"""


@pytest.fixture
def wait(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let so many seconds pass for what counts."""
    now = [1000.0]

    def pass_by(seconds: float) -> None:
        now[0] += seconds

    monkeypatch.setattr(shared_rates.time, "monotonic", lambda: now[0])
    return pass_by


def _asked(window: SharedWindow, whose: str = "a", times: int = 1) -> int:
    return sum(window.count(whose) == 0 for _ in range(times))


def test_processes_together_allow_no_more_than_the_setting(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "asked"
    asking = [
        subprocess.Popen([sys.executable, "-c", _ASK, str(path)], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    allowed = [int(one.communicate()[0]) for one in asking]
    # what one still holds as it ends is lost for a minute: three at most here
    assert 500 - 3 <= sum(allowed) <= 500
    assert min(allowed) >= 97


def test_the_common_window_moves(tmp_path: Path, wait: Callable[[float], None]) -> None:
    here, there = (SharedWindow(3, tmp_path / "asked", 2) for _ in range(2))
    told = []
    for window, seconds in (
        (here, 0),
        (there, 10),
        (here, 20),
        (there, 20),
        (here, 10),
        (there, 1),
        (here, 0),
    ):
        wait(seconds)
        told.append(window.count("a"))
    # what is refused is not counted; what was asked at 0 is over at 61
    assert told == [0, 0, 0, 11, 1, 0, 10]
    assert here.count("b") == 0, "of each their own"
    wait(1000)
    assert (_asked(there, times=4), _asked(here)) == (3, 0)


def test_what_is_taken_and_not_used_is_given_back(tmp_path: Path, wait: Callable[[float], None]) -> None:
    here, there = (SharedWindow(1280, tmp_path / "asked", 2) for _ in range(2))
    assert _asked(here, times=17) == 17  # of 1 + 2 + 4 + 8 + 10 that it took
    assert _asked(there, times=1280) == 1280 - 25
    wait(1)
    assert _asked(here) == 1
    assert _asked(there, times=1280) == 7, "the others that were left"
    here.take_back("a")
    wait(1)
    assert (_asked(here, times=2), _asked(there)) == (1, 0), "it counted for one that was answered elsewhere"
    here.take_back("nobody")


def test_those_who_come_no_more_make_room(
    tmp_path: Path, wait: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_rates, "_ROWS", 8)
    window = SharedWindow(1, tmp_path / "asked", 2)
    for number in range(8):
        assert _asked(window, f"address {number}", times=2) == 1
        wait(1)
    assert _asked(window, "another") == 1, "in the place of the first of them"
    assert [_asked(window, f"address {number}") for number in (7, 1)] == [0, 0]
    wait(100)
    assert _asked(window, "new") == 1
    assert sorted(window._taken) == ["new"]


def test_counting_begins_anew_after_the_machine_did(tmp_path: Path, wait: Callable[[float], None]) -> None:
    assert _asked(SharedWindow(2, tmp_path / "asked", 2), times=3) == 2
    wait(-900)  # its clock did, too
    assert _asked(SharedWindow(2, tmp_path / "asked", 2), times=3) == 2


def test_a_file_that_was_removed_parts_nobody(tmp_path: Path, wait: Callable[[float], None]) -> None:
    here = SharedWindow(2, tmp_path / "asked", 2)
    assert _asked(here) == 1
    (tmp_path / "asked").unlink()
    there = SharedWindow(2, tmp_path / "asked", 2)
    wait(1)
    assert [_asked(window) for window in (there, here, there)] == [1, 1, 0]


def test_one_that_stands_still_holds_up_nobody(tmp_path: Path) -> None:
    window = SharedWindow(2, tmp_path / "asked", 2)
    other = os.open(tmp_path / "asked", os.O_RDWR)
    try:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert _asked(window, times=3) == 2
    finally:
        os.close(other)


def test_without_a_file_each_process_allows_its_share(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reasons: list[str] = []
    teller = SimpleNamespace(warning=lambda _, *, file, reason: reasons.append(f"{file and reason}"))
    monkeypatch.setattr(rates, "_log", teller)
    settings = Settings(workers=4, sign_ins_per_minute=30)
    (tmp_path / "file").touch()
    apart = Rates(settings, tmp_path / "file")
    assert [type(apart.requests), type(apart.sign_ins)] == [MovingWindow, MovingWindow]
    assert {*reasons} == {"File exists"}
    assert apart.sign_ins.most == 7

    together = [Rates(settings, tmp_path / "folder") for _ in range(4)]
    for number in range(30):
        together[number % 4].count_sign_in("198.51.100.7")
    for one in together:
        with pytest.raises(TooManyRequests, match="30"):
            one.count_sign_in("198.51.100.7")
    assert isinstance(Rates(Settings(), tmp_path / "folder").requests, MovingWindow), "one has no siblings"


def test_a_file_that_cannot_be_made_large_enough_is_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_rates, "_BYTES", -1)
    with pytest.raises(OSError, match="Invalid"):
        SharedWindow(2, tmp_path / "asked", 2)
