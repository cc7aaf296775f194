from __future__ import annotations

import pytest

from gisgov.demo.stopwatch import Stopwatch


def test_steps_are_told_and_kept_in_order():
    lines: list[str] = []
    watch = Stopwatch(2, lines.append)
    with watch.step("sow"):
        assert lines == [" 1/2 sow …"]
    with watch.step("reap"):
        pass
    assert [step.step for step in watch.steps] == ["sow", "reap"]
    assert lines[1].startswith(" 1/2 sow: ")
    assert lines[2] == " 2/2 reap …"
    assert watch.seconds >= sum(step.seconds for step in watch.steps) - 0.01


def test_a_step_that_failed_is_not_one_that_ended():
    watch = Stopwatch(1, lambda _: None)
    with pytest.raises(ValueError, match="drought"), watch.step("sow"):
        raise ValueError("drought")
    assert watch.steps == ()
