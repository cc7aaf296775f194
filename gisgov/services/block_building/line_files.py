"""Streets, water, railways and compounds in files, as what blocks are built from."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

from gisgov.errors import InputError
from gisgov.files.columns import find_field, texts_of
from gisgov.files.crs_choice import choose_crs, refuse_without_crs
from gisgov.files.vectors import open_vectors
from gisgov.geometry.crs import CoordinateSystem
from gisgov.governance.street_classes import PASSED_OVER, ClassifiedLines, KindTable, LevelTable
from gisgov.services.block_building.line_geometry import Kind, judged, near_ground, to_stored
from gisgov.services.importing.row_problems import RowProblem, sorted_problems
from gisgov.types import BBox, Geometries, Ints, Texts

_NAMES = ("name", "名称", "道路名称", "路名")
"""Fields of names, the first that a file has."""


@dataclass(frozen=True, slots=True)
class LineFile:
    """A layer of streets, water, railways or compounds in a file.

    Attributes
    ----------
    path : pathlib.Path
        The file.
    layer : str or None
        Its layer; needed where it has several.
    crs : str or None
        What its coordinates are in; None takes what the file states.
    field : str or None
        Field of the kind of road, water or railway; None takes the first that the table of street classes
        names and the file has.
    name_field : str or None
        Field of what each is called; None takes ``name`` where the file has it.
    """

    path: Path
    layer: str | None = None
    crs: str | None = None
    field: str | None = None
    name_field: str | None = None


@dataclass(frozen=True, slots=True)
class LinesRead:
    """What was read from one file, and what became of its rows.

    Attributes
    ----------
    what : str
        ``streets``, ``water``, ``rail`` or ``compounds``.
    file, file_layer, crs : str
        Where they are from, and the coordinate system of its numbers.
    field : str or None
        The field with the kinds; None where there is none.
    rows : int
        Rows of the layer.
    used : int
        Rows that blocks were built from.
    away : int
        Rows that lie away from the ground.
    passed_over : dict
        Kinds that cut no ground, with their number of rows.
    unlisted : dict
        Kinds that the table of street classes does not name, with their number of rows; "" is no kind.
    refused : tuple of RowProblem
        Rows that could not be used, and why.
    """

    what: str
    file: str
    file_layer: str
    crs: str
    field: str | None
    rows: int
    used: int
    away: int
    passed_over: dict[str, int]
    unlisted: dict[str, int]
    refused: tuple[RowProblem, ...]


@dataclass(frozen=True, slots=True, eq=False)
class DrawnLines:
    """Rows of a file that blocks are built from, in stored coordinates.

    Attributes
    ----------
    geometries : numpy.ndarray of shapely.Geometry, shape (n,)
        EPSG:4326, on the storage grid: lines, or the polygons of water and compounds.
    edge_class, level : numpy.ndarray of int, shape (n,)
        What they are (`EdgeClass`), and how high they run.
    names : numpy.ndarray of str or None, shape (n,)
        What they are called.
    read : LinesRead
        What is to be told of the file.
    """

    geometries: Geometries
    edge_class: Ints
    level: Ints
    names: Texts
    read: LinesRead


def read_lines(
    file: LineFile, what: str, kinds: frozenset[Kind], table: KindTable | None, levels: LevelTable, near: BBox
) -> DrawnLines:
    """Read a file of lines or polygons and say what each row is.

    Parameters
    ----------
    file : LineFile
        Where they are.
    what : str
        ``streets``, ``water``, ``rail`` or ``compounds``: names the options in messages.
    kinds : frozenset of Kind
        Which shapes are meant; rows of others are refused.
    table : KindTable or None
        What their kinds mean; None for compounds, which have none.
    levels : LevelTable
        How high they run.
    near : tuple of float
        ``(west, south, east, north)`` of the ground, in WGS84 degrees.

    Returns
    -------
    DrawnLines
        Without the rows that are refused, that lie away from the ground, or whose kind is passed over.

    Raises
    ------
    FileError
        The file is absent, empty, truncated or of another kind.
    CrsError
        Its coordinate system is unknown, or contradicts what was declared.
    InputError
        There is no such layer or field, it has no field of kinds though streets need one, none of its rows
        can be used, nothing in it lies near the ground, or no street cuts it.
    """
    system, layer, geometries, rows, fields, names = _whole(file, what, table, levels)
    fine, problems = judged(geometries, rows, system, kinds)
    sound = np.flatnonzero(fine)
    if not len(sound):
        raise InputError(
            f"No row of {file.path.name}, layer {layer}, can be used: row {problems[0].row} "
            f"{problems[0].message}, and the other {len(rows) - 1:,} are no better.",
            hint=f"Is it another layer that holds the {what}? Say --{what}-layer.",
            field=what,
        )
    stored = to_stored(geometries[sound], system)
    at_ground = near_ground(stored, near)
    _refuse_far(file, what, stored, at_ground, near)
    chosen = sound[at_ground]
    classified = _classified(table, fields, names, chosen)
    cuts = classified.edge_class != PASSED_OVER
    if what == "streets" and not cuts.any():
        raise InputError(
            f"No street of {file.path.name} near the ground cuts it: {counted(classified.passed_over)}.",
            hint="Give another table of street classes with --classes.",
            field=what,
        )
    read = LinesRead(
        what=what,
        file=file.path.name,
        file_layer=layer,
        crs=system.name,
        field=names.get("kind"),
        rows=len(rows),
        used=int(cuts.sum()),
        away=len(sound) - len(chosen),
        passed_over=classified.passed_over,
        unlisted=classified.unlisted,
        refused=sorted_problems(problems),
    )
    level = _levels(levels, fields, names, chosen[cuts])
    called: Texts = np.full(len(rows), None, dtype=object) if "name" not in names else fields[names["name"]]
    return DrawnLines(stored[at_ground][cuts], classified.edge_class[cuts], level, called[chosen[cuts]], read)


def _whole(
    file: LineFile, what: str, table: KindTable | None, levels: LevelTable
) -> tuple[CoordinateSystem, str, Geometries, Ints, dict[str, Texts], dict[str, str]]:
    """Read the layer: system, name, geometries, row numbers, fields, and which field has which role."""
    name = file.path.name
    with options_of(what):
        refuse_without_crs(file.crs, file.path)
        with open_vectors(file.path, layer=file.layer) as source:
            system = choose_crs(file.crs, source.crs, name=name)
            names = _roles(file, what, table, levels, source.fields)
            batches = list(source.batches())
    if not sum(len(batch.rows) for batch in batches):
        raise InputError(f"{name} holds no rows.", field=what)
    fields = {
        field: np.concatenate([texts_of(batch.attributes.column(field), field=field) for batch in batches])
        for field in set(names.values())
    }
    flat = shapely.force_2d(np.concatenate([batch.geometries for batch in batches]))
    return system, source.layer, flat, np.concatenate([batch.rows for batch in batches]), fields, names


@contextlib.contextmanager
def options_of(what: str) -> Iterator[None]:
    """Let hints name the options of this file: there are several."""
    options = {"crs": f"--{what}-crs", "file_layer": f"--{what}-layer"}
    try:
        yield
    except InputError as error:
        if error.field not in options or error.hint is None:
            raise
        hint = error.hint.replace(f"--{error.field.replace('_', '-')}", options[error.field])
        raise type(error)(error.message, hint=hint, field=f"{what}_{error.field}") from error


def _roles(
    file: LineFile, what: str, table: KindTable | None, levels: LevelTable, fields: Sequence[str]
) -> dict[str, str]:
    """Say which field has the kind, the layer, the bridges and the tunnels, as far as there are such."""
    roles = {"layer": levels.layer, "bridge": levels.bridge, "tunnel": levels.tunnel, "name": _NAMES}
    if table is not None and file.field is None:
        roles["kind"] = table.columns
    folded = {field.strip().casefold(): field for field in reversed(fields)}
    found = {
        role: next((folded[one.casefold()] for one in columns if one.casefold() in folded), None)
        for role, columns in roles.items()
    }
    if table is not None and file.field is not None:
        found["kind"] = find_field(tuple(fields), file.field, file_name=file.path.name)
    if file.name_field is not None:
        found["name"] = find_field(tuple(fields), file.name_field, file_name=file.path.name)
    if what == "streets" and found["kind"] is None and table is not None:
        raise InputError(
            f"{file.path.name} has none of the fields {', '.join(table.columns)}, so nothing tells "
            "an arterial from a footpath.",
            hint=f"Say --streets-field; its fields: {', '.join(fields) or 'none'}.",
            field="streets_field",
        )
    return {role: field for role, field in found.items() if field is not None}


def _classified(
    table: KindTable | None, fields: dict[str, Texts], names: dict[str, str], chosen: Ints
) -> ClassifiedLines:
    if table is None:
        return ClassifiedLines(np.zeros(len(chosen), dtype=np.int64), {}, {})
    if "kind" not in names:
        return table.classified([None] * len(chosen))
    return table.classified(fields[names["kind"]][chosen].tolist())


def _levels(levels: LevelTable, fields: dict[str, Texts], names: dict[str, str], chosen: Ints) -> Ints:
    unknown: Texts = np.full(len(chosen), None, dtype=object)
    layer, bridge, tunnel = (
        fields[names[role]][chosen] if role in names else unknown for role in ("layer", "bridge", "tunnel")
    )
    rows = zip(layer, bridge, tunnel, strict=True)
    return np.array([levels.level(*row) for row in rows], dtype=np.int64)


def _refuse_far(file: LineFile, what: str, stored: Geometries, at_ground: Ints, near: BBox) -> None:
    if len(at_ground) or not len(stored):
        return
    west, south, east, north = shapely.total_bounds(stored)
    raise InputError(
        f"Nothing in {file.path.name} lies near the ground of the plan, which is around "
        f"({(near[0] + near[2]) / 2:.4f}, {(near[1] + near[3]) / 2:.4f}); its rows are around "
        f"({(west + east) / 2:.4f}, {(south + north) / 2:.4f}).",
        hint=f"Is it another place's file, or is --{what}-crs another?",
        field=what,
    )


def counted(kinds: dict[str, int], most: int = 8) -> str:
    """Write kinds with their numbers: ``footway 420, path 396``; the last ones summed up.

    Examples
    --------
    >>> counted({"footway": 1420, "": 3})
    'footway 1,420, (no kind) 3'
    >>> counted({"a": 3, "b": 2, "c": 1}, most=1)
    'a 3, 2 others 3'
    """
    tally = Counter(kinds).most_common()
    parts = [f"{kind or '(no kind)'} {count:,}" for kind, count in tally[:most]]
    if len(tally) > most:
        parts.append(f"{len(tally) - most} others {sum(count for _, count in tally[most:]):,}")
    return ", ".join(parts)
