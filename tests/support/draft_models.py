"""A simple model of a draft: the area of each block and the locked areas, revision by revision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

Moves = Mapping[int, tuple[bool, str | None]]


@dataclass(frozen=True)
class State:
    """Where blocks are, and which areas are locked."""

    places: Mapping[int, str | None]
    locked: frozenset[str] = frozenset()

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(code for code in self.places.values() if code is not None)

    def blocks_of(self, codes: list[str]) -> list[int]:
        return [block for block, code in self.places.items() if code in codes]

    def moved(self, blocks: list[int], code: str | None) -> State:
        after = replace(self, places={**self.places, **dict.fromkeys(blocks, code)})
        return replace(after, locked=after.locked & after.codes)

    def touches_locked(self, blocks: list[int], code: str | None) -> bool:
        moving = [block for block in blocks if self.places[block] != code]
        touched = {self.places[block] for block in moving} | ({code} if moving else set())
        return bool(touched & self.locked)


@dataclass
class Model:
    """What a draft has to be after the operations of its log."""

    states: list[State]
    ids: Mapping[str, int]
    done: list[int] = field(default_factory=list)
    undone: list[int] = field(default_factory=list)

    def add(self, parameters: Mapping[str, Any], moves: Moves) -> None:
        """Do the operation of the next revision; a cut is taken from the log as it was."""
        now, kind = self.states[-1], parameters["kind"]
        if kind == "undo":
            self.undone.append(self.done.pop())  # the revision that made first what is taken back
            self.states.append(self.states[self.undone[-1] - 1])
        elif kind == "redo":
            again = self.undone.pop()
            self.states.append(self.states[again])
            self.done.append(again)
        else:
            self.states.append(self._after(now, kind, parameters, moves))
            self.done.append(len(self.states) - 1)
            self.undone.clear()

    def _after(self, now: State, kind: str, parameters: Mapping[str, Any], moves: Moves) -> State:
        if kind == "restore":
            return self.states[parameters["revision"]]
        if kind in ("assign", "new-area"):
            blocks = [self.ids[code] for code in parameters["blocks"]]
            return now.moved(blocks, parameters.get("area") if kind == "assign" else parameters["code"])
        if kind == "merge":
            return now.moved(now.blocks_of(parameters["areas"]), parameters["into"])
        if kind == "lock":
            return replace(now, locked=now.locked | set(parameters["areas"]))
        if kind == "unlock":
            return replace(now, locked=now.locked - set(parameters["areas"]))
        assert kind == "split", kind
        places = {block: code for block, code in now.places.items() if block not in moves or moves[block][0]}
        places.update({block: code for block, (is_in, code) in moves.items() if is_in})
        return State(places, now.locked)
