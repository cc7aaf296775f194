"""What kind of file a file is: told by its first bytes, because names lie."""

from __future__ import annotations

import struct
import zipfile
from enum import StrEnum
from pathlib import Path

from gisgov.errors import FileError
from gisgov.files.shapefile_parts import shapefile_bytes

_HEAD_BYTES = 65_536
_SQLITE = b"SQLite format 3\x00"
_GPKG_IDS = (b"GPKG", b"GP10", b"GP11")
_BYTE_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


class Format(StrEnum):
    """A kind of file that gisgov reads."""

    GEOPACKAGE = "GeoPackage"
    SHAPEFILE = "Shapefile"
    ZIPPED_SHAPEFILE = "zipped Shapefile"
    GEOJSON = "GeoJSON"
    PARQUET = "Parquet"
    KML = "KML"
    FLATGEOBUF = "FlatGeobuf"
    EXCEL = "Excel"
    TEXT_TABLE = "CSV"


VECTOR_FORMATS = (
    Format.GEOPACKAGE,
    Format.SHAPEFILE,
    Format.ZIPPED_SHAPEFILE,
    Format.GEOJSON,
    Format.PARQUET,
    Format.KML,
    Format.FLATGEOBUF,
)

SUFFIXES: dict[str, tuple[Format, ...]] = {
    ".gpkg": (Format.GEOPACKAGE,),
    ".shp": (Format.SHAPEFILE,),
    ".zip": (Format.ZIPPED_SHAPEFILE,),
    ".shz": (Format.ZIPPED_SHAPEFILE,),
    ".geojson": (Format.GEOJSON,),
    ".json": (Format.GEOJSON,),
    ".parquet": (Format.PARQUET,),
    ".geoparquet": (Format.PARQUET,),
    ".kml": (Format.KML,),
    ".fgb": (Format.FLATGEOBUF,),
    ".xlsx": (Format.EXCEL,),
    ".xlsm": (Format.EXCEL,),
    ".xls": (Format.EXCEL,),
    ".ods": (Format.EXCEL,),
    ".csv": (Format.TEXT_TABLE,),
    ".tsv": (Format.TEXT_TABLE,),
    ".txt": (Format.TEXT_TABLE,),
}


def identify(path: Path) -> Format:
    """Tell what kind of file lies at a path, from its content.

    Parameters
    ----------
    path : pathlib.Path
        The file. For a Shapefile, the ``.shp`` or the ``.zip`` that holds it.

    Returns
    -------
    Format
        The format of the content, which is also what the suffix promises.

    Raises
    ------
    FileError
        The file is absent, empty, truncated, of no kind that gisgov reads, or its suffix promises
        another kind.

    Examples
    --------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "areas.geojson"
    >>> _ = place.write_text('{"type": "FeatureCollection", "features": []}')
    >>> identify(place).value
    'GeoJSON'
    """
    head = _read_head(path)
    promised = SUFFIXES.get(path.suffix.lower())
    if promised is None:
        raise FileError(
            f"{path.name} has the suffix {path.suffix or '(none)'}, which gisgov does not read.",
            hint=f"Known suffixes: {' '.join(sorted(SUFFIXES))}.",
        )
    found = _of_content(path, head)
    if found not in promised:
        raise FileError(
            f"{path.name} is not {_with_article(promised[0])}: it holds {_describe(found, head)}.",
            hint="Export it anew."
            if _is_prose(found, head)
            else "Give the file the suffix of what it holds, or export it anew.",
        )
    if found is Format.GEOPACKAGE:
        _refuse_truncated(path, _sqlite_bytes(head))
    if found is Format.SHAPEFILE:
        _refuse_truncated(path, shapefile_bytes(head))
    return found


def _read_head(path: Path) -> bytes:
    if path.is_dir():
        raise FileError(f"{path} is a folder, not a file.")
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except FileNotFoundError:
        raise FileError(f"There is no file {path}.", hint="Check the path.") from None
    except OSError as error:
        raise FileError(f"{path} cannot be read: {error.strerror}.") from error
    if not head.strip(b"\x00 \t\r\n"):
        raise FileError(f"{path.name} is empty.", hint="Export it anew.")
    return head


def _of_content(path: Path, head: bytes) -> Format | None:
    if head.startswith(_SQLITE):
        return Format.GEOPACKAGE if head[68:72] in _GPKG_IDS else None
    if head.startswith(b"fgb\x03fgb"):
        return Format.FLATGEOBUF
    if head.startswith(b"PAR1"):
        return Format.PARQUET
    if head.startswith(b"\x00\x00\x27\x0a"):
        return Format.SHAPEFILE
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return Format.EXCEL
    if head.startswith(b"PK"):
        return _of_zip(path)
    if head.startswith(_BYTE_MARKS[1:]):
        return Format.TEXT_TABLE
    text = head.removeprefix(_BYTE_MARKS[0]).lstrip()
    if text.startswith((b"{", b"[")):
        return _of_json(text)
    if text.startswith(b"<"):
        return Format.KML if b"<kml" in text or b":kml" in text else None
    return None if b"\x00" in head else Format.TEXT_TABLE


def _of_json(text: bytes) -> Format | None:
    # "gdal_streamed_alg" is a program for GDAL in JSON's clothes, not data
    is_geojson = any(word in text for word in (b'"FeatureCollection"', b'"Feature"', b'"coordinates"'))
    return Format.GEOJSON if is_geojson and b"gdal_streamed_alg" not in text else None


def _of_zip(path: Path) -> Format | None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name.lower() for name in archive.namelist()]
    except (zipfile.BadZipFile, OSError) as error:
        raise FileError(
            f"{path.name} is a damaged or truncated zip.", hint="Copy or export it anew."
        ) from error
    if any(name.endswith(".shp") for name in names):
        return Format.ZIPPED_SHAPEFILE
    if any(name in ("xl/workbook.xml", "xl/workbook.bin", "content.xml") for name in names):
        return Format.EXCEL
    return None


def _refuse_truncated(path: Path, expected: int) -> None:
    """Compare the file's size with what its header says; GDAL may read half of it without a word."""
    size = path.stat().st_size
    if size < expected:
        raise FileError(
            f"{path.name} is truncated: {size:,} of {expected:,} bytes are there.", hint="Copy it anew."
        )


def _sqlite_bytes(head: bytes) -> int:
    """Return the size that a database's header counts in pages, 0 where it does not vouch for it."""
    (page_size,) = struct.unpack(">H", head[16:18])
    (pages,) = struct.unpack(">I", head[28:32])
    # the count is trustworthy only when both change counters agree (SQLite file format, 1.3.7)
    is_vouched_for = head[24:28] == head[92:96]
    return (65_536 if page_size == 1 else page_size) * pages if is_vouched_for else 0


def _with_article(kind: Format) -> str:
    return f"an {kind}" if kind is Format.EXCEL else f"a {kind}"


def _describe(kind: Format | None, head: bytes) -> str:
    if _is_prose(kind, head):
        return "plain text"
    if kind is not None:
        return str(kind)
    if head.startswith(b"PK"):
        return "a zip without a .shp in it"
    return "something else"


def _is_prose(kind: Format | None, head: bytes) -> bool:
    """Whether text is no table: its first two lines have no separator as often as each other."""
    if kind is not Format.TEXT_TABLE or head.startswith(_BYTE_MARKS[1:]):
        return False
    header, *more = head.strip().split(b"\n", 2)[:2]
    counts = [
        (header.count(mark), *(line.count(mark) for line in more)) for mark in (b",", b"\t", b";", b"|")
    ]
    return not any(min(count) == max(count) > 0 for count in counts)
