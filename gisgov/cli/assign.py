"""``gisgov assign``: the area of each point of a file."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import click

from gisgov.cli.import_texts import FILE
from gisgov.cli.output import emit, json_option, table
from gisgov.cli.progress import progress
from gisgov.cli.session import load_settings, open_database
from gisgov.errors import ConflictError, InputError
from gisgov.services.assigning_files import FileAssignment, FileRequest, assign_file, assign_folder
from gisgov.services.assigning_files.areas import layer_in_force
from gisgov.services.days import parse_day
from gisgov.services.indexes import IndexFolder, LayerIndex
from gisgov.work.place import index_place


@click.command
@click.argument("points", type=FILE)
@click.option("--layer", required=True, metavar="NAME", help="The layer whose areas are asked.")
@click.option("--out", required=True, type=FILE, metavar="OUT", help="Where to write.")
@click.option("--at", metavar="DATE", help="The day whose plan is asked.  [default: today]")
@click.option(
    "--crs",
    metavar="NAME",
    help="Coordinate system: wgs84, cgcs2000, gcj02, bd09, EPSG:4547 …; required unless POINTS states it.",
)
@click.option("--lon", metavar="COLUMN", help="Column of the longitude or easting.")
@click.option("--lat", metavar="COLUMN", help="Column of the latitude or northing.")
@click.option("--file-layer", metavar="NAME", help="Layer of a GeoPackage, if it has several.")
@click.option("--detail", is_flag=True, help="Write names, distances, other candidates and the nearest too.")
@click.option("--force", is_flag=True, help="Replace OUT if it exists.")
@click.option("--resume", is_flag=True, help="Go on with a run that was killed, if there is one.")
@click.option(
    "--dask",
    metavar="ADDRESS",
    help="Work on the Dask cluster of this scheduler, such as tcp://host:8786; OUT is a folder then.",
)
@json_option(FileAssignment)
def assign(
    points: Path,
    layer: str,
    out: Path,
    at: str | None,
    crs: str | None,
    lon: str | None,
    lat: str | None,
    file_layer: str | None,
    detail: bool,
    force: bool,
    resume: bool,
    dask: str | None,
    as_json: bool,
) -> None:
    """Write the points of a file anew, each with the area of a layer that owns it.

    POINTS is Parquet, GeoParquet, CSV or GeoPackage, and so is OUT, by its suffix; or POINTS is a folder of
    Parquet files, and OUT a folder. Columns and the order of rows stay; area_code, area_status and area_plan
    are added. A point on a border belongs to the area with the smallest code.

    A run that was killed leaves a hidden folder beside OUT, with which the same command and --resume goes on.
    """
    settings = load_settings()
    zone = ZoneInfo(settings.timezone)
    request = FileRequest(
        path=points,
        out=out,
        day=parse_day(at, zone),
        crs=crs,
        lon=lon,
        lat=lat,
        file_layer=file_layer,
        detail=detail,
        resume=resume,
    )
    is_folder = points.is_dir() or dask is not None
    _refuse_mixed(request, is_folder=is_folder)
    _refuse_out(request, force=force)
    database = open_database(settings)
    url = database.engine.url.render_as_string(hide_password=False)
    index = layer_in_force(database, IndexFolder(index_place(settings, url)), layer, request.day)
    if dask is not None:
        done = _by_cluster(dask, index, request)
    elif is_folder:
        done = assign_folder(index, request, progress=progress())
    else:
        done = assign_file(index, request, progress=progress())
    emit(done, as_json=as_json, text=describe)


def describe(done: FileAssignment) -> str:
    """Return what was done as text for people."""
    by = f" ({' and '.join(done.coordinates_from)}{', by their names' if done.guessed else ''})"
    plans = ", ".join(done.plans)
    lines = [
        f"{done.file} in {done.crs}{by}: {done.rows:,} points on layer {done.layer} on {done.at} ({plans}).",
        "",
        table(
            ("points", "count"),
            [
                ("in an area", done.owned),
                ("on a border, owned by the smallest code", done.border),
                ("outside every area", done.outside),
                ("without a coordinate", done.no_coordinate),
                ("with a coordinate that is no place", done.bad_coordinate),
                ("with something else than a coordinate", done.unreadable),
            ],
        ),
    ]
    if done.faults:
        lines += ["", "Not placed, among others:"]
        lines += [f"  {one.file}, row {one.row:,}: {one.message}" for one in done.faults]
    if 2 * done.inside_when_swapped > done.rows:
        lines += [
            "",
            f"With x and y exchanged {done.inside_when_swapped:,} points would lie in an area.",
        ]
    if done.resumed_parts:
        lines += ["", f"{done.resumed_parts:,} of {done.parts:,} parts were done by an earlier run."]
    return "\n".join([*lines, "", f"{done.out}: written, with {', '.join(done.columns)}."])


def _refuse_out(request: FileRequest, *, force: bool) -> None:
    if not request.out.absolute().parent.is_dir():
        raise InputError(
            f"There is no folder {request.out.parent} to write {request.out.name} into.",
            hint="Make it, or mend the path.",
            field="out",
        )
    if request.out.exists() and not (force or request.resume):
        raise ConflictError(f"{request.out} exists.", hint="Choose another name, or give --force.")


def _refuse_mixed(request: FileRequest, *, is_folder: bool) -> None:
    if is_folder and request.out.suffix:
        raise InputError(
            f"{request.out} would be a folder, but has the suffix of a file.",
            hint="Give --out a folder; readers of Parquet take it as one data set.",
            field="out",
        )
    if is_folder and request.file_layer is not None:
        raise InputError("--file-layer is for a GeoPackage.", field="file_layer")


def _by_cluster(address: str, index: LayerIndex, request: FileRequest) -> FileAssignment:
    from gisgov.distributed import assign_dataset, connected

    with connected(address) as client:
        return assign_dataset(
            client,
            request.path,
            request.out,
            index,
            day=request.day,
            crs=request.crs,
            lon=request.lon,
            lat=request.lat,
            detail=request.detail,
            resume=request.resume,
            progress=progress(),
        )
