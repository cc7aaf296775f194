"""The values of rows of events and buildings: read, judged, and an id for rows that have none."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely

from gisgov.governance.events import EventLevel, EventSource, EventState
from gisgov.services.importing.row_problems import ProblemKind, RowProblem
from gisgov.types import Geometries, Ints, Json, Texts

_LONGEST_ID = 200


@dataclass(slots=True)
class RowFaults:
    """Problems of rows as they are found."""

    rows: Ints
    ids: Texts
    found: list[RowProblem] = field(default_factory=list)

    def add(self, at: int, kind: ProblemKind, message: str) -> None:
        """Note a problem of the row at a position."""
        self.found.append(RowProblem(int(self.rows[at]), self.ids[at], str(kind), message))

    def bad_rows(self) -> set[int]:
        """Return the numbers of the rows that have problems."""
        return {problem.row for problem in self.found}


def read_words(texts: Texts, field_name: str, read: Callable[[str], str | None], faults: RowFaults) -> Texts:
    """Read a column of words of a closed list; a word that is not of it is a problem of its row."""
    words = np.full(len(texts), None, dtype=object)
    for i, text in enumerate(texts):
        if text is None:
            continue
        word = read(text)
        if word is None:
            faults.add(i, ProblemKind.BAD_VALUE, f"has {text!r} in {field_name!r}, which means nothing there")
        else:
            words[i] = str(word)
    return words


def read_counts(texts: Texts, field_name: str, faults: RowFaults, *, least: int = 0) -> Texts:
    """Read a column of whole numbers; what is none is a problem of its row."""
    counts = np.full(len(texts), None, dtype=object)
    for i, text in enumerate(texts):
        if text is None:
            continue
        digits = text.removesuffix(".0")
        if digits.isascii() and digits.isdigit() and least <= int(digits) < 2**31:
            counts[i] = int(digits)
        else:
            faults.add(i, ProblemKind.BAD_NUMBER, f"has {text!r} in {field_name!r}, which is no count")
    return counts


def read_level(text: str) -> str | None:
    """Return the stored word of an event's level."""
    level = EventLevel.read(text)
    return None if level is None else level.value


def read_state(text: str) -> str | None:
    """Return the stored word of an event's state."""
    state = EventState.read(text)
    return None if state is None else state.value


def source_word(text: str) -> str:
    """Return the stored word of a source: one of `EventSource` where it means one, else the text itself."""
    source = EventSource.read(text)
    return text.strip() if source is None else source.value


def ids_of_content(documents: Sequence[Json], geometries: Geometries) -> Texts:
    """Make ids of what rows say, so that the same row has the same id in every import.

    Rows that say the same are numbered in their order.
    """
    ids = np.empty(len(documents), dtype=object)
    times: Counter[str] = Counter()
    for i, (document, wkb) in enumerate(zip(documents, shapely.to_wkb(geometries), strict=True)):
        said = json.dumps(document, ensure_ascii=False, sort_keys=True, default=str).encode() + (wkb or b"")
        digest = hashlib.sha256(said).hexdigest()[:16]
        times[digest] += 1
        ids[i] = digest if times[digest] == 1 else f"{digest}-{times[digest]}"
    return ids


def judge_ids(ids: Texts, sources: Texts, faults: RowFaults, field_name: str) -> None:
    """Note rows without an id, and those whose id another row of the same source has."""
    places: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i, (key, source) in enumerate(zip(ids, sources, strict=True)):
        if key is None:
            faults.add(i, ProblemKind.MISSING_ID, f"has no id in {field_name!r}")
        elif len(key) > _LONGEST_ID or not key.isprintable():
            faults.add(i, ProblemKind.BAD_VALUE, f"has an id that is no id: {key[:40]!r}")
        else:
            places[source, key].append(i)
    for (_, key), same in places.items():
        if len(same) > 1:
            for i in same:
                others = ", ".join(str(faults.rows[j]) for j in same if j != i)
                faults.add(i, ProblemKind.DUPLICATE_ID, f"shares its id {key!r} with row {others}")
