"""Use case: load a set of layers, with their code schemes, from a profile."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import sqlalchemy as sa

from gisgov.errors import ConflictError
from gisgov.governance.codes import CodeScheme, format_scheme
from gisgov.governance.layers import Layer
from gisgov.governance.profiles import Profile, format_targets
from gisgov.services.access import require_everywhere
from gisgov.store import layers as store
from gisgov.store.database import Database

Change: TypeAlias = Literal["added", "changed", "unchanged"]

_FIXED = ("kind", "parent", "nesting")
"""What a layer cannot change any more once a plan of it was published: published areas rest on it."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading a profile did to one layer or code scheme; ``fields`` are those that changed.

    Attributes
    ----------
    name : str
        The layer or code scheme.
    change : Change
        What happened to it.
    fields : tuple of str
        What of it changed.
    """

    name: str
    change: Change
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LayersLoaded:
    """What loading a profile did.

    Attributes
    ----------
    profile : str
        Name of the profile.
    layers, code_schemes : tuple of Loaded
        One entry for each that the profile holds.
    others : tuple of str
        Layers that were there and that the profile does not name; they stay as they are.
    """

    profile: str
    layers: tuple[Loaded, ...]
    code_schemes: tuple[Loaded, ...]
    others: tuple[str, ...]


def load_profile(
    database: Database, profile: Profile, *, schemes: Iterable[CodeScheme] = (), dry_run: bool = False
) -> LayersLoaded:
    """Load the layers and code schemes of a profile; loading it again changes nothing.

    Parameters
    ----------
    database : Database
        Where to.
    profile : Profile
        Layers that are there already take over what it says of them.
    schemes : iterable of CodeScheme
        Further code schemes to load beside those of the profile.
    dry_run : bool
        Say what would be done, and change nothing.

    Returns
    -------
    LayersLoaded
        What was added and what changed.

    Raises
    ------
    ConflictError
        It would change the kind, the parent or the nesting of a layer that has published plans.
    """
    with database.begin() as connection:
        require_everywhere(connection, "layers.write")
        store.lock_layers(connection)
        codes = {scheme.name: scheme for scheme in (*schemes, *profile.code_schemes)}
        loaded_schemes = tuple(_put_scheme(connection, scheme) for scheme in codes.values())
        before = {layer.name: layer for layer in store.all_layers(connection)}
        ids = {name: layer.id for name, layer in before.items()}
        order = _merged_order([*before], [layer.name for layer in profile.layers])
        place = {name: i + 1 for i, name in enumerate(order)}
        loaded_layers = [
            _put_layer(connection, layer, before.get(layer.name), ids, place[layer.name])
            for layer in profile.layers
        ]
        for name, stored in before.items():
            if stored.position != place[name]:
                store.update_layer(connection, stored.id, {"position": place[name]})
        if dry_run:
            connection.rollback()
    named = {layer.name for layer in profile.layers}
    others = tuple(name for name in before if name not in named)
    return LayersLoaded(profile.name, tuple(loaded_layers), loaded_schemes, others)


def _put_layer(
    connection: sa.Connection,
    layer: Layer,
    stored: store.StoredLayer | None,
    ids: dict[str, int],
    position: int,
) -> Loaded:
    """Add or change one layer; ``ids`` knows those of its parents and learns its own."""
    wanted = _columns(layer)
    values = {field: value for field, value in wanted.items() if field != "parent"}
    values["parent_id"] = None if layer.parent is None else ids[layer.parent]
    if stored is None:
        ids[layer.name] = store.insert_layer(connection, {**values, "position": position})
        return Loaded(layer.name, "added")
    changed = tuple(field for field, value in wanted.items() if getattr(stored, field) != value)
    if not changed:
        return Loaded(layer.name, "unchanged")
    _refuse_change_of_published(connection, stored, changed)
    store.update_layer(connection, stored.id, values)
    return Loaded(layer.name, "changed", changed)


def _columns(layer: Layer) -> dict[str, Any]:
    return {
        "name": layer.name,
        "title_zh": layer.title_zh,
        "title_en": layer.title_en,
        "kind": layer.kind.value,
        "parent": layer.parent,
        "nesting": layer.nesting.value if layer.nesting else None,
        "code_scheme": layer.code_scheme,
        "targets": format_targets(layer.targets) if layer.targets else None,
        "staffing": str(layer.staffing) if layer.staffing else None,
    }


def _refuse_change_of_published(
    connection: sa.Connection, stored: store.StoredLayer, changed: Sequence[str]
) -> None:
    fixed = [field for field in changed if field in _FIXED]
    if fixed and store.has_published_plan(connection, stored.id):
        raise ConflictError(
            f"Layer {stored.name!r} has published plans, so its {' and '.join(fixed)} cannot change.",
            hint="Give the changed layer another name in the profile.",
        )


def _put_scheme(connection: sa.Connection, scheme: CodeScheme) -> Loaded:
    definition = format_scheme(scheme)
    stored = store.all_schemes(connection).get(scheme.name)
    if stored == definition:
        return Loaded(scheme.name, "unchanged")
    store.put_scheme(connection, scheme.name, definition)
    if stored is None:
        return Loaded(scheme.name, "added")
    return Loaded(
        scheme.name,
        "changed",
        tuple(field for field in definition if stored.get(field) != definition[field]),
    )


def _merged_order(before: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """Put layers in order: those of the profile as it has them, each new one after its predecessor in it.

    Layers of other profiles keep their places, so that loading several again and again settles.
    """
    known = iter([name for name in wanted if name in before])
    order = [next(known) if name in wanted else name for name in before]
    for i, name in enumerate(wanted):
        if name in order:
            continue
        if i:
            order.insert(order.index(wanted[i - 1]) + 1, name)
        else:
            follower = next((other for other in wanted if other in order), None)
            order.insert(len(order) if follower is None else order.index(follower), name)
    return order
