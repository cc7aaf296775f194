"""Street classes: which kinds of road, water and rail cut the ground into blocks, and as which edge class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from gisgov.geometry.edge_classes import EdgeClass
from gisgov.governance.block_edges import EdgeTitle
from gisgov.governance.fields import Fields, listed
from gisgov.types import Ints

PASSED_OVER: Final = -1
"""In the place of an edge class: the line cuts no ground."""

_CUTS_NOTHING: Final = "pass-over"


@dataclass(frozen=True, slots=True, eq=False)
class ClassifiedLines:
    """Lines of a file by their kind.

    Attributes
    ----------
    edge_class : numpy.ndarray of int, shape (n,)
        Values of `EdgeClass`, or `PASSED_OVER`.
    passed_over : dict
        Kinds that cut nothing, with the number of lines of each, the most frequent first.
    unlisted : dict
        Kinds that the table does not know, in the same way; "" stands for no kind at all.
    """

    edge_class: Ints
    passed_over: dict[str, int]
    unlisted: dict[str, int]


@dataclass(frozen=True, slots=True)
class KindTable:
    """What the kinds of one sort of lines (streets, water, rail) mean.

    Attributes
    ----------
    columns : tuple of str
        Where a file may keep the kind; the first that it has is taken.
    classes : mapping of str to EdgeClass
        Kinds, in lower case, that cut the ground.
    passed_over : frozenset of str
        Kinds that cut nothing.
    unlisted : EdgeClass, optional
        Class of every other kind; None passes them over.
    """

    columns: tuple[str, ...]
    classes: Mapping[str, EdgeClass]
    passed_over: frozenset[str]
    unlisted: EdgeClass | None

    def classified(self, kinds: Sequence[str | None]) -> ClassifiedLines:
        """Give each line its class by its kind.

        Parameters
        ----------
        kinds : sequence of str, length n
            As the file has them; None or blank where a line has none, which is an unlisted kind.

        Returns
        -------
        ClassifiedLines
            In the order of the lines.

        Examples
        --------
        >>> table = KindTable(("highway",), {"primary": EdgeClass.ARTERIAL}, frozenset({"steps"}), None)
        >>> found = table.classified(["Primary", "steps", "new", None])
        >>> found.edge_class.tolist(), found.passed_over, found.unlisted
        ([3, -1, -1, -1], {'steps': 1}, {'new': 1, '': 1})
        """
        plain = ["" if kind is None else kind.strip().casefold() for kind in kinds]
        passed: Counter[str] = Counter()
        unlisted: Counter[str] = Counter()
        meaning: dict[str, int] = {}
        for kind, count in Counter(plain).items():
            if kind in self.classes:
                meaning[kind] = self.classes[kind]
            elif kind in self.passed_over:
                meaning[kind], passed[kind] = PASSED_OVER, count
            else:
                meaning[kind] = PASSED_OVER if self.unlisted is None else self.unlisted
                unlisted[kind] = count
        return ClassifiedLines(
            np.array([meaning[kind] for kind in plain], dtype=np.int64),
            dict(passed.most_common()),
            dict(unlisted.most_common()),
        )


@dataclass(frozen=True, slots=True)
class LevelTable:
    """Where a file says how high a line runs.

    Attributes
    ----------
    layer, bridge, tunnel : tuple of str
        Columns that may hold it; of each the first that a file has is taken.
    means_no : frozenset of str
        What a bridge or tunnel column holds, in lower case, where there is none.
    """

    layer: tuple[str, ...]
    bridge: tuple[str, ...]
    tunnel: tuple[str, ...]
    means_no: frozenset[str]

    def level(self, layer: str | None, bridge: str | None, tunnel: str | None) -> int:
        """Say how high a line runs: 0 on the ground, above it 1 and more, below it −1 and less.

        A layer that is a whole number other than 0 counts; without one a bridge is at 1 and a tunnel at −1.
        """
        stated = _whole_number(layer)
        if stated:
            return stated
        return 1 if self._is(bridge) else -1 if self._is(tunnel) else 0

    def _is(self, text: str | None) -> bool:
        return text is not None and text.strip().casefold() not in self.means_no


@dataclass(frozen=True, slots=True)
class StreetClasses:
    """One table of street classes.

    Attributes
    ----------
    name : str
        What it is called.
    source : str
        Where its choices come from.
    streets, water, rail : KindTable
        What the kinds mean, sort by sort.
    levels : LevelTable
        How high lines run.
    """

    name: str
    source: str
    streets: KindTable
    water: KindTable
    rail: KindTable
    levels: LevelTable


def parse_street_classes(mapping: object, where: str) -> StreetClasses:
    """Read a table of street classes.

    Parameters
    ----------
    mapping : object
        The document as it was read; the shipped ``fixtures/street_classes.yaml`` shows every key.
    where : str
        Name of the document for messages.

    Raises
    ------
    ProfileError
        Something in it cannot be used, or a kind stands twice; the message names the path.
    """
    fields = Fields(mapping, where)
    name, source = fields.text("name"), fields.text("source")
    streets, water, rail = (_read_kinds(fields.inner(key)) for key in ("streets", "water", "rail"))
    levels = _read_levels(fields.inner("levels"))
    fields.done()
    return StreetClasses(name, source, streets, water, rail, levels)


def _read_kinds(fields: Fields) -> KindTable:
    columns = fields.texts("columns")
    if not columns:
        fields.refuse("columns", "must list at least one column")
    inner = fields.inner("classes")
    classes: dict[str, EdgeClass] = {}
    for word in inner.names():
        title = _read_title(inner, word, word)
        for kind in inner.texts(word):
            if kind.casefold() in classes:
                inner.refuse(word, f"lists {kind!r}, which stands in the table already")
            classes[kind.casefold()] = title.edge_class
    passed_over = [kind.casefold() for kind in fields.texts("passed_over")]
    for kind in passed_over:
        if kind in classes or passed_over.count(kind) > 1:
            fields.refuse("passed_over", f"lists {kind!r}, which stands in the table already")
    word = fields.text("unlisted")
    unlisted = None if word == _CUTS_NOTHING else _read_title(fields, "unlisted", word).edge_class
    fields.done()
    return KindTable(columns, classes, frozenset(passed_over), unlisted)


def _read_title(fields: Fields, key: str, word: str) -> EdgeTitle:
    allowed = [title.value for title in EdgeTitle]
    if word not in allowed:
        choices = [*allowed, _CUTS_NOTHING] if key == "unlisted" else allowed
        fields.refuse(key, f"is no edge class: {word!r}", f"Use {listed(choices)}.")
    return EdgeTitle(word)


def _read_levels(fields: Fields) -> LevelTable:
    layer, bridge, tunnel = fields.texts("layer"), fields.texts("bridge"), fields.texts("tunnel")
    words = fields.texts("means_no")
    fields.done()
    return LevelTable(layer, bridge, tunnel, frozenset({"", *(word.casefold() for word in words)}))


def _whole_number(text: str | None) -> int:
    try:
        return int(float(text)) if text is not None and text.strip() else 0
    except (ValueError, OverflowError):
        return 0
