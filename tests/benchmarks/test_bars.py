from __future__ import annotations

from benchmarks import run
from benchmarks.bars import Bar, Goal, show, timed, timed_in_turns
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


def test_works_take_turns():
    order: list[str] = []
    first, second = timed_in_turns(lambda: order.append("a"), lambda: order.append("b") or 2, runs=2)
    assert order == ["a", "b", "a", "b"]
    assert (first[1], second[1]) == (None, 2)
    assert min(first[0], second[0]) >= 0


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


def test_a_bar_may_have_a_limit_besides(capsys):
    show(Bar("edit", 0.0012, "certify", 0.12, need=1, limit_s=0.005))
    show(Bar("edit", 0.0062, "certify", 0.12, need=1, limit_s=0.005))
    assert capsys.readouterr().out.splitlines() == [
        "bar edit ours=0.00120s peer=certify:0.120s ratio=100.00 need=1 limit=0.00500s ok",
        "bar edit ours=0.00620s peer=certify:0.120s ratio=19.35 need=1 limit=0.00500s short",
    ]


def test_a_part_of_our_work_may_be_the_peer():
    assert str(Bar("rows", 1.4, "fetch", 1.0, need=1 / 1.5)).endswith("ratio=0.71 need=0.6667 ok")
    assert str(Bar("rows", 1.6, "fetch", 1.0, need=1 / 1.5)).endswith("ratio=0.62 need=0.6667 short")


def test_a_script_that_fails_is_told_and_its_lines_are_shown(tmp_path, monkeypatch, capfd):
    (tmp_path / "benchmarks").mkdir()
    folder = tmp_path / "benchmarks"
    (folder / "tiles.py").write_text(
        "print('noise')\nprint('bar a ok')\nprint('bar b short')\nprint('note c')"
    )
    (folder / "events.py").write_text("print('bar d ok')\nraise SystemExit(3)")
    monkeypatch.setattr(run, "_FOLDER", folder)
    monkeypatch.setattr(run, "scripts", lambda only: scripts(only, folder))
    monkeypatch.delenv("ONLY", raising=False)
    assert main() == 1
    told = capfd.readouterr()
    assert told.out.splitlines() == ["bar a ok", "bar b short", "note c", "bar d ok"]
    assert told.err.splitlines()[-1] == "3 bars, 1 short; failed: events"


def test_a_goal_says_what_was_reached_and_needed(capsys):
    show(Goal("cut", 208.9, "<=", 204.0, "metis=212.2 unit=km"))
    show(Goal("within10", 1.0, ">=", 0.999))
    show(Goal("memory", float("nan"), "<=", 300.0))
    assert capsys.readouterr().out.splitlines() == [
        "bar cut reached=208.9 need<=204 metis=212.2 unit=km short",
        "bar within10 reached=1 need>=0.999 ok",
        "bar memory reached=nan need<=300 short",
    ]
