"""What became of the classes of buildings between two days: each one, by area, and in a legend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from gisgov.governance.thematic import RatingChange
from gisgov.types import Ints
from maps import areas, palette
from maps.buildings import class_title
from maps.counts import CLASSES
from maps.document import Key, Section
from maps.words import Words

ORDER: Final = (
    RatingChange.SAME,
    RatingChange.NONE,
    RatingChange.BETTER,
    RatingChange.NEW,
    RatingChange.WORSE,
)
"""Changes as they are drawn, the last on top."""
_WARNING: Final = CLASSES.index("warning")
_NO_CLASS: Final = len(CLASSES)


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """Classes of buildings before and after, and what became of each.

    Attributes
    ----------
    before, after : (n,) array of int
        Places in `maps.counts.CLASSES`, one past the last for no class.
    kinds : (n,) array of int
        Places in `ORDER`.
    """

    before: Ints
    after: Ints
    kinds: Ints

    @classmethod
    def of(cls, buildings: pd.DataFrame) -> Changes:
        """Compare former_class and risk_class.

        Examples
        --------
        >>> frame = pd.DataFrame({"former_class": ["safe", "warning", None, "safe", "safe"]})
        >>> frame["risk_class"] = ["warning", "general", "safe", "safe", "unclassified"]
        >>> [ORDER[kind].value for kind in Changes.of(frame).kinds]
        ['worse', 'better', 'new', 'same', 'none']
        """
        before, after = (
            areas.codes_of(areas.texts(buildings, name), CLASSES) for name in ("former_class", "risk_class")
        )
        kinds = np.select(
            [after < 0, before < 0, after > before, after < before],
            [
                ORDER.index(kind)
                for kind in (RatingChange.NONE, RatingChange.NEW, RatingChange.WORSE, RatingChange.BETTER)
            ],
            ORDER.index(RatingChange.SAME),
        ).astype(np.int64)
        return cls(np.where(before < 0, _NO_CLASS, before), np.where(after < 0, _NO_CLASS, after), kinds)

    def count(self, kind: RatingChange) -> int:
        """Return how many buildings became so."""
        return int((self.kinds == ORDER.index(kind)).sum())

    @property
    def became_warning(self) -> Ints:
        """Places of the buildings that are warning ones now and were not."""
        return np.flatnonzero((self.after == _WARNING) & (self.before != _WARNING)).astype(np.int64)


def changes_by_grid(buildings: pd.DataFrame, grids: pd.DataFrame, changes: Changes) -> pd.DataFrame:
    """Count the changes of each area.

    Returns
    -------
    DataFrame
        Parallel to ``grids``: buildings; worse, better, new, same, none (counts, which add up to them);
        warning_before and warning_after; balance: worse less better, NaN without a building.
    """
    owners = areas.codes_of(areas.texts(buildings, "grid_code"), areas.texts(grids, "code").tolist())
    is_owned = owners >= 0
    table = np.zeros((len(grids), len(ORDER)), dtype=np.int64)
    np.add.at(table, (owners[is_owned], changes.kinds[is_owned]), 1)
    frame = pd.DataFrame(table, columns=[kind.value for kind in ORDER])
    frame["buildings"] = table.sum(axis=1)
    for name, codes in (("warning_before", changes.before), ("warning_after", changes.after)):
        frame[name] = np.bincount(owners[is_owned & (codes == _WARNING)], minlength=len(grids))
    frame["balance"] = np.where(frame["buildings"] > 0, frame["worse"] - frame["better"], np.nan)
    return frame


def change_section(changes: Changes, words: Words, switched: str, note: str) -> Section:
    """Return the legend of changes; ``switched`` are the layers that its boxes hide."""
    total = max(1, len(changes.kinds))
    keys = [
        Key(
            kind.titled(words.language),
            (f"{changes.count(kind):,}", f"{changes.count(kind) / total:.1%}"),
            colour=palette.CHANGES[kind.value],
            line=palette.CHANGE_LINES[kind.value],
            switch=(switched, "change", ORDER.index(kind)),
        )
        for kind in reversed(ORDER)
        if changes.count(kind) or kind is not RatingChange.NONE
    ]
    return Section(
        words("change-of-class"),
        keys=tuple(keys),
        total=Key(words("total"), (f"{len(changes.kinds):,}", "")),
        note=note,
    )


def change_matrix(changes: Changes, words: Words, days: dict[str, str]) -> Section:
    """Count buildings by class on both days: the first down, the last across."""
    titles = [*(class_title(name, words) for name in CLASSES), RatingChange.NONE.titled(words.language)]
    table = np.zeros((len(titles), len(titles)), dtype=np.int64)
    np.add.at(table, (changes.before, changes.after), 1)
    rows = [
        Key(title, tuple(f"{count:,}" for count in (*row.tolist(), int(row.sum()))))
        for title, row in zip(titles, table, strict=True)
    ]
    sums = table.sum(axis=0)
    return Section(
        words("change-matrix"),
        remark=words("change-matrix-remark", **days),
        keys=(Key(words("from-to-class"), (*titles, words("total"))), *rows),
        total=Key(words("total"), tuple(f"{count:,}" for count in (*sums.tolist(), int(sums.sum())))),
    )
