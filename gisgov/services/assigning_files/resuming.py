"""Whether a run may go on with what an earlier one did: same input, same plan, same options."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from gisgov import __version__
from gisgov.errors import ConflictError
from gisgov.files.streams.parts import PartFolder
from gisgov.files.streams.source import Place
from gisgov.services.assigning_files.report import FileRequest
from gisgov.types import Json

if TYPE_CHECKING:
    from gisgov.services.indexes import LayerIndex

_SAMPLES: Final = 64
_SAMPLE_BYTES: Final = 64 << 10
_WORDS: Final = {
    "input": "{path} is not what it was",
    "areas": "the plans of layer {layer} in force are not those of then",
    "crs": "the coordinate system is another",
    "place": "the coordinates come from other columns",
    "detail": "--detail was {was}",
    "gisgov": "it was made by gisgov {was}",
}


def asked_of(
    request: FileRequest,
    layer: LayerIndex,
    *,
    files: Sequence[Path],
    crs: str,
    place: Place,
    columns: Sequence[str],
) -> Json:
    """Return what a result depends on, to compare a later run with."""
    return {
        "input": [[str(path), *_print_of(path)] for path in files],
        "areas": digest_of(layer),
        "crs": crs,
        "place": [place.lon, place.lat, place.geometry, request.file_layer],
        "detail": request.detail,
        "columns": [*columns],
        "gisgov": __version__,
        "at": request.day.isoformat(),
    }


def begin(work: PartFolder, asked: Json, request: FileRequest, layer: LayerIndex) -> None:
    """Begin a run in its folder: go on with the one that is there, or clear what it left and begin anew.

    Raises
    ------
    ConflictError
        The run that is there was asked for something else.
    """
    before = work.request() if request.resume else None
    if before is None:
        work.clear()
        work.make()
        work.write_request(asked)
        return
    different = [key for key in _WORDS if before.get(key) != asked[key]]
    if different:
        words = [
            _WORDS[key].format(path=request.path, layer=layer.layer.name, was=_was(before.get(key)))
            for key in different
        ]
        day = before.get("at")
        hint = f"Say --at {day}, the day it began with, or leave --resume out to begin anew."
        raise ConflictError(
            f"The run for {request.out} cannot be gone on with: {', and '.join(words)}.",
            hint=hint
            if different == ["areas"] and day != asked["at"]
            else "Leave --resume out to begin anew.",
            field="resume",
        )


def refuse_changed(path: Path, asked: Json, files: Sequence[Path]) -> None:
    """Refuse input that changed while it was read.

    Raises
    ------
    ConflictError
        It did.
    """
    if [[str(one), *_print_of(one)] for one in files] != asked["input"]:
        raise ConflictError(f"{path} was changed while it was read.", hint="Begin anew, without --resume.")


def digest_of(layer: LayerIndex) -> str:
    """Return a digest of everything that answers depend on: plans, areas and their index."""
    digest = hashlib.blake2b(digest_size=20)
    words = [layer.layer.name, *(plan.name for plan in layer.plans), *layer.codes, *layer.names]
    digest.update("\x00".join(map(str, words)).encode())
    digest.update(np.ascontiguousarray(layer.plan_of).tobytes())
    for name, array in sorted(layer.index.to_arrays().items()):
        digest.update(f"{name} {array.dtype.str} {array.shape}".encode())
        digest.update(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)
    return digest.hexdigest()


def _print_of(path: Path) -> list[int | str]:
    """Return the size of a file, when it was written, and a digest of places all over it."""
    stat = path.stat()
    digest = hashlib.blake2b(digest_size=16)
    last = max(stat.st_size - _SAMPLE_BYTES, 0)
    with path.open("rb") as file:
        for place in sorted({last * i // (_SAMPLES - 1) for i in range(_SAMPLES)}):
            file.seek(place)
            digest.update(file.read(_SAMPLE_BYTES))
    return [stat.st_size, stat.st_mtime_ns, digest.hexdigest()]


def _was(value: object) -> str:
    if isinstance(value, bool):
        return "asked for" if value else "not asked for"
    return str(value)
