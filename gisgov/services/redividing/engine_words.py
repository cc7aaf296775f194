"""What the engine says of numbers, said of codes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import numpy as np

from gisgov.services.redividing.problems import Problem


def in_codes(problem: Problem, text: str) -> str:
    """Return a message of the engine in which parents, blocks, groups and areas bear their codes.

    Parameters
    ----------
    problem : Problem
        What the engine was asked.
    text : str
        Its message, such as ``Blocks 4 and 5 shall be in one area and shall not.``
    """
    for pattern, told in _WORDS:
        for found in reversed(list(pattern.finditer(text))):
            named = told(problem, *map(int, found.groups()))
            text = text[: found.start()] + named + text[found.end() :]
    return text


def _parent(problem: Problem, number: int) -> str:
    return str(problem.parents.codes[number] or "The ground")


def _block(problem: Problem, number: int) -> str:
    return str(problem.territory.blocks.codes[problem.chosen[number]])


def _pair(problem: Problem, one: int, other: int) -> str:
    return f"Blocks {_block(problem, one)} and {_block(problem, other)}"


def _group(problem: Problem, number: int) -> str:
    """Call a group by its first block."""
    together = problem.constraints.together[problem.chosen]
    return f"the group of block {_block(problem, int(np.flatnonzero(together == number)[0]))}"


def _area(problem: Problem, number: int) -> str:
    former, present = problem.territory.former, problem.present
    if former is None or present is None:
        return str(number)
    return f"area {former.areas.codes[present.area[number]]}"


_WORDS: Final[tuple[tuple[re.Pattern[str], Callable[..., str]], ...]] = (
    (re.compile(r"\bParent (\d+)\b"), _parent),
    (re.compile(r"\bBlocks (\d+) and (\d+)\b"), _pair),
    (re.compile(r"\bgroup (\d+)\b"), _group),
    (re.compile(r"\bpresent area (\d+)\b"), _area),
)
