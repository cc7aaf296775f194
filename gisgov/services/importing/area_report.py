"""What an import of areas is asked for, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from gisgov.services.importing.row_problems import RowProblem
from gisgov.services.publishing import PlanPublication


@dataclass(frozen=True, slots=True)
class AreaImport:
    """An import of areas into a draft plan.

    Attributes
    ----------
    path : pathlib.Path
        The file.
    layer : str
        Name of the layer that the areas are of.
    day : datetime.date
        Day on which plans of the layer above are in force that parents are looked for in.
    crs : str or None
        What the coordinates are in; None takes the file's word.
    file_layer : str or None
        Layer of the file; needed when it has several.
    code_field : tuple of str
        Fields of the code; several are joined by ``-``. Empty: the areas are numbered by the layer's scheme.
    name_field, parent_field, population_field, households_field : str or None
        Fields of the rest. Without a name field the code is the name.
    parent_by : str
        How parents are found (`gisgov.services.importing.area_parents.ParentBy`).
    parent_plan : str or None
        The plan to look for parents in, instead of those in force.
    scope : str or None
        A file with the outline that the plan covers, or the code of an area above.
    scope_is_code : bool
        ``scope`` is no path, whatever it looks like.
    scope_code : str or None
        Code of the area that the plan covers, when ``scope`` is a file.
    plan : str or None
        Name of the plan; by default the layer's name and the file's stem.
    strict : bool
        Import nothing when any row has a problem.
    merge_parts : bool
        Join rows of one code and name to one area.
    add : bool
        Add areas to a draft that exists.
    dry_run : bool
        Do everything, then change nothing.
    rejects_path : pathlib.Path or None
        Where rejected rows are written; by default beside nothing else, in the current folder.
    author : str or None
        Who made the plan.
    working_crs : str or None
        What areas are measured in, instead of the zone of the ground's centre.
    exchanged : bool
        The file is a plan that was exported and is taken as it stands; found out by its fields.
    """

    path: Path
    layer: str
    day: date
    crs: str | None = None
    file_layer: str | None = None
    code_field: tuple[str, ...] = ()
    name_field: str | None = None
    parent_field: str | None = None
    population_field: str | None = None
    households_field: str | None = None
    parent_by: str = "auto"
    parent_plan: str | None = None
    scope: str | None = None
    scope_is_code: bool = False
    scope_code: str | None = None
    plan: str | None = None
    strict: bool = False
    merge_parts: bool = False
    add: bool = False
    dry_run: bool = False
    rejects_path: Path | None = None
    author: str | None = None
    working_crs: str | None = None
    exchanged: bool = False


@dataclass(frozen=True, slots=True)
class ProblemCount:
    """How many problems of one kind there are.

    Attributes
    ----------
    kind : str
        The kind of problem.
    count : int
        How many rows have it.
    """

    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class AreaImportReport:
    """What an import of areas did.

    Attributes
    ----------
    file, file_layer : str
        What was read.
    layer, plan : str
        Where it went.
    status : str
        ``draft``, ``published`` or ``retired``: of the plan. ``not stored`` after a dry run.
    crs : str
        What the coordinates were taken to be in.
    working_crs : str
        What areas are measured in.
    parents_in : tuple of str
        Plans of the layer above that parents were looked for in; empty when there is none, so that parents
        are not verified.
    rows_read : int
        Rows of the file: ``imported + unchanged + rejected + merged``.
    imported : int
        Areas that are new in the plan.
    unchanged : int
        Areas that the plan had already, the same in everything.
    merged : int
        Rows that were joined to an area of another row.
    rejected : int
        Rows that were not imported.
    numbered : int
        Areas that were given a code.
    areas, area_m2 : int, float
        What the rows that could be imported come to.
    problems : tuple of RowProblem
        Why rows were rejected, by row.
    problem_counts : tuple of ProblemCount
        The same counted by kind.
    notes : tuple of RowProblem
        What is odd about rows that were imported.
    rejects_path : str or None
        Where the rejected rows were written, to be mended and imported again.
    publication : PlanPublication or None
        What publishing the plan did, where that was asked for.
    blocks : int or None
        Blocks that were given to the areas as an exported plan says it; None where it says nothing.
    blocks_left : str or None
        Why that was not done: the blocks here are others.
    """

    file: str
    file_layer: str
    layer: str
    plan: str
    status: str
    crs: str
    working_crs: str
    parents_in: tuple[str, ...]
    rows_read: int
    imported: int
    unchanged: int
    merged: int
    rejected: int
    numbered: int
    areas: int
    area_m2: float
    problems: tuple[RowProblem, ...]
    problem_counts: tuple[ProblemCount, ...]
    notes: tuple[RowProblem, ...]
    rejects_path: str | None
    publication: PlanPublication | None = None
    blocks: int | None = None
    blocks_left: str | None = None
