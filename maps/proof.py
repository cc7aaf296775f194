"""What a map says of the check behind it: proved or not, by which figure, with which tolerances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from gisgov.governance.defects import DefectTitle
from gisgov.types import Texts
from maps.document import Verdict
from maps.words import WORDS, Words

NOTICES = frozenset({DefectTitle.VERTEX_MISMATCH.value})
"""Kinds by which no ground is at fault."""


class Check(Protocol):
    """What a check says of itself, such as a `gisgov.services.checking.CheckReport` does."""

    @property
    def certified(self) -> bool:
        """Whether every edge cancels: the areas cover the scope exactly once."""

    @property
    def certificate(self) -> str | None:
        """Figure of the proof; None where there was no scope to prove it against."""

    @property
    def tolerances(self) -> Mapping[str, float]:
        """By name, such as ``sliver_width_m``."""

    @property
    def below(self) -> Mapping[str, int]:
        """By tolerance, how much was below it and only counted."""

    @property
    def subject(self) -> str:
        """Plan or file that was checked; said where a map rests on several checks."""


@dataclass(frozen=True, slots=True)
class CheckFacts:
    """A `Check` put together by hand, such as that of areas after a repair.

    Attributes
    ----------
    certified : bool
        Whether every edge cancels: the areas cover the scope exactly once.
    certificate : str or None
        Figure of the proof; None where there was no scope to prove it against.
    tolerances : mapping of str to float
        By name, such as ``sliver_width_m``.
    below : mapping of str to int
        By tolerance, how much was below it and only counted.
    subject : str
        Plan or file that was checked; said where a map rests on several checks.
    """

    certified: bool
    certificate: str | None = None
    tolerances: Mapping[str, float] = field(default_factory=dict)
    below: Mapping[str, int] = field(default_factory=dict)
    subject: str = ""


def verdict(checks: Sequence[Check], kinds: Texts | None, words: Words) -> Verdict | None:
    """Say what the checks came to.

    Parameters
    ----------
    checks : sequence of Check
        The checks that the map rests on; None is said without any.
    kinds : (n,) array of str, or None
        Kinds of the defects that they found; None where the map shows those of before a repair.
    words : Words
        The page's language.

    Examples
    --------
    >>> import numpy as np
    >>> found = np.array(["gap"], dtype=object)
    >>> verdict([CheckFacts(certified=False)], found, Words("en")).text
    'Not proved. Faults: 1.'
    """
    if not checks:
        return None
    is_proved = all(check.certified for check in checks)
    figures = [
        f"{check.subject}{words.gap}{line}" if len(checks) > 1 and check.subject else line
        for check in checks
        if check.certificate is not None
        for line in (words("proof-figure", figure=check.certificate),)
    ]
    if kinds is None:
        text = words("repaired" if is_proved else "not-repaired")
    else:
        text = _sentence(checks, sum(kind not in NOTICES for kind in kinds), len(kinds), words)
    return Verdict(text, is_proved, tuple(figures))


def _sentence(checks: Sequence[Check], faults: int, found: int, words: Words) -> str:
    if all(check.certified for check in checks):
        rest = words("proved-but", count=f"{faults:,}") if faults else ""
        return " ".join(filter(None, (words("proved"), rest)))
    if faults:
        return words("unproved-faults", count=f"{faults:,}")
    if any(check.certificate is None for check in checks):
        return words("unproved-scope")
    return words("unproved-notices" if found else "unproved-below")


def check_notes(checks: Sequence[Check], words: Words) -> list[str]:
    """Return the remarks on tolerances and on what was below them, one each; none without checks."""
    if not checks:
        return []
    tolerances: dict[str, float] = {}
    below: dict[str, int] = {}
    for check in checks:
        tolerances |= check.tolerances
        for name, count in check.below.items():
            below[name] = below.get(name, 0) + count
    between = words("between-values")
    notes = []
    if tolerances:
        told = between.join(_tolerance(name, value, words) for name, value in tolerances.items())
        notes.append(words("tolerances-note", what=told))
    counted = [
        f"{_tolerance(name, tolerances.get(name), words)}: {count:,}"
        for name, count in below.items()
        if count
    ]
    told = between.join(counted)
    notes.append(words("below-note", what=told) if counted else words("nothing-below-note"))
    return notes


def _tolerance(name: str, value: float | None, words: Words) -> str:
    if value is None or name not in WORDS:
        return name if value is None else f"{name} {value:g}"
    return words(name, value=f"{value:g}")
