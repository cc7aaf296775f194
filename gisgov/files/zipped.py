"""A Shapefile that comes as a zip."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from gisgov.errors import FileError, InputError

_MEMBERS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_MOST_BYTES = 8 << 30


@contextlib.contextmanager
def unzipped_shapefile(path: Path) -> Iterator[Path]:
    """Unpack the one Shapefile in a zip and yield its ``.shp``; the copy is removed afterwards.

    Only the Shapefile's own members are unpacked, under names of ours.

    Raises
    ------
    FileError
        The zip is damaged, or what it holds is beyond 8 GB.
    InputError
        It holds several Shapefiles.
    """
    with tempfile.TemporaryDirectory(prefix="gisgov-zip-") as folder:
        try:
            with zipfile.ZipFile(path) as archive:
                place = _extract(path, archive, Path(folder))
        except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError) as error:
            reason = "it is locked with a password" if "password" in str(error) else "it is damaged"
            raise FileError(f"{path.name} cannot be unpacked: {reason}.", hint="Zip it anew.") from error
        yield place


def _extract(path: Path, archive: zipfile.ZipFile, folder: Path) -> Path:
    entries = [
        entry for entry in archive.infolist() if not entry.is_dir() and "__MACOSX" not in entry.filename
    ]
    shapes = [entry for entry in entries if entry.filename.lower().endswith(".shp")]
    if len(shapes) != 1:
        names = ", ".join(PurePosixPath(entry.filename).name for entry in shapes)
        raise InputError(
            f"{path.name} holds {len(shapes)} Shapefiles: {names}.", hint="Give the .shp, unpacked."
        )
    stem = shapes[0].filename[:-4]
    wanted = [
        entry
        for entry in entries
        if entry.filename[:-4] == stem and PurePosixPath(entry.filename).suffix.lower() in _MEMBERS
    ]
    if sum(entry.file_size for entry in wanted) > _MOST_BYTES:
        raise FileError(f"{path.name} unpacks to more than 8 GB.", hint="Give the .shp, unpacked.")
    for entry in wanted:
        target = folder / f"shape{PurePosixPath(entry.filename).suffix.lower()}"
        with archive.open(entry) as packed, target.open("wb") as plain:
            shutil.copyfileobj(packed, plain)
    return folder / "shape.shp"
