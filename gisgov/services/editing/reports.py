"""What operations on drafts answer."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AreaFigures:
    """An area of a draft, measured.

    Attributes
    ----------
    code, name : str
        The area.
    parent_codes : tuple of str
        Areas of the layer above that it has blocks in.
    locked : bool
        Whether operations leave it as it is.
    blocks : int
        Blocks that it is made of.
    population, households : int
        As the area states them until its blocks change; then, or where it states none, sums of its blocks.
    area_km2 : float
        Ground.
    load : float or None
        Its work in targets of the layer: 1 is what an area should carry; None without targets.
    deviation : float or None
        Share by which the load is off the target: 0.1 is 10 % above.
    polsby_popper : float or None
        Compactness: 1 for a disc.
    parts : int
        Pieces that it lies in.
    along_streets : float or None
        Share of its border with other areas along streets and water; None where nothing is known of borders.
    """

    code: str
    name: str
    parent_codes: tuple[str, ...]
    locked: bool
    blocks: int
    population: int
    households: int
    area_km2: float
    load: float | None
    deviation: float | None
    polsby_popper: float | None
    parts: int
    along_streets: float | None


@dataclass(frozen=True, slots=True)
class DraftProblem:
    """Something of a draft that is to be mended before it is published, or looked at.

    Attributes
    ----------
    kind : str
        ``unassigned``, ``several-parts``, ``crossed-parents``, ``over-limit``,
        ``counts-differ``.
    refused : bool
        Whether publishing refuses it; otherwise it is a warning.
    count : int
        How many blocks or areas have it.
    codes : tuple of str
        The first of them.
    sentence_zh, sentence_en : str
        The same in words.
    """

    kind: str
    refused: bool
    count: int
    codes: tuple[str, ...]
    sentence_zh: str
    sentence_en: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Something that a draft and the plan it is rebased to changed in different ways.

    Attributes
    ----------
    kind : str
        ``block``: both put it in another area, or in one that the other ended; ``cut``: both cut it
        differently; ``area``: both say something else of it, or one does and the other ended it.
    code : str
        Code of the block or area.
    base, ours, theirs : str or None
        Code of the area that a block was in, and is in on either side, None for none; name of an area.
    """

    kind: str
    code: str
    base: str | None
    ours: str | None
    theirs: str | None

    def told(self) -> dict[str, str | None]:
        """Return it as errors and the log tell it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class EditReport:
    """What an operation did.

    Attributes
    ----------
    plan : str
        The draft.
    revision : int
        That it has now; the next operation names it.
    operation : str
        Kind of the operation.
    areas : tuple of AreaFigures
        Areas that are new or changed, by code.
    ended : tuple of str
        Codes of areas that are no more.
    moved_blocks, moved_population : int
        Blocks that are in another area than before, and their people; pieces of a cut count by their block.
    cut_blocks : int
        Blocks that were cut.
    problems : tuple of DraftProblem
        What the draft has to be mended, all of it.
    undoable, redoable : str or None
        Kind of the operation that undo would take back, and redo would do again.
    conflicts : tuple of Conflict
        What a rebase decided for one side, as it was asked to.
    """

    plan: str
    revision: int
    operation: str
    areas: tuple[AreaFigures, ...]
    ended: tuple[str, ...]
    moved_blocks: int
    moved_population: int
    cut_blocks: int
    problems: tuple[DraftProblem, ...]
    undoable: str | None
    redoable: str | None
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True, slots=True)
class LoggedOperation:
    """One operation of the log of a draft: who did what, when, and how much of it changed.

    Attributes
    ----------
    revision : int
        That the draft had with it.
    kind : str
        Its kind.
    account : str
        Who did it.
    at : datetime.datetime
        When.
    parameters : dict
        The operation as it was asked for.
    undoes : int or None
        Revision of the operation that it took back or did again.
    blocks : int
        How many blocks it moved, brought in or took out.
    areas : tuple of str
        Codes of the areas that it changed.
    """

    revision: int
    kind: str
    account: str
    at: datetime
    parameters: dict[str, object]
    undoes: int | None
    blocks: int
    areas: tuple[str, ...]
