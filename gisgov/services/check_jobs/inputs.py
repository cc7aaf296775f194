"""The files that come with a check: stored under names of ours, told of under those they were given."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from gisgov.errors import FileError, GisgovError
from gisgov.files.formats import SUFFIXES, VECTOR_FORMATS, identify
from gisgov.services.jobs import Input


def stored_name(name: str, given: str) -> str:
    """Return the name under which the file of a field is stored; of the given one a known suffix is kept.

    Raises
    ------
    FileError
        The suffix is of no file that a check reads.

    Examples
    --------
    >>> stored_name("scope", "../../划分 2026.GeoJSON")
    'upload-scope.geojson'
    """
    suffix = Path(given).suffix.lower()
    if not set(SUFFIXES.get(suffix, ())) & set(VECTOR_FORMATS):
        known = " ".join(sorted(one for one in SUFFIXES if set(SUFFIXES[one]) & set(VECTOR_FORMATS)))
        raise FileError(
            f"{given} has the suffix {suffix or '(none)'}, from which gisgov reads no areas.",
            hint=f"Known suffixes: {known}.",
            field=name,
        )
    return f"upload-{name}{suffix}"


def refuse_wrong_files(folder: Path, inputs: Mapping[str, Input]) -> None:
    """Look at the first bytes of files, to refuse wrong ones before they wait for their turn.

    Raises
    ------
    FileError
        One is empty, truncated or of another kind than its name says.
    """
    for name, one in inputs.items():
        try:
            identify(folder / one.stored)
        except GisgovError as error:
            raise FileError(
                in_given_names(error.message, inputs, folder),
                hint=None if error.hint is None else in_given_names(error.hint, inputs, folder),
                field=name,
            ) from error


def in_given_names(text: str, inputs: Mapping[str, Input], folder: Path) -> str:
    """Return a text in which files bear the names that they were given, and no folder is seen.

    Examples
    --------
    >>> inputs = {"file": Input("upload-file.gpkg", "网格.gpkg")}
    >>> in_given_names("/jobs/1/upload-file.gpkg is empty.", inputs, Path("/jobs/1"))
    '网格.gpkg is empty.'
    """
    text = text.replace(f"{folder}/", "")
    for one in inputs.values():
        text = text.replace(one.stored, one.given).replace(Path(one.stored).stem, Path(one.given).stem)
    return text
