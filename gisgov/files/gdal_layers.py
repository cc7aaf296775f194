"""The layers in a file as GDAL sees them, and GDAL's failures in one line."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, GeometryError

from gisgov.errors import FileError, InputError

_FAILURES = (
    DataSourceError,
    DataLayerError,
    FeatureError,
    GeometryError,
    pa.ArrowException,
    OSError,
    UnicodeDecodeError,
)


def layers_of(place: Path) -> tuple[str, ...]:
    """Return the names of the layers that hold geometry."""
    return tuple(str(name) for name, geometry_type in pyogrio.list_layers(place) if geometry_type is not None)


def choose_layer(path: Path, layers: tuple[str, ...], wanted: str | None) -> str:
    """Return the layer that was asked for, or the only one.

    Raises
    ------
    FileError
        There is no layer at all.
    InputError
        There is no such layer, or several and none was chosen.
    """
    if not layers:
        raise FileError(f"{path.name} holds no vector layer.")
    if wanted is None:
        if len(layers) > 1:
            raise InputError(
                f"{path.name} holds {len(layers)} layers: {', '.join(layers)}.",
                hint="Choose one with --file-layer.",
                field="file_layer",
            )
        return layers[0]
    if wanted not in layers:
        raise InputError(
            f"{path.name} has no layer {wanted!r}.",
            hint=f"Its layers: {', '.join(layers)}.",
            field="file_layer",
        )
    return wanted


@contextlib.contextmanager
def plain_failures(path: Path) -> Iterator[None]:
    """Say in one line what the readers below say in many words."""
    try:
        yield
    except UnicodeDecodeError as error:
        raise FileError(f"The text of {path.name} is not UTF-8.", hint="Save the file as UTF-8.") from error
    except _FAILURES as error:
        reason = " ".join(str(error).split())[:200].rstrip(".")
        raise FileError(
            f"{path.name} cannot be read; it may be damaged or truncated: {reason}.",
            hint="Export or copy it anew.",
        ) from error
