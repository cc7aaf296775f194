from __future__ import annotations

from benchmarks.bars import Bar, show, timed
from benchmarks.run import SUBJECTS, main, scripts


def test_a_bar_says_who_was_faster_and_whether_it_is_enough(capsys):
    show(Bar("coverage", 0.5, "shapely", 2.0, need=4))
    show(Bar("coverage", 0.5, "shapely", 2.0, need=15))
    assert capsys.readouterr().out.splitlines() == [
        "bar coverage ours=0.500s peer=shapely:2.000s ratio=4.00 need=4 ok",
        "bar coverage ours=0.500s peer=shapely:2.000s ratio=4.00 need=15 short",
    ]


def test_work_is_done_as_often_as_asked():
    calls: list[int] = []
    seconds, last = timed(lambda: calls.append(1) or len(calls), runs=4)
    assert last == len(calls) == 4
    assert seconds >= 0


def test_scripts_are_found_by_subject(tmp_path):
    for name in ("resolve.py", "risk_map.py", "jagged.py", "coverage.py"):
        (tmp_path / name).touch()
    assert scripts(None, tmp_path) == ["coverage", "resolve", "risk_map"]
    assert scripts("risk", tmp_path) == ["risk_map"]
    assert scripts("tiles", tmp_path) == []


def test_a_subject_that_does_not_exist_is_refused(monkeypatch, capsys):
    monkeypatch.setenv("ONLY", "speed")
    assert main() == 2
    message = capsys.readouterr().err
    assert all(subject in message for subject in SUBJECTS)
