"""What can be decided of a defect, and the table of decisions that a person edits."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from gisgov.errors import InputError
from gisgov.types import Floats, Ints, Texts


class Decision(StrEnum):
    """What happens to the ground or the border of a defect."""

    GIVE = "give"
    """The ground belongs to one named area alone."""
    CLIP = "clip"
    """The ground belongs to nobody: it is cut off."""
    NODE = "node"
    """The borders get the same vertices."""
    REBUILD = "rebuild"
    """An area that is no sound polygon becomes the ground that its rings enclose."""
    DROP = "drop"
    """As GIVE, or as CLIP where no area is named, and an area that is left without ground may vanish."""
    LEAVE = "leave"
    """Nothing."""


class Rule(StrEnum):
    """Who is proposed to get ground that several areas could have."""

    LONGEST_BORDER = "longest-border"
    """The area that has the longest border with it."""
    NEAREST_PEOPLE = "nearest-people"
    """The area whose people live nearest to it."""
    LARGEST = "largest"
    """The largest of the areas."""
    SMALLEST = "smallest"
    """The smallest of the areas."""


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """Where people are: points with counts, never persons.

    Attributes
    ----------
    x, y : numpy.ndarray of float, shape (n,)
        In the coordinates of the areas.
    count : numpy.ndarray of int, shape (n,)
        How many; points with 0 do not count.
    """

    x: Floats
    y: Floats
    count: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Proposals:
    r"""One decision per defect, in the order of the defects.

    Attributes
    ----------
    decision : numpy.ndarray of Decision, shape (n,)
        What shall happen.
    to : numpy.ndarray of int, shape (n,)
        Number of the area that gets the ground; −1 where none does.
    reason : numpy.ndarray of str, shape (n,)
        Which rule proposed it.
    options : tuple of tuple of int, length n
        Numbers of the areas that a person would choose from, ascending.

    Examples
    --------
    >>> from gisgov.geometry.coverage import find_defects
    >>> from gisgov.geometry.repair import propose
    >>> from gisgov.testing import areas_from_grid
    >>> _, areas = areas_from_grid("AAB\nA.B\nCCC")
    >>> table = propose(areas, None, find_defects(areas))
    >>> str(table.decision[0]), int(table.to[0]), table.options[0]
    ('give', 0, (0, 1, 2))
    """

    decision: Texts
    to: Ints
    reason: Texts
    options: tuple[tuple[int, ...], ...]

    def __len__(self) -> int:
        return len(self.decision)

    def refuse_unfit(self, defects: int, areas: int) -> None:
        """Refuse a table that does not belong to these defects and areas.

        Parameters
        ----------
        defects, areas : int
            How many there are.

        Raises
        ------
        InputError
            When it has another number of rows, a decision of another name, an area that is not there,
            or ground to give and nobody to give it to.
        """
        if not len(self.decision) == len(self.to) == defects:
            raise InputError(
                f"There are {defects} defects, but {len(self.decision)} decisions for them.",
                hint="Make the proposals from the same check of the same areas.",
            )
        unknown = [str(each) for each in self.decision if each not in list(Decision)]
        if unknown:
            raise InputError(f"{unknown[0]!r} is no decision.", hint=f"Decide one of: {', '.join(Decision)}.")
        wrong = np.flatnonzero((self.to < -1) | (self.to >= areas))
        if wrong.size:
            raise InputError(
                f"Decision {wrong[0] + 1} names area {self.to[wrong[0]]}, but there are {areas} areas.",
                hint="Number areas from 0; -1 stands for none.",
            )
        lost = np.flatnonzero((self.decision == Decision.GIVE) & (self.to < 0))
        if lost.size:
            raise InputError(
                f"Decision {lost[0] + 1} gives ground away, but names no area that gets it.",
                hint="Name the area, or decide to leave or to clip.",
            )
