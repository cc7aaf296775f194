"""A data set of Parquet files: each partition is joined and written where it lies, by whoever does it.

A partition is a run of row groups of one file. What it becomes has a name that follows from the input alone,
and is written aside and renamed: whoever does a partition a second time writes the same file again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.parquet as pq

from gisgov.errors import ConflictError, FileError, InputError
from gisgov.files.crs_choice import choose_crs
from gisgov.files.gdal_layers import plain_failures
from gisgov.files.streams.names import free_names
from gisgov.files.streams.opening import open_points, open_row_groups
from gisgov.files.streams.parts import PartFolder, replace_durably
from gisgov.files.streams.sinks import Shape, write_parquet
from gisgov.files.vector_output import plain_write_failures
from gisgov.geometry.crs import CoordinateSystem
from gisgov.services.assigning_files.columns import Adding, added_words, assigned_batch
from gisgov.services.assigning_files.files import work_path
from gisgov.services.assigning_files.report import MOST_FAULTS, FileAssignment, FileRequest, summed
from gisgov.services.assigning_files.resuming import asked_of, begin, refuse_changed
from gisgov.types import Json, Progress, silent

if TYPE_CHECKING:
    from gisgov.services.indexes import LayerIndex

_PARTITION_ROWS: Final = 1 << 20
_SUFFIXES: Final = (".parquet", ".geoparquet")


@dataclass(frozen=True, slots=True)
class Partition:
    """A piece of a data set, small enough to travel to whoever does it.

    Attributes
    ----------
    path : str
        The file.
    groups : tuple of int
        Its row groups.
    first_row : int
        Number of the first row in the file, from 1.
    name : str
        Where it goes, in the folder of the output.
    adding : Adding
        What is added to it.
    """

    path: str
    groups: tuple[int, ...]
    first_row: int
    name: str
    adding: Adding


@dataclass(frozen=True, slots=True)
class DatasetRun:
    """What whoever does the partitions is given.

    Attributes
    ----------
    layer : LayerIndex
        The areas.
    work : pathlib.Path
        The folder of the run, on storage that all share.
    partitions : tuple of Partition
        What is still to do.
    """

    layer: LayerIndex
    work: Path
    partitions: tuple[Partition, ...]


Doer = Callable[[DatasetRun], Iterable[tuple[str, Json]]]
"""Does all partitions of a run and yields the name of each with what is told of it, in any order."""


def do_here(run: DatasetRun) -> Iterator[tuple[str, Json]]:
    """Do the partitions one after another in this process."""
    for one in run.partitions:
        yield one.name, assign_partition(run.layer, one, run.work)


def assign_folder(
    layer: LayerIndex, request: FileRequest, *, do: Doer = do_here, progress: Progress = silent
) -> FileAssignment:
    """Write a data set of points anew with the area of each, partition by partition.

    Parameters
    ----------
    layer : LayerIndex
        The areas.
    request : FileRequest
        ``path`` is a folder of Parquet files, or one such file; ``out`` is a folder that is not there yet.
        Files keep their names; one of many rows becomes several, named after it in the order of the rows.
    do : callable
        Who does the partitions; by default this process. The result is the same to the bit.
    progress : Progress
        How the advance is shown.

    Raises
    ------
    FileError
        A file cannot be read or written, or there is none.
    InputError
        A column is missing, or files have different coordinate systems.
    ConflictError
        ``out`` is there already, another run writes it, or a run cannot be gone on with.
    """
    files = _files_of(request.path)
    system, names, partitions = _plan(request, files)
    place = partitions[0].adding.place
    asked = asked_of(request, layer, files=files, crs=system.name, place=place, columns=names)
    work = PartFolder(work_path(request.out))
    with work.held():
        in_place = _is_in_place(request, work)
        begin(work, asked, request, layer)
        told = _told_already(work, partitions, in_place=in_place)
        resumed = len(told)
        if not in_place:
            run = DatasetRun(layer, work.path, tuple(one for one in partitions if one.name not in told))
            told |= progress(do(run), label="Assigning partitions", total=len(run.partitions))
            refuse_changed(request.path, asked, files)
            request.out.parent.mkdir(parents=True, exist_ok=True)
            replace_durably(work.parts, request.out)
        work.remove()
    in_order = [told[one.name] for one in partitions]
    return summed(request, layer, crs=system.name, columns=names, place=place, told=in_order, resumed=resumed)


def assign_partition(layer: LayerIndex, partition: Partition, work: Path) -> Json:
    """Join one partition and write it, in the memory of one part of it.

    Parameters
    ----------
    layer : LayerIndex
        The areas.
    partition : Partition
        Which one.
    work : pathlib.Path
        The folder of the run.

    Returns
    -------
    dict
        What is told of it, see `gisgov.services.assigning_files.report.summed`.
    """
    adding = partition.adding
    source = open_row_groups(
        Path(partition.path), partition.groups, lon_field=adding.place.lon, lat_field=adding.place.lat
    )
    told: Json = {"rows": 0, "counts": {}, "swapped": 0, "faults": []}

    def batches() -> Iterator[pa.RecordBatch]:
        for part in source.parts_from(0):
            batch, one = assigned_batch(layer, part, adding)
            told["faults"] = [*told["faults"], *((told["rows"] + row, text) for row, text in one["faults"])]
            told["faults"] = told["faults"][:MOST_FAULTS]
            told["rows"] += one["rows"]
            told["swapped"] += one["swapped"]
            for word, count in one["counts"].items():
                told["counts"][word] = told["counts"].get(word, 0) + count
            yield batch

    def write(place: Path) -> None:
        shape = Shape(source, adding.system, adding.names, "")
        write_parquet(place, adding.schema_of(source.schema), batches(), shape)
        told.update(file=source.path.name, first=partition.first_row)

    with plain_write_failures(work / partition.name):
        PartFolder(work).put(partition.name, write, lambda: told)
    return told


def _files_of(path: Path) -> list[Path]:
    if not path.is_dir():
        if path.suffix.lower() not in _SUFFIXES:
            raise FileError(
                f"{path.name} is no data set.", hint="Give a folder of Parquet files, or one such file."
            )
        return [path]
    found = sorted(
        one
        for one in path.rglob("*")
        # readers of data sets pass over such names, and so does this one
        if one.suffix.lower() in _SUFFIXES
        and not any(part.startswith((".", "_")) for part in one.relative_to(path).parts)
    )
    if not found:
        raise FileError(f"There is no Parquet file in {path}.")
    return found


def _plan(
    request: FileRequest, files: Sequence[Path]
) -> tuple[CoordinateSystem, tuple[str, ...], list[Partition]]:
    """Look at every file: what its coordinates are in, how the new columns are called, how it is divided."""
    sources = [open_points(one, lon_field=request.lon, lat_field=request.lat) for one in files]
    systems = {choose_crs(request.crs, one.crs, name=one.path.name) for one in sources}
    if len(systems) > 1:
        told = ", ".join(sorted(one.name for one in systems))
        raise InputError(
            f"The files of {request.path} are in several coordinate systems: {told}.", field="crs"
        )
    (system,) = systems
    taken = {name for one in sources for name in one.schema.names}
    names = tuple(free_names(added_words(detail=request.detail), taken))
    root = request.path if request.path.is_dir() else request.path.parent
    partitions: list[Partition] = []
    for source in sources:
        adding = Adding(source.place, system, names, request.detail)
        divided = _divided(source.path)
        for number, (first_row, groups) in enumerate(divided):
            inside = source.path.relative_to(root)
            name = inside if len(divided) == 1 else inside.with_stem(f"{inside.stem}~{number:05d}")
            partitions.append(Partition(str(source.path), groups, first_row, name.as_posix(), adding))
    doubled = len(partitions) - len({one.name for one in partitions})
    if doubled:
        raise InputError(f"{doubled} files of {request.path} would get the name of another.", field="path")
    return system, names, partitions


def _divided(path: Path) -> list[tuple[int, tuple[int, ...]]]:
    """Divide a file into runs of row groups of about a million rows, each with its first row."""
    with plain_failures(path):
        meta = pq.read_metadata(path)
    divided: list[tuple[int, tuple[int, ...]]] = []
    groups: list[int] = []
    first, rows = 1, 0
    for group in range(meta.num_row_groups):
        count = meta.row_group(group).num_rows
        if groups and rows + count > _PARTITION_ROWS:
            divided.append((first, tuple(groups)))
            first, rows, groups = first + rows, 0, []
        groups.append(group)
        rows += count
    return [*divided, (first, tuple(groups))] if groups or not divided else divided


def _is_in_place(request: FileRequest, work: PartFolder) -> bool:
    """Whether an earlier run did everything and was killed before it could clear up.

    Raises
    ------
    ConflictError
        There is something at the place of the output that is not of such a run.
    """
    if not request.out.exists() or (request.out.is_dir() and not any(request.out.iterdir())):
        return False
    if request.resume and work.request() is not None and not work.parts.exists():
        return True
    raise ConflictError(
        f"{request.out} is there already.", hint="Remove it, or choose another folder.", field="out"
    )


def _told_already(work: PartFolder, partitions: Sequence[Partition], *, in_place: bool) -> dict[str, Json]:
    told = {one.name: work.told_of(one.name, is_moved=in_place) for one in partitions}
    return {name: one for name, one in told.items() if one is not None}
