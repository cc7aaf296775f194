"""How often somebody may ask."""

from __future__ import annotations

import pytest

from api import rates
from api.rates import MovingWindow, Rates
from gisgov.config import Settings
from gisgov.errors import TooManyRequests


def test_the_window_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(rates.time, "monotonic", lambda: now[0])
    window = MovingWindow(3)
    told = []
    for moment in (0, 10, 20, 30, 59.5, 60, 60.5, 70, 71):
        now[0] = 1000.0 + moment
        told.append(window.count("a"))
    # what is refused is not counted; what was asked at 0 is over at 60
    assert told == [0, 0, 0, 30, 0.5, 0, 9.5, 0, 9]
    assert window.count("b") == 0, "of each their own"


def test_those_who_come_no_more_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(rates.time, "monotonic", lambda: now[0])
    window = MovingWindow(3)
    for number in range(100):
        window.count(f"address {number}")
    now[0] += 30
    window.count("address 7")
    now[0] += 31
    window.count("new")
    assert sorted(window._moments) == ["address 7", "new"]


@pytest.mark.parametrize(("workers", "allowed"), [(1, 30), (4, 7), (64, 1)])
def test_processes_together_allow_no_more_sign_ins_than_the_setting(workers: int, allowed: int) -> None:
    counted = Rates(Settings(workers=workers, sign_ins_per_minute=30))
    for _ in range(allowed):
        counted.count_sign_in("198.51.100.7")
    with pytest.raises(TooManyRequests):
        counted.count_sign_in("198.51.100.7")
