"""The machine of the loop read from a document, and held together: nothing in it hangs loose."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import TypeVar

import yaml

from gisgov.governance.access import rights_table
from gisgov.governance.events import EventState
from gisgov.governance.fields import Fields, listed
from gisgov.governance.loop.machine import Machine, Need, Stage, Transition

Word = TypeVar("Word", bound=StrEnum)

ALL = "all"
"""Instead of the names of stages: every stage."""

_TOUCHES = ("starts", "ends", "voids", "pauses", "resumes")


def parse_loop(document: object, name: str = "loop") -> Machine:
    """Read the machine.

    Parameters
    ----------
    document : object
        What YAML gives: ``stages`` and ``actions``; the shipped ``loop.yaml`` shows every key.
    name : str
        What to call it in messages.

    Raises
    ------
    ProfileError
        It does not hold together: a word is unknown, a state cannot be reached or left by nobody, or more
        than one action begins an event. The message names the path.
    """
    fields = Fields(document, name)
    listed_stages = fields.inner("stages")
    stages = {one: _stage(one, listed_stages.inner(one)) for one in listed_stages.names()}
    actions = fields.inner("actions")
    transitions = {one: _transition(one, actions.inner(one), stages) for one in actions.names()}
    fields.done()
    begins = [one.action for one in transitions.values() if not one.sources]
    if len(begins) != 1:
        fields.refuse("actions", f"must have one action without `from`, which begins an event, not {begins}")
    reached = _reached(transitions)
    for state in EventState:
        if state not in reached:
            fields.refuse("actions", f"lead to {state.value!r} from nowhere")
    return Machine(transitions, stages)


@cache
def loop_machine() -> Machine:
    """Return the machine that this gisgov works by."""
    text = (files("gisgov.governance.loop") / "loop.yaml").read_text(encoding="utf-8")
    return parse_loop(yaml.safe_load(text), "loop.yaml")


def _stage(name: str, fields: Fields) -> Stage:
    stage = Stage(name, fields.text("title_zh"), fields.text("title_en"))
    fields.done()
    return stage


def _transition(action: str, fields: Fields, stages: Mapping[str, Stage]) -> Transition:
    right = fields.optional_text("right")
    if right is not None and right not in rights_table().rights:
        fields.refuse("right", f"is {right!r}, which is no right")
    target = fields.choice("to", EventState) if fields.has("to") else None
    back = fields.flag("back", default=False)
    if back and target is None:
        fields.refuse("back", "needs `to`, for events whose history does not tell")
    touched = {key: _stages(fields, key, stages) for key in _TOUCHES}
    made = Transition(
        action,
        fields.text("title_zh"),
        fields.text("title_en"),
        frozenset(_words(fields, "from", EventState)),
        target,
        right,
        _words(fields, "needs", Need),
        **touched,
        routes=fields.flag("routes", default=False),
        to_triage=fields.flag("to-triage", default=False),
        back=back,
    )
    if Need.DESK in made.needs and not made.routes:
        fields.refuse("needs", "names a desk, but the action moves nothing: `routes` is missing")
    if not made.sources and target is None:
        fields.refuse("to", "is missing, but the action begins an event")
    fields.done()
    return made


def _words(fields: Fields, key: str, words: type[Word]) -> tuple[Word, ...]:
    found = fields.texts(key)
    for one in found:
        if one not in set(words):
            fields.refuse(key, f"names {one!r}; allowed are {listed([word.value for word in words])}")
    return tuple(words(one) for one in found)


def _stages(fields: Fields, key: str, stages: Mapping[str, Stage]) -> tuple[str, ...]:
    found = fields.texts(key)
    if found == (ALL,):
        return found
    for one in found:
        if one not in stages:
            fields.refuse(key, f"names {one!r}; the stages are {listed(list(stages))}")
    return found


def _reached(transitions: Mapping[str, Transition]) -> set[EventState]:
    """Return the states that something leads to, beginning with a new event."""
    reached: set[EventState] = set()
    grown = True
    while grown:
        more = {
            one.target
            for one in transitions.values()
            if one.target is not None and (not one.sources or one.sources & reached)
        }
        grown = not more <= reached
        reached |= more
    return reached
