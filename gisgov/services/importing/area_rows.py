"""From the rows of a file to areas: attributes read, geometry judged, transformed and snapped."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

import numpy as np
import shapely

from gisgov.files.columns import REJECT_FIELDS, attributes_of, find_field, texts_of
from gisgov.files.vectors import VectorBatch
from gisgov.geometry.crs import CoordinateSystem
from gisgov.governance.codes import CodeScheme
from gisgov.services.importing.area_geometry import places_of, polygons_of, stored_geometries
from gisgov.services.importing.garbled_names import garbled_reason, garbled_reasons
from gisgov.services.importing.row_problems import ProblemKind, RowProblem
from gisgov.types import BBox, Geometries, Ints, Json, Texts

CODE_JOINT = "-"


@dataclass(frozen=True, slots=True)
class AreaFields:
    """Which fields of a file hold what; an empty ``code`` leaves the areas to be numbered.

    ``attributes`` holds them in JSON, and no other field does then.
    """

    code: tuple[str, ...]
    name: str | None
    parent: str | None
    population: str | None
    households: str | None
    attributes: str | None = None

    def found_in(self, fields: tuple[str, ...], file_name: str) -> AreaFields:
        """Return the same with the names as the file spells them.

        Raises
        ------
        InputError
            The file has no such field.
        """

        def found(wanted: str | None) -> str | None:
            return None if wanted is None else find_field(fields, wanted, file_name=file_name)

        code = tuple(find_field(fields, field, file_name=file_name) for field in self.code)
        return AreaFields(
            code,
            found(self.name),
            found(self.parent),
            found(self.population),
            found(self.households),
            found(self.attributes),
        )

    def others(self, fields: tuple[str, ...]) -> tuple[str, ...]:
        """Return the fields that are kept as attributes."""
        if self.attributes is not None:
            return ()
        told = {self.name, self.population, self.households, *REJECT_FIELDS}
        if len(self.code) == 1:
            told.add(self.code[0])
        return tuple(field for field in fields if field not in told)


@dataclass(frozen=True, slots=True, eq=False)
class AreaRows:
    """Rows of a file as areas, all parallel.

    Attributes
    ----------
    rows : numpy.ndarray
        Row numbers in the file, from 1.
    codes, names, parents : numpy.ndarray
        Text or None; ``parents`` is what the parent field says.
    geometries : numpy.ndarray
        MultiPolygon in WGS84 on the storage grid.
    population, households : numpy.ndarray
        Whole number or None.
    attributes : list of dict
        The other fields.
    digests : list of bytes
        Equal for rows that say the same of the same ground.
    """

    rows: Ints
    codes: Texts
    names: Texts
    parents: Texts
    geometries: Geometries
    population: Texts
    households: Texts
    attributes: list[Json]
    digests: list[bytes]


@dataclass(frozen=True, slots=True, eq=False)
class PreparedBatch:
    """What became of a batch: the sound areas, the problems of the others, and remarks on sound ones.

    ``codes`` are those of all rows of the batch, sound or not; None where a row has none.
    """

    areas: AreaRows
    problems: list[RowProblem]
    notes: list[RowProblem]
    codes: Texts


def prepare_areas(
    batch: VectorBatch,
    fields: AreaFields,
    system: CoordinateSystem,
    *,
    scheme: CodeScheme | None = None,
    near: BBox | None = None,
    near_what: str = "the scope",
) -> PreparedBatch:
    """Judge the rows of a batch one by one and make areas of the sound ones.

    Parameters
    ----------
    batch : VectorBatch
        Rows as the file has them.
    fields : AreaFields
        Named as the file names them.
    system : CoordinateSystem
        What the coordinates are in.
    scheme : CodeScheme, optional
        What the codes must follow.
    near, near_what : optional
        See `gisgov.services.importing.coordinate_ranges.range_faults`.

    Returns
    -------
    PreparedBatch
        What needs several rows or the database to be known (duplicates, parents) is not judged here.
    """
    geometries = polygons_of(batch.geometries)
    codes = _codes(batch, fields)
    names = (
        codes if fields.name is None else texts_of(batch.attributes.column(fields.name), field=fields.name)
    )
    population, population_faults = _counts(batch, fields.population)
    households, households_faults = _counts(batch, fields.households)
    stored, faults = stored_geometries(geometries, system, near=near, near_what=near_what)
    groups = [
        [
            None if kind is None else (kind, text)
            for kind, text in zip(faults.kind, faults.message, strict=True)
        ],
        _code_faults(codes, fields, scheme),
        _name_faults(names) if fields.name else [None] * len(codes),
        population_faults,
        households_faults,
    ]
    attributes = attributes_of(batch.attributes, fields.others(tuple(batch.attributes.schema.names)))
    if fields.attributes is not None:
        attributes, attributes_faults = _documents(batch, fields.attributes)
        groups.append(attributes_faults)
    bad = np.array([any(group[i] is not None for group in groups) for i in range(len(codes))], dtype=np.bool_)
    problems: list[RowProblem] = []
    at = np.flatnonzero(bad)
    for i, lon, lat in zip(at.tolist(), *places_of(geometries, faults, system, at), strict=True):
        row, code = int(batch.rows[i]), codes[i]
        found = [fault for group in groups if (fault := group[i]) is not None]
        problems += [RowProblem(row, code, str(kind), message, lon, lat) for kind, message in found]
    kept = np.flatnonzero(~bad)
    parents = _texts(batch, fields.parent)
    chosen = [attributes[i] for i in kept]
    areas = AreaRows(
        rows=batch.rows[kept],
        codes=codes[kept],
        names=names[kept],
        parents=parents[kept],
        geometries=stored[kept],
        population=population[kept],
        households=households[kept],
        attributes=chosen,
        digests=_digests(codes[kept], names[kept], stored[kept]),
    )
    return PreparedBatch(areas, problems, _garbled_attributes(areas), codes)


def _codes(batch: VectorBatch, fields: AreaFields) -> Texts:
    codes = np.full(len(batch.rows), None, dtype=object)
    if fields.code:
        parts = [texts_of(batch.attributes.column(field), field=field) for field in fields.code]
        for i, values in enumerate(zip(*parts, strict=True)):
            codes[i] = None if None in values else CODE_JOINT.join(values)
    return codes


def _texts(batch: VectorBatch, field: str | None) -> Texts:
    if field is None:
        return np.full(len(batch.rows), None, dtype=object)
    return texts_of(batch.attributes.column(field), field=field)


_Fault = tuple[ProblemKind, str] | None


def _code_faults(codes: Texts, fields: AreaFields, scheme: CodeScheme | None) -> list[_Fault]:
    if not fields.code:
        return [None] * len(codes)
    called = " or ".join(repr(field) for field in fields.code)
    faults: list[_Fault] = []
    for code in codes:
        if code is None:
            faults.append((ProblemKind.MISSING_CODE, f"has no code in {called}"))
        elif not code.isprintable():
            faults.append(
                (ProblemKind.CODE_NOT_IN_SCHEME, f"code {code!r} holds a character that cannot be printed")
            )
        elif scheme is not None and (fault := scheme.problem(code)) is not None:
            faults.append(
                (ProblemKind.CODE_NOT_IN_SCHEME, f"code {code!r} does not follow {scheme.name}: {fault}")
            )
        else:
            faults.append(None)
    return faults


def _name_faults(names: Texts) -> list[_Fault]:
    return [
        None if reason is None else (ProblemKind.GARBLED_NAME, f"name {name!r} {reason}")
        for name, reason in zip(names, garbled_reasons(names), strict=True)
    ]


def _counts(batch: VectorBatch, field: str | None) -> tuple[Texts, list[_Fault]]:
    counts = np.full(len(batch.rows), None, dtype=object)
    faults: list[_Fault] = [None] * len(batch.rows)
    if field is None:
        return counts, faults
    for i, text in enumerate(_texts(batch, field)):
        if text is None:
            continue
        if text.isascii() and text.isdigit() and int(text) < 2**31:
            counts[i] = int(text)
        else:
            faults[i] = (ProblemKind.BAD_NUMBER, f"has {text!r} in {field!r}, which is no count")
    return counts, faults


def _documents(batch: VectorBatch, field: str) -> tuple[list[Json], list[_Fault]]:
    documents: list[Json] = []
    faults: list[_Fault] = []
    for text in _texts(batch, field):
        try:
            document = {} if text is None else json.loads(text)
        except ValueError:
            document = None
        if isinstance(document, dict):
            documents.append(document)
            faults.append(None)
        else:
            documents.append({})
            faults.append((ProblemKind.BAD_VALUE, f"has {field!r} that is no JSON object"))
    return documents, faults


def _digests(codes: Texts, names: Texts, geometries: Geometries) -> list[bytes]:
    return [
        hashlib.sha256(repr((code, name)).encode() + wkb).digest()
        for code, name, wkb in zip(codes, names, shapely.to_wkb(geometries), strict=True)
    ]


def _garbled_attributes(areas: AreaRows) -> list[RowProblem]:
    notes: list[RowProblem] = []
    judged: dict[str, str | None] = {}
    for row, code, attributes in zip(areas.rows.tolist(), areas.codes, areas.attributes, strict=True):
        for field, value in attributes.items():
            if not isinstance(value, str):
                continue
            if value not in judged:
                judged[value] = garbled_reason(value)
            if (reason := judged[value]) is not None:
                notes.append(
                    RowProblem(row, code, str(ProblemKind.GARBLED_ATTRIBUTE), f"{field} {value!r} {reason}")
                )
    return notes
