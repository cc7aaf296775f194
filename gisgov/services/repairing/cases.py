"""What is to be repaired: a coverage with codes unlike each other, and the digests that tell it again."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from gisgov.errors import ConflictError, InputError
from gisgov.geometry.repair import Repair
from gisgov.services.examining import AskedCoverage, Examination
from gisgov.services.misplaced_rows import Misplaced
from gisgov.services.tolerances import DRAWN, ToleranceChoice, told
from gisgov.types import Geometries, Ints

_NONE = "none"
_DIGITS = 16

_DIFFERENT = {
    "areas": "its areas are not those that the defects were found in",
    "codes": "the areas are called by other codes",
    "scope": "the scope is another",
    "parents": "the parents are others",
    "system": "the coordinates are taken to be in another system",
    "must_cover": "one of the two was said to be an --overlay",
}


@dataclass(frozen=True, slots=True, eq=False)
class RepairCase:
    """A coverage to repair.

    Attributes
    ----------
    asked : AskedCoverage
        Its areas, called by codes that are unlike each other, and what they are judged by.
    """

    asked: AskedCoverage

    @property
    def question(self) -> Examination:
        """The areas and what they are judged by."""
        return self.asked.question

    @property
    def codes(self) -> Sequence[str]:
        """What the areas are called."""
        return self.question.labels

    @property
    def subject(self) -> str:
        """Name of the file or the plan."""
        return self.asked.subject

    def made_for(self) -> dict[str, str]:
        """Return what proposals for this coverage say of it: digests, and the tolerances."""
        asked = self.question
        parents = _NONE
        if asked.parents is not None and asked.parent_of is not None:
            parents = _digest(asked.parents, [str(i) for i in asked.parent_of.tolist()])
        return {
            "areas": _digest(asked.areas),
            "codes": _digest(np.zeros(0, dtype=object), asked.labels),
            "scope": _NONE if asked.scope is None else _digest(np.array([asked.scope], dtype=object)),
            "parents": parents,
            "system": asked.system.name if len(asked.system.name) < _DIGITS else _short(asked.system.name),
            "must_cover": "yes" if asked.must_cover else "no",
            **{name: repr(value) for name, value in told(asked.tolerances).items()},
        }

    def refuse_others(self, made_for: Mapping[str, str], name: str) -> None:
        """Refuse proposals that were made for another coverage.

        Parameters
        ----------
        made_for : mapping of str to str
            What they say.
        name : str
            Name of their file.

        Raises
        ------
        ConflictError
            They were made for other content; the message says in which way.
        """
        now = self.made_for()
        reasons = [
            f"{words} ({made_for.get(part, 'not said')} then, {now[part]} now)"
            for part, words in _DIFFERENT.items()
            if made_for.get(part) != now[part]
        ]
        if reasons:
            raise ConflictError(
                f"{name} does not fit {self.subject}: {'; '.join(reasons)}.",
                hint="Propose anew, or give the same file and options as for the proposals.",
                field="proposals",
            )

    def after(self, repair: Repair) -> AskedCoverage:
        """Return the question put to the areas after a repair: those that are gone are left out."""
        areas, asked = repair.areas, self.question
        gone = dropped_of(repair)
        kept = np.setdiff1d(np.arange(len(areas)), gone)
        misplaced = asked.misplaced
        if misplaced is not None:
            stays = ~np.isin(misplaced.index, gone)
            misplaced = Misplaced(
                np.searchsorted(kept, misplaced.index[stays]),
                misplaced.reason[stays],
                misplaced.x[stays],
                misplaced.y[stays],
            )
        question = replace(
            asked,
            areas=areas[kept],
            labels=[asked.labels[i] for i in kept.tolist()],
            scope=repair.scope,
            parent_of=None if asked.parent_of is None else asked.parent_of[kept],
            misplaced=misplaced,
        )
        return replace(self.asked, question=question)


def dropped_of(repair: Repair) -> Ints:
    """Return the numbers of the areas that a repair dropped."""
    return repair.changed[shapely.is_missing(repair.areas[repair.changed])]


def unlike_codes(labels: Sequence[str], rows: Sequence[int]) -> list[str]:
    """Return labels unlike each other: those that are repeated name their row.

    Examples
    --------
    >>> unlike_codes(["A", "B", "A"], [1, 2, 3])
    ['A (row 1)', 'B', 'A (row 3)']
    """
    times = Counter(labels)
    return [
        f"{label} (row {row})" if times[label] > 1 else label for label, row in zip(labels, rows, strict=True)
    ]


def choice_of(made_for: Mapping[str, str], name: str) -> ToleranceChoice:
    """Return the tolerances that proposals were made with.

    Raises
    ------
    InputError
        They are missing or no numbers; ``name`` is of the file with the proposals.
    """
    try:
        return ToleranceChoice(**{one: float(made_for[one]) for one in told(DRAWN)})
    except (KeyError, ValueError):
        raise InputError(
            f"{name} does not say which tolerances its proposals were made with.",
            hint="Leave the column made_for as it is, or propose anew.",
            field="made_for",
        ) from None


def _digest(geometries: Geometries, words: Sequence[str] = ()) -> str:
    """Return a digest of shapes and words, to the last bit of each coordinate."""
    digest = hashlib.sha256()
    for wkb in shapely.to_wkb(geometries):
        part = b"" if wkb is None else bytes(wkb)
        digest.update(len(part).to_bytes(8, "little") + part)
    for word in words:
        digest.update(word.encode() + b"\n")
    return digest.hexdigest()[:_DIGITS]


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]
