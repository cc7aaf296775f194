"""What a re-division says of itself, such as a `gisgov.services.redividing.RedivisionReport` does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

import numpy as np

from gisgov.governance.titles import Language
from gisgov.types import Floats
from maps.words import Words


class Told(Protocol):
    """Why something could not be had."""

    @property
    def sentence_zh(self) -> str:
        """Reason, number and remedy in Chinese."""

    @property
    def sentence_en(self) -> str:
        """The same in English."""


class Figures(Protocol):
    """How good a division is in all; shares are 0..1, None where nothing is known."""

    @property
    def areas(self) -> int:
        """Areas made."""

    @property
    def several_parts(self) -> int:
        """Areas that are not in one piece."""

    @property
    def within_band(self) -> float:
        """Share of areas whose load is off by no more than the band."""

    @property
    def within_limit(self) -> float:
        """Share of areas whose load is off by no more than the limit."""

    @property
    def mean_deviation(self) -> float:
        """Of loads from the mean of their parent, without sign."""

    @property
    def largest_deviation(self) -> float:
        """The largest of these."""

    @property
    def mean_polsby_popper(self) -> float:
        """Compactness."""

    @property
    def along_streets(self) -> float | None:
        """Share of borders along arterials, collectors and water."""

    @property
    def moved_population(self) -> int | None:
        """People whose area is another than before; None where no plan was started from."""

    @property
    def moved_share(self) -> float | None:
        """That share of all people."""

    @property
    def kept_areas(self) -> int:
        """Areas as they were before."""


class Alternative(Protocol):
    """One of the divisions."""

    @property
    def number(self) -> int:
        """Which, from 1."""

    @property
    def plan(self) -> str | None:
        """The draft that it was stored as."""

    @property
    def figures(self) -> Figures:
        """How good it is."""

    @property
    def obstacles(self) -> Sequence[Told]:
        """Why it is no better."""


class Term(Protocol):
    """A part of the load: weight · attribute / target."""

    @property
    def attribute(self) -> str:
        """What counts."""

    @property
    def weight(self) -> float:
        """How much."""

    @property
    def target(self) -> float:
        """What an area that were all of it would have."""


class Divided(Protocol):
    """A re-division."""

    @property
    def source(self) -> str | None:
        """Plan that was started from."""

    @property
    def at(self) -> date:
        """Day whose areas above count."""

    @property
    def rule(self) -> Sequence[Term]:
        """What the load is made of."""

    @property
    def band(self) -> float:
        """Share by which loads may be off without a price."""

    @property
    def limit(self) -> float:
        """Share beyond which they are explained."""

    @property
    def effort(self) -> str:
        """How long was searched."""

    @property
    def seed(self) -> int:
        """The same one gives the same areas."""

    @property
    def blocks(self) -> int:
        """Blocks divided."""

    @property
    def population(self) -> int:
        """Their people."""

    @property
    def area_km2(self) -> float:
        """Their ground."""

    @property
    def load(self) -> float:
        """Their work in units of one average area."""

    @property
    def areas(self) -> int:
        """Areas made of them."""

    @property
    def least_moved_population(self) -> int | None:
        """Fewest people that any division within the limit moves."""

    @property
    def two_balances(self) -> Told | None:
        """Where people and ground cannot both be kept to their targets."""

    @property
    def alternatives(self) -> Sequence[Alternative]:
        """The divisions."""


def sentence(told: Told, language: Language) -> str:
    """Return an obstacle in a language."""
    return told.sentence_zh if language == "zh" else told.sentence_en


def rule_text(rule: Sequence[Term], words: Words) -> str:
    """Write out the load: ``0.5 · population / 5,000 + 0.5 · km² / 0.5``."""
    return " + ".join(f"{term.weight:.3g}·{words.known(term.attribute)}/{term.target:,g}" for term in rule)


def per_cent(value: float) -> str:
    """Return a share in per cent, with as many places as it has.

    Examples
    --------
    >>> per_cent(0.05), per_cent(0.025)
    ('5%', '2.5%')
    """
    return f"{100 * value:.4g}%"


def largest(deviations: Floats, share: float) -> float:
    """Return the deviation that a share of areas does not exceed; NaN where there are none."""
    known = np.abs(deviations[np.isfinite(deviations)])
    return float(np.quantile(known, share)) if len(known) else float("nan")
