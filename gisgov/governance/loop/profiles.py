"""Names that practices have for the parts of the loop, over the one machine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from gisgov.governance.events import EventState
from gisgov.governance.fields import Fields, listed
from gisgov.governance.loop.documents import loop_machine
from gisgov.governance.loop.machine import Machine


@dataclass(frozen=True, slots=True)
class PracticeStage:
    """A part of the loop as a practice names it.

    Attributes
    ----------
    title_zh, title_en : str
        Its name.
    states : tuple of EventState
        Events that stand there.
    actions : tuple of str
        Steps that belong there.
    """

    title_zh: str
    title_en: str
    states: tuple[EventState, ...]
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Practice:
    """The names that one practice has for the loop.

    Attributes
    ----------
    name : str
        What it is called here.
    title_zh, title_en : str
        What people call it.
    stages : tuple of PracticeStage
        In their order.
    """

    name: str
    title_zh: str
    title_en: str
    stages: tuple[PracticeStage, ...]

    def stage_of(self, state: EventState) -> PracticeStage:
        """Return where an event of a state stands.

        Examples
        --------
        >>> five, _ = loop_practices()
        >>> five.stage_of(EventState.HANDLING).title_zh
        '处置'
        """
        return next(one for one in self.stages if state in one.states)


def parse_practices(document: object, machine: Machine, name: str = "profiles") -> tuple[Practice, ...]:
    """Read the names of practices and hold them against the machine.

    Parameters
    ----------
    document : object
        What YAML gives: ``profiles``; the shipped ``profiles.yaml`` shows every key.
    machine : Machine
        The loop.
    name : str
        What to call the document in messages.

    Raises
    ------
    ProfileError
        A practice lacks a state or an action, or has one twice.
    """
    fields = Fields(document, name)
    profiles = fields.inner("profiles")
    found = tuple(_practice(one, profiles.inner(one), machine) for one in profiles.names())
    fields.done()
    return found


@cache
def loop_practices() -> tuple[Practice, ...]:
    """Return the practices whose names this gisgov knows."""
    text = (files("gisgov.governance.loop") / "profiles.yaml").read_text(encoding="utf-8")
    return parse_practices(yaml.safe_load(text), loop_machine(), "profiles.yaml")


def _practice(name: str, fields: Fields, machine: Machine) -> Practice:
    title_zh, title_en = fields.text("title_zh"), fields.text("title_en")
    stages: list[PracticeStage] = []
    states: Counter[str] = Counter()
    actions: Counter[str] = Counter()
    for inner in fields.inners("stages"):
        own, steps = inner.texts("states"), inner.texts("actions")
        _check_known(inner, "states", own, [state.value for state in EventState])
        _check_known(inner, "actions", steps, [*machine.transitions])
        states.update(own)
        actions.update(steps)
        titles = inner.text("title_zh"), inner.text("title_en")
        stages.append(PracticeStage(*titles, tuple(EventState(one) for one in own), steps))
        inner.done()
    fields.done()
    _check_once(fields, states, [state.value for state in EventState])
    _check_once(fields, actions, [*machine.transitions])
    return Practice(name, title_zh, title_en, tuple(stages))


def _check_known(fields: Fields, key: str, words: Iterable[str], known: list[str]) -> None:
    for one in words:
        if one not in known:
            fields.refuse(key, f"names {one!r}; allowed are {listed(known)}")


def _check_once(fields: Fields, counts: Counter[str], words: list[str]) -> None:
    for one in words:
        if counts[one] != 1:
            fields.refuse("stages", f"name {one!r} {counts[one]} times; it belongs into exactly one")
