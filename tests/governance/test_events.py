"""Words of events."""

from __future__ import annotations

import pytest

from gisgov.governance.events import EventLevel, EventSource, EventState, OrphanReason


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("1", EventLevel.FIRST),
        ("一级", EventLevel.FIRST),
        ("一", EventLevel.FIRST),
        ("1级", EventLevel.FIRST),
        ("Ⅱ级", EventLevel.SECOND),
        ("II", EventLevel.SECOND),
        (" level 3 ", EventLevel.THIRD),
        ("iii", EventLevel.THIRD),
    ],
)
def test_levels_as_people_write_them(text: str, level: EventLevel) -> None:
    assert EventLevel.read(text) is level


@pytest.mark.parametrize("text", ["", "四级", "4", "urgent"])
def test_other_texts_are_no_level(text: str) -> None:
    assert EventLevel.read(text) is None


def test_states_in_which_nothing_is_left_to_do() -> None:
    closed = {state.value for state in EventState if not state.is_open}
    assert closed == {"closed", "revisited", "rejected", "merged"}


def test_sources_and_reasons() -> None:
    assert EventSource.read("12345 热线") is EventSource.HOTLINE
    assert {reason.value for reason in OrphanReason} == {"no-coordinate", "bad-coordinate", "outside"}
