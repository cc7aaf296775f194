"""The index of a layer as one file, for processes that have no database: they map it, and hold one copy."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from gisgov.errors import FileError
from gisgov.files.mapped_arrays import map_arrays, write_arrays
from gisgov.geometry.cell_index import CellIndex
from gisgov.services.indexes.records import IndexedPlan, LayerIndex
from gisgov.services.indexes.texts import MappedTextLists, MappedTexts
from gisgov.store.locating import LayerAt
from gisgov.types import Json

if TYPE_CHECKING:
    from collections.abc import Sequence

_INDEX: Final = "index."


def write_layer(path: Path, layer: LayerIndex) -> None:
    """Write a layer; whoever reads sees it whole or not at all.

    Raises
    ------
    OSError
        The file cannot be written.
    """
    codes, names = _texts(layer.codes), _texts(layer.names)
    parents = MappedTextLists.of(layer.parent_codes)
    arrays: dict[str, npt.NDArray[Any]] = {
        "plan_of": np.asarray(layer.plan_of, dtype=np.int32),
        "code_ends": codes.ends,
        "codes": codes.octets,
        "name_ends": names.ends,
        "names": names.octets,
        "parent_ends": parents.ends,
        "parent_code_ends": parents.texts.ends,
        "parent_codes": parents.texts.octets,
        **{f"{_INDEX}{name}": array for name, array in layer.index.to_arrays().items()},
    }
    write_arrays(path, arrays, {"layer": asdict(layer.layer), "plans": [_told(one) for one in layer.plans]})


def read_layer(path: Path) -> LayerIndex:
    """Read a layer; its arrays stay in the file, which may be removed meanwhile.

    Raises
    ------
    FileError
        There is no such file, or it is not whole.
    """
    mapped = map_arrays(path)
    if mapped is None:
        raise FileError(f"There is no sound index of a layer at {path}.")
    arrays = mapped.arrays
    parents = MappedTexts(arrays["parent_code_ends"], arrays["parent_codes"])
    own = {name[len(_INDEX) :]: array for name, array in arrays.items() if name.startswith(_INDEX)}
    return LayerIndex(
        LayerAt(**mapped.about["layer"]),
        tuple(_plan(one) for one in mapped.about["plans"]),
        np.asarray(arrays["plan_of"]),
        MappedTexts(arrays["code_ends"], arrays["codes"]),
        MappedTexts(arrays["name_ends"], arrays["names"]),
        MappedTextLists(arrays["parent_ends"], parents),
        CellIndex.from_arrays(own),
    )


def _texts(texts: Sequence[str]) -> MappedTexts:
    return texts if isinstance(texts, MappedTexts) else MappedTexts.of(texts)


def _told(plan: IndexedPlan) -> Json:
    until = None if plan.valid_to is None else plan.valid_to.isoformat()
    return {**asdict(plan), "valid_from": plan.valid_from.isoformat(), "valid_to": until}


def _plan(told: Json) -> IndexedPlan:
    until = None if told["valid_to"] is None else date.fromisoformat(told["valid_to"])
    return IndexedPlan(**{**told, "valid_from": date.fromisoformat(told["valid_from"]), "valid_to": until})
