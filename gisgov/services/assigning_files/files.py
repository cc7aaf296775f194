"""One file of points in, the same file with its areas out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from gisgov.errors import InputError
from gisgov.files.crs_choice import choose_crs
from gisgov.files.streams.names import free_names
from gisgov.files.streams.opening import open_points
from gisgov.files.streams.parts import PartFolder, read_batch, replace_durably, write_batch
from gisgov.files.streams.sinks import Shape, writer_of
from gisgov.files.streams.source import PointSource
from gisgov.files.vector_output import plain_write_failures
from gisgov.services.assigning_files.columns import Adding, added_words, assigned_batch
from gisgov.services.assigning_files.report import FileAssignment, FileRequest, summed
from gisgov.services.assigning_files.resuming import asked_of, begin, refuse_changed
from gisgov.types import Json, Progress, silent

if TYPE_CHECKING:
    from gisgov.services.indexes import LayerIndex


def assign_file(layer: LayerIndex, request: FileRequest, *, progress: Progress = silent) -> FileAssignment:
    """Write a file of points anew with the area of each.

    Rows keep their order, columns their types. Work is done in parts, which wait in a folder beside OUT until
    all are there; then OUT is written aside and put in place in one step. A run that was killed leaves the
    folder, and one with ``resume`` goes on with it: what it writes is equal to what an undisturbed run does.

    Parameters
    ----------
    layer : LayerIndex
        The areas.
    request : FileRequest
        Which file, and where to.
    progress : Progress
        How the advance is shown.

    Raises
    ------
    FileError
        A file cannot be read or written, or is of no fitting format.
    CrsError
        The coordinate system is not known, or the file contradicts what was said.
    ConflictError
        Another run writes the same file, the input changed meanwhile, or a run cannot be gone on with.
    """
    writer = writer_of(request.out)
    source = open_points(request.path, layer=request.file_layer, lon_field=request.lon, lat_field=request.lat)
    system = choose_crs(request.crs, source.crs, name=request.path.name)
    if request.out.exists() and request.out.samefile(request.path):
        raise InputError(f"{request.out} is the file of the points itself.", field="out")
    names = tuple(free_names(added_words(detail=request.detail), source.schema.names))
    adding = Adding(source.place, system, names, request.detail)
    asked = asked_of(request, layer, files=[request.path], crs=system.name, place=source.place, columns=names)
    work = PartFolder(work_path(request.out))
    with work.held():
        begin(work, asked, request, layer)
        told = _done_already(work)
        resumed = len(told)
        parts = source.parts_from(resumed)
        left = None if source.parts is None else source.parts - resumed
        for number, part in enumerate(progress(parts, label="Assigning points", total=left), start=resumed):
            told.append(_put(work, layer, source, adding, part, number))
        refuse_changed(request.path, asked, [request.path])
        aside = work.aside / f"whole{request.out.suffix}"
        aside.parent.mkdir(exist_ok=True)
        aside.unlink(missing_ok=True)
        batches = progress(_batches(work, len(told)), label=f"Writing {request.out.name}", total=len(told))
        shape = Shape(source, system, names, request.out.stem)
        with plain_write_failures(request.out):
            writer(aside, adding.schema_of(source.schema), batches, shape)
            replace_durably(aside, request.out)
        work.remove()
    return summed(
        request, layer, crs=system.name, columns=names, place=source.place, told=told, resumed=resumed
    )


def work_path(out: Path) -> Path:
    """Return the folder in which the run for a file or folder works."""
    return out.with_name(f".{out.name}.assigning")


def _put(
    work: PartFolder,
    layer: LayerIndex,
    source: PointSource,
    adding: Adding,
    part: pa.RecordBatch,
    number: int,
) -> Json:
    batch, told = assigned_batch(layer, part, adding)
    told |= {"file": source.path.name, "first": number * source.part_rows + 1}
    with plain_write_failures(work.path):
        work.put(_name(number), lambda place: write_batch(place, batch), lambda: told)
    return told


def _done_already(work: PartFolder) -> list[Json]:
    told: list[Json] = []
    while (one := work.told_of(_name(len(told)))) is not None:
        told.append(one)
    return told


def _batches(work: PartFolder, count: int) -> Iterator[pa.RecordBatch]:
    for number in range(count):
        yield read_batch(work.parts / _name(number))


def _name(number: int) -> str:
    return f"{number:08d}.arrows"
