"""How each kind is drawn where it is too much to be drawn one by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from gisgov.store.tile_rows import TileSubject
from gisgov.tiles import Rules

_CLASSES: Final = (
    "warning",
    "general",
    "safe",
)  # the worst first; the encoder counts the others as unclassified
_PEOPLE: Final = ("population", "households")

RULES: Final[Mapping[TileSubject, Callable[[str], Rules]]] = {
    "blocks": lambda name: Rules(name, sums=_PEOPLE, coverage=True),
    "buildings": lambda name: Rules(name, worst="risk_class", classes=_CLASSES),
    "events": Rules,
    "areas": lambda name: Rules(name, sums=_PEOPLE, coverage=True),
}
"""By kind, what makes its rules for tiles whose layer inside has a name."""


def fields_of_cells(subject: TileSubject) -> dict[str, str]:
    """Return what fields a point has that stands for many, besides those of single features.

    Examples
    --------
    >>> [*fields_of_cells("buildings")]
    ['stands_for', 'count_warning', 'count_general', 'count_safe', 'count_unclassified']
    """
    told = {"stands_for": "Number. Far out, how many features this point stands for; absent: it is one."}
    if RULES[subject]("").worst is not None:
        for name in (*_CLASSES, "unclassified"):
            told[f"count_{name}"] = f"Number. How many of those are {name}."
    return told
