"""A repaired file: all rows, and beside them what was decided and what was there before."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import geopandas
import numpy as np
import pandas as pd
import pyarrow as pa

from gisgov.errors import FileError, InputError
from gisgov.files.attribute_tables import ABOUT, read_facts, write_facts
from gisgov.files.styles import PROPOSALS
from gisgov.files.vector_output import driver_of
from gisgov.files.vector_rows import LayerRows, read_rows, write_rows
from gisgov.files.vectors import write_vectors
from gisgov.services.repairing.applying import Applied
from gisgov.services.repairing.cases import dropped_of
from gisgov.services.repairing.findings import ground_of
from gisgov.services.repairing.reports import outcomes
from gisgov.types import Ints

LOG: Final = "repair_log"
BEFORE: Final = "before"
SCOPE: Final = "repair_scope"
ROW, CHANGE, CODE = "repair_row", "repair_change", "repair_code"
GAINED, LOST = "repair_gained_m2", "repair_lost_m2"
CHANGED, DROPPED = "changed", "dropped"
_BESIDE: Final = ".repair.gpkg"


def record_of(path: Path) -> Path:
    """Return where the record of a repaired file lies: in itself, or beside what is no GeoPackage."""
    return path if path.suffix.lower() == ".gpkg" else path.with_name(f"{path.stem}{_BESIDE}")


def refuse_place(out: Path, *read: Path) -> None:
    """Refuse to write over what is read, or over what no repair made.

    Raises
    ------
    InputError
        It would be lost.
    FileError
        Its suffix is of no format that gisgov writes.
    """
    driver_of(out)
    for one in read:
        if out.resolve() in (one.resolve(), record_of(one).resolve()):
            raise InputError(f"{out} is being read.", hint="Write to another file.", field="out")
    if out.exists() and facts_of(record_of(out)) is None:
        raise InputError(
            f"{out} exists, and gisgov did not repair it.", hint="Write to another file.", field="out"
        )


def facts_of(record: Path) -> dict[str, str] | None:
    """Return what a record says of its repair; None where it is none."""
    return read_facts(record, ABOUT) if record.is_file() else None


def layer_of(path: Path, facts: dict[str, str]) -> str | None:
    """Return which layer of a repaired file holds its areas."""
    return facts["layer"] if path.suffix.lower() == ".gpkg" else None


def write_repaired(applied: Applied, path: Path, file_layer: str | None, out: Path) -> tuple[str, ...]:
    """Write a repaired file with the record of its repair.

    Parameters
    ----------
    applied : Applied
        What was done.
    path : pathlib.Path
        The file that was repaired.
    file_layer : str or None
        Its layer.
    out : pathlib.Path
        Where to: all rows in their order with all attributes, in the same system. The geometries of areas
        that did not change are the bytes of the file; dropped areas are left out. In a GeoPackage lie beside
        it ``repair_log``, every decision, and ``before``, the changed and dropped rows as they were with the
        ground that each gained and lost, and perhaps ``repair_scope``, the scope with the vertices that areas
        have on its border; other formats get these in ``NAME.repair.gpkg``.

    Returns
    -------
    tuple of str
        The files that were written.

    Raises
    ------
    FileError
        It cannot be written.
    """
    rows = read_rows(path, layer=file_layer)
    repair = applied.repair
    dropped = dropped_of(repair)
    reshaped = np.setdiff1d(repair.changed, dropped)
    kept = np.setdiff1d(np.arange(len(rows)), dropped)
    repaired = rows.with_geometries(reshaped, repair.areas[reshaped]).taken(kept)
    layer = (
        rows.layer if rows.layer not in (LOG, BEFORE, SCOPE, f"{LOG}_points") else f"{rows.layer}_repaired"
    )
    with made_aside(out) as folder:
        place, record = folder / out.name, folder / record_of(out).name
        write_rows(repaired, place, layer)
        write_vectors(_log(applied), record, layer=LOG, style=PROPOSALS)
        if len(repair.changed):
            write_rows(_before(applied, rows, dropped), record, BEFORE)
        if applied.scope_is_noded:
            frame = geopandas.GeoDataFrame(geometry=[applied.repair.scope])
            write_vectors(frame, record, layer=SCOPE, crs=rows.crs)
        facts = {"subject": path.name, "layer": layer, "rows": str(len(rows))}
        facts |= {"changed": str(len(repair.changed)), "scope": applied.case.asked.scope}
        facts |= {f"made for {part}": value for part, value in applied.case.made_for().items()}
        facts["repaired"] = digest_of(read_rows(place, layer=layer_of(place, facts)))
        write_facts(facts, record, ABOUT)
    return tuple(dict.fromkeys((str(out), str(record_of(out)))))


@contextmanager
def made_aside(out: Path) -> Iterator[Path]:
    """Give a folder to write files to, which are put in place together when all of them are whole.

    Raises
    ------
    FileError
        There is no place to write to.
    """
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f".{out.stem}-", dir=out.parent))
    except OSError as error:
        raise FileError(f"{out} cannot be written: {error.strerror}.") from error
    try:
        yield folder
        for made in sorted(folder.iterdir()):
            made.replace(out.parent / made.name)
    finally:
        shutil.rmtree(folder)


def digest_of(rows: LayerRows) -> str:
    """Return a digest of the geometries of rows, to the last bit and in their order."""
    digest = hashlib.sha256()
    for wkb in rows.wkb:
        part = b"" if wkb is None else bytes(wkb)
        digest.update(len(part).to_bytes(8, "little") + part)
    return digest.hexdigest()


def _log(applied: Applied) -> geopandas.GeoDataFrame:
    """Return every decision and what became of it, on the ground of its defect."""
    told = applied.findings.told
    decided = outcomes(applied)
    frame = pd.DataFrame(
        {
            "number": [one.number for one in decided],
            "kind": [one.kind for one in decided],
            "decision": [one.decision for one in decided],
            "to": [one.to for one in decided],
            "area_m2": [one.area_m2 for one in decided],
            "by": [one.by for one in decided],
            "done": ["yes" if one.done else "no" for one in decided],
            "why_not": [one.why_not for one in decided],
            "areas": [", ".join(one.areas) for one in decided],
            "lon": np.array([one.lon for one in told], dtype=np.float64),
            "lat": np.array([one.lat for one in told], dtype=np.float64),
            "key": [one.key for one in decided],
        }
    )
    return geopandas.GeoDataFrame(frame, geometry=list(ground_of(told)), crs="EPSG:4326")


def _before(applied: Applied, rows: LayerRows, dropped: Ints) -> LayerRows:
    """Return the rows that changed or are gone as they were, and what each gained and lost."""
    repair, codes = applied.repair, applied.case.codes
    changed = repair.changed
    was = rows.taken(changed)
    gone = set(dropped.tolist())
    added = {
        ROW: pa.array(changed + 1),
        CODE: pa.array([codes[i] for i in changed.tolist()]),
        CHANGE: pa.array([DROPPED if i in gone else CHANGED for i in changed.tolist()]),
        GAINED: pa.array(repair.gained_m2[changed]),
        LOST: pa.array(repair.lost_m2[changed]),
    }
    for name, column in added.items():
        was = was.with_column(name, column)
    return was
